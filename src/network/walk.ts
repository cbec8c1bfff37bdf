import { type Condition, type Evidence, unknown } from '../model/index.js';
import { leadThrough } from './appliances.js';
import {
  ALL_ADDRESSES,
  describeIps,
  hasIps,
  intersectIps,
  type IpSet,
  NAT64,
  ofFamily,
  subtractIps,
} from './ip-set.js';
import { blockedLeg, doubtedLeg, type Leg, opaqueLeg, PLAIN, prefixLeg, type Step, unknownLeg } from './leg.js';
import { leadingInward } from './nat-routes.js';
import { BY_LIST, overruling, type Route, type RouteTable, routesFor, type UnclearRoute } from './route-tables.js';
import type { Subnet } from './vpcs.js';
import { walkTransit } from './walk-transit.js';
import { tableOf, type World } from './world.js';

/**
 * Follows packets for `ips` on from a subnet; neighbours in the subnet itself need no route.
 * @returns legs that partition `ips`
 */
export function walk(world: World, step: Step): Leg[] {
  const near = intersectIps(step.ips, step.subnet.cidrs);
  if (!hasIps(near)) return walkOut(world, step);
  const far = subtractIps(step.ips, near);
  return [
    { ...PLAIN, ips: near, end: 'vpc', vpc: step.subnet.vpc, sharesGroups: true },
    ...(hasIps(far) ? walkOut(world, { ...step, ips: far }) : []),
  ];
}

/**
 * Out of a subnet, by longest prefix match in each table on the way.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
 */
function walkOut(world: World, step: Step): Leg[] {
  const { subnet, ips } = step;
  const table = tableOf(world, subnet);
  if (table === undefined)
    return [unknownLeg(ips, `route table of ${subnet.id}`, `the route table of subnet ${subnet.id} was not collected`)];
  const name = world.routeTables.bySubnet.has(subnet.id) ? `route table ${table.id}` : `main route table ${table.id}`;
  const doubtOf = (routes: readonly UnclearRoute[]): Condition =>
    unknown(`route table ${table.id}`, `${routes.map(({ what }) => what).join('; ')} could not be read`);
  return routesFor(table, ips).flatMap(({ route, ips: taken }): readonly Leg[] => {
    if (route === undefined)
      return [
        table.unclear.length > 0
          ? doubtedLeg({ ...PLAIN, ips: taken, end: 'blocked' }, doubtOf(table.unclear))
          : blockedLeg(taken, table.arn, `the ${name} of subnet ${subnet.id} has no route there`),
      ];
    const legs = byRoute(world, step, table, route, taken, name);
    const overruled = overruling(table, route);
    return overruled.length === 0 ? legs : legs.map((leg) => doubtedLeg(leg, doubtOf(overruled)));
  });
}

function byRoute(world: World, step: Step, table: RouteTable, route: Route, ips: IpSet, name: string): readonly Leg[] {
  const words = `the ${name} of subnet ${step.subnet.id} sends ${route.destination} to ${targetWords(route)}`;
  if (route.isBlackhole) return [blockedLeg(ips, table.arn, `${words}, which is a blackhole`)];
  const evidence: Evidence = { asset: table.arn, fact: words, source: table.source };
  return followRoute(world, step, route, ips, words, table.arn).map((leg) =>
    leg.end === 'blocked' ? leg : prefixLeg(leg, [], [evidence]),
  );
}

const WORDS = new Map<string, string>([
  ['internet-gateway', 'internet gateway'],
  ['egress-only-gateway', 'egress-only internet gateway'],
  ['nat-gateway', 'NAT gateway'],
  ['peering', 'peering'],
  ['transit-gateway', 'transit gateway'],
  ['vpn-gateway', 'virtual private gateway'],
  ['endpoint', 'endpoint'],
  ['interface', 'interface'],
]);

export const targetWords = (route: Route): string =>
  route.target === 'local' ? 'the VPC itself' : `${WORDS.get(route.target) ?? 'target'} ${route.targetId}`;

/**
 * What a route's target does with packets: gateways serve the VPC that they are attached to, not what comes from elsewhere.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html
 */
function followRoute(world: World, step: Step, route: Route, ips: IpSet, words: string, tableArn: string): Leg[] {
  const { subnet } = step;
  const to = (end: Leg['end'], more: Partial<Leg> = {}): Leg[] => [{ ...PLAIN, ips, end, ...more }];
  const foreign = step.arrivedBy === 'transit';
  switch (route.target) {
    case 'local':
      return to('vpc', { vpc: subnet.vpc, sharesGroups: true });
    case 'internet-gateway': {
      const gateway = world.gateways.internet.get(route.targetId);
      // What came back into its own VPC has its public address there.
      if (foreign && step.origin !== subnet.vpc)
        return [blockedLeg(ips, tableArn, `${words}, which has no public address for a source in another VPC`)];
      if (gateway !== undefined && !gateway.vpcs.includes(subnet.vpc))
        return [blockedLeg(ips, gateway.arn, `${route.targetId} is not attached to ${subnet.vpc}`)];
      return to('internet', { via: [gateway?.arn ?? route.targetId] });
    }
    case 'egress-only-gateway':
      if (foreign) return [blockedLeg(ips, tableArn, `${words}, which serves its own VPC only`)];
      return to('outbound-only', { via: [route.targetId] });
    case 'nat-gateway': {
      const nat = world.gateways.nat.get(route.targetId);
      if (nat === undefined)
        return [
          {
            ...opaqueLeg(ips, `NAT gateway ${route.targetId}`, `${route.targetId} was not collected`),
            seenAs: ALL_ADDRESSES,
          },
        ];
      if (!nat.isUsable) return [blockedLeg(ips, nat.arn, `${words}, which is not available`)];
      const translated = ofFamily(ips, 6);
      if (hasIps(translated))
        return hasIps(subtractIps(translated, NAT64))
          ? [blockedLeg(ips, nat.arn, `${words}, which takes no IPv6 packets but those for ${describeIps(NAT64)}`)]
          : to('nat', { nat, via: [nat.arn] });
      const inward = leadingInward(world, nat, ips);
      const rest = subtractIps(ips, inward);
      return [
        ...(hasIps(inward)
          ? [
              {
                ...opaqueLeg(
                  inward,
                  `what ${nat.id} reaches`,
                  `${words}, whose own routes lead into other VPCs; connections on from a NAT gateway are not followed`,
                ),
                nat,
                seenAs: hasIps(nat.privateIps) ? nat.privateIps : ALL_ADDRESSES,
              },
            ]
          : []),
        ...(hasIps(rest) ? [{ ...PLAIN, ips: rest, end: 'nat' as const, nat, via: [nat.arn] }] : []),
      ];
    }
    case 'peering':
      if (foreign) return [blockedLeg(ips, tableArn, `${words}: a peering carries only what comes from its own VPC`)];
      return followPeering(world, subnet, route.targetId, ips);
    case 'transit-gateway':
      return walkTransit(world, step, route.targetId, ips, (next) => walk(world, next)).map((leg) => ({
        ...leg,
        isTransit: true,
      }));
    case 'vpn-gateway': {
      const gateway = world.gateways.vpn.get(route.targetId);
      if (foreign) return [blockedLeg(ips, tableArn, `${words}, which serves its own VPC only`)];
      return to('outside', {
        via: [gateway?.arn ?? route.targetId],
        condition: unknown(
          `the network behind ${route.targetId}`,
          `what it holds is not in the API: ${world.outside(route.targetId)}`,
        ),
      });
    }
    case 'endpoint': {
      const endpoint = world.gateways.endpoints.get(route.targetId);
      // Gateway endpoints stand in routes by the prefix list of their service alone, those of appliances by blocks.
      if (endpoint === undefined ? route.rank !== BY_LIST : endpoint.kind === 'GatewayLoadBalancer')
        return [
          opaqueLeg(
            ips,
            `the appliance behind ${route.targetId}`,
            `${words}; what the appliance does is not in the API`,
          ),
        ];
      if (foreign) return [blockedLeg(ips, tableArn, `${words}, which serves its own VPC only`)];
      return to('service', {
        via: [endpoint?.arn ?? route.targetId],
        ...(endpoint && {
          evidence: [
            {
              asset: endpoint.arn,
              fact: `${endpoint.id} leads to ${endpoint.service} alone, ${endpoint.policy}`,
              source: endpoint.source,
            },
          ],
        }),
      });
    }
    case 'interface':
      return leadThrough(world, route.targetId, ips, words);
    case 'other':
      return [
        opaqueLeg(ips, `what is behind ${route.targetId}`, `${words}; what lies behind it is not in the snapshot`),
      ];
  }
}

/**
 * A peering carries packets between the two VPCs alone.
 * @see https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
 */
function followPeering(world: World, subnet: Subnet, id: string, ips: IpSet): Leg[] {
  const peering = world.gateways.peerings.get(id);
  if (peering === undefined) return [unknownLeg(ips, `peering ${id}`, `${id} was not collected`)];
  if (peering.status !== 'active') return [blockedLeg(ips, peering.arn, `peering ${id} is ${peering.status}`)];
  const other = peering.sides.find((side) => side.vpc !== subnet.vpc);
  if (other === undefined || !peering.sides.some((side) => side.vpc === subnet.vpc))
    return [blockedLeg(ips, peering.arn, `peering ${id} does not end in ${subnet.vpc}`)];
  const vpc = world.vpcs.get(other.vpc);
  const cidrs = vpc?.cidrs ?? other.cidrs;
  if (!hasIps(cidrs)) return [unknownLeg(ips, other.vpc, `the addresses of ${other.vpc} were not collected`)];
  const theirs = intersectIps(ips, cidrs);
  const beyond = subtractIps(ips, theirs);
  const legs: Leg[] = [];
  const sameRegion = peering.sides[0].region === peering.sides[1].region;
  if (hasIps(theirs)) {
    legs.push(
      vpc === undefined && !world.peopled.has(other.vpc)
        ? {
            ...PLAIN,
            ips: theirs,
            end: 'outside',
            via: [peering.arn],
            condition: unknown(
              `${other.vpc} of account ${other.account}`,
              `the VPC at the other end of ${id} was not collected`,
            ),
          }
        : { ...PLAIN, ips: theirs, end: 'vpc', vpc: other.vpc, sharesGroups: sameRegion, via: [peering.arn] },
    );
  }
  if (hasIps(beyond))
    legs.push(
      blockedLeg(beyond, peering.arn, `peering ${id} leads to ${other.vpc} alone: peerings are not transitive`),
    );
  return legs;
}
