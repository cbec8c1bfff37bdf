import type { Balancer } from './balancers.js';
import type { Address, Interface } from './interfaces.js';
import { hasIps, parseIpSet, toCidrs } from './ip-set.js';
import type { World } from './world.js';

/** The interfaces of a balancer: those in the API; for zones without one, the place where it must be. */
export function balancerNodes(
  world: World,
  balancer: Balancer,
  byDescription: ReadonlyMap<string, readonly Interface[]>,
): Interface[] {
  const kind =
    balancer.kind === 'network'
      ? 'network_load_balancer'
      : balancer.kind === 'gateway'
        ? 'gateway_load_balancer'
        : 'balancer';
  const groups =
    balancer.groups.length > 0 || balancer.kind === 'network' || balancer.kind === 'gateway'
      ? balancer.groups
      : undefined;
  const shown = (byDescription.get(balancer.description) ?? []).filter(
    (face) => face.vpc === balancer.vpc || balancer.vpc === '',
  );
  const refuses =
    balancer.kind === 'gateway'
      ? { asset: balancer.arn, fact: 'a Gateway Load Balancer is reached by its endpoints only' }
      : undefined;
  const common = { asset: balancer.arn, kind, ...(refuses !== undefined && { refuses }) };
  const seen = new Set(shown.map((face) => face.subnet));
  const real = shown.map((face) => ({
    ...face,
    ...common,
    groups: groups ?? face.groups,
    addresses: face.addresses.map((a) => markFacing(a, balancer)),
  }));
  const placed = balancer.zones
    .filter((zone) => !seen.has(zone.subnet))
    .map(
      (zone): Interface => ({
        id: `${balancer.arn}@${zone.subnet}`,
        arn: balancer.arn,
        account: balancer.account,
        region: balancer.region,
        vpc: balancer.vpc,
        subnet: zone.subnet,
        groups,
        addresses: zoneAddresses(world, zone, balancer),
        deviceIndex: 0,
        description: balancer.description,
        isRequesterManaged: true,
        source: balancer.source,
        ...common,
      }),
    );
  return [...real, ...placed];
}

/** An internet-facing balancer has public addresses, an internal one never. */
function markFacing(address: Address, balancer: Balancer): Address {
  const { publicIp, isPublicUnknown: _, ...own } = address;
  if (!balancer.isInternetFacing) return own;
  return publicIp === undefined && address.family === 4 ? { ...own, isPublicUnknown: true } : address;
}

function zoneAddresses(world: World, zone: Balancer['zones'][number], balancer: Balancer): Address[] {
  const cidrs = world.subnets.get(zone.subnet)?.cidrs;
  const v4 = cidrs === undefined ? undefined : { v4: cidrs.v4, v6: [] };
  const [privateIp] = zone.privateIps;
  const [publicIp] = zone.publicIps;
  const exact = privateIp === undefined ? undefined : parseIpSet(privateIp);
  const ips = exact ?? v4;
  if (ips === undefined || !hasIps(ips)) return [];
  const facing = !balancer.isInternetFacing
    ? {}
    : publicIp === undefined
      ? { isPublicUnknown: true as const }
      : { publicIp };
  return [
    {
      ips,
      family: 4,
      text: exact === undefined ? toCidrs(ips).join(', ') : (privateIp as string),
      ...(exact === undefined && { isRange: true as const }),
      ...facing,
    },
  ];
}
