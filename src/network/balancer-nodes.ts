import type { Balancer } from './balancers.js';
import { type Address, type Interface, somewhereIn } from './interfaces.js';
import { ALL_ADDRESSES, ofFamily, parseIpSet } from './ip-set.js';
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

/**
 * An internet-facing balancer has public addresses, an internal one never; one kind of it has public IPv6 addresses alone. What comes to IPv6
 * addresses by an internet gateway an attribute denies, which is on for internal ones where nobody has set it.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#ip-address-type
 */
function markFacing(address: Address, balancer: Balancer): Address {
  const { publicIp, isPublicUnknown: _, ...own } = address;
  const { keepsIpv6Private } = balancer;
  if (address.family === 6)
    return {
      ...own,
      ...(keepsIpv6Private === true && { isPrivate: true }),
      ...(typeof keepsIpv6Private === 'object' && { publicIf: keepsIpv6Private }),
    };
  if (!hasPublicIpv4(balancer)) return own;
  return publicIp === undefined && address.family === 4 ? { ...own, isPublicUnknown: true } : address;
}

const hasPublicIpv4 = ({ isInternetFacing, families }: Balancer): boolean =>
  isInternetFacing && families !== 'dualstack-without-public-ipv4';

/** Where the node of a zone must be: at the addresses that are stated, else somewhere in its subnet. */
function zoneAddresses(world: World, zone: Balancer['zones'][number], balancer: Balancer): Address[] {
  // A subnet that was not collected may be anywhere: whatever is asked about the node is unknown.
  const cidrs = world.subnets.get(zone.subnet)?.cidrs ?? ALL_ADDRESSES;
  const at = (own: string | undefined, family: 4 | 6): Address[] => {
    const ips = own === undefined ? undefined : parseIpSet(own);
    if (ips !== undefined) return [{ ips, family, text: own as string }];
    return somewhereIn(ofFamily(cidrs, family), family);
  };
  const [publicIp] = zone.publicIps;
  const facing: Partial<Address> = !hasPublicIpv4(balancer)
    ? {}
    : publicIp === undefined
      ? { isPublicUnknown: true }
      : { publicIp };
  return [
    ...at(zone.privateIps[0], 4).map((address) => ({ ...address, ...facing })),
    ...(balancer.families === 'ipv4' ? [] : at(zone.ipv6[0], 6).map((address) => markFacing(address, balancer))),
  ];
}
