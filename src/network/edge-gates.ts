import { applianceGates, leadThrough } from './appliances.js';
import type { FlowSet } from './flow-set.js';
import { doubtfulGate, type Gate, shutGate } from './gate.js';
import type { IpSet } from './ip-set.js';
import { blockedLeg, type Leg, opaqueLeg, PLAIN } from './leg.js';
import { legGate } from './leg-gate.js';
import { routesFor } from './route-tables.js';
import { targetWords } from './walk.js';
import type { World } from './world.js';

/** The internet gateway that a leg goes out by. */
const gatewayIn = ({ end, via }: Leg): string | undefined =>
  end === 'internet' ? via[0]?.split('/').at(-1) : undefined;

/** Where a gateway's own route table sends what comes in for some addresses of its VPC. */
function edgeLegs(world: World, gateway: string, ips: IpSet): readonly Leg[] {
  const table = world.routeTables.byGateway.get(gateway);
  if (table === undefined) return [];
  return routesFor(table, ips).flatMap(({ route, ips: taken }): readonly Leg[] => {
    if (route === undefined || route.target === 'local') return [{ ...PLAIN, ips: taken, end: 'vpc' }];
    const words = `route table ${table.id} of ${gateway} sends ${route.destination} to ${targetWords(route)}`;
    if (route.isBlackhole) return [blockedLeg(taken, table.arn, `${words}, which is a blackhole`)];
    return route.target === 'interface'
      ? leadThrough(world, route.targetId, taken, words)
      : [opaqueLeg(taken, `the appliance behind ${route.targetId}`, words)];
  });
}

/**
 * What comes in by the internet gateways of some legs takes the route that the gateway's own table has for it, which may lead through an appliance.
 * @param ips the addresses that it comes to, those of the `dst` side of a question, or of the `src` side where answers come in
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html
 */
export const edgeGates = (
  world: World,
  legs: readonly Leg[],
  side: 'src' | 'dst',
  ips: IpSet,
  flows: FlowSet,
): readonly Gate[] =>
  [...new Set(legs.flatMap((leg) => gatewayIn(leg) ?? []))].flatMap((gateway) => {
    const inward = edgeLegs(world, gateway, ips);
    if (inward.every(({ end }) => end === 'vpc')) return [];
    const through = side === 'dst' ? applianceGates(world, inward, flows, []) : [];
    return [legGate(inward, side, flows, () => 'yes'), ...through];
  });

/** The same for answers to a NAT gateway, whichever of its addresses they come to. */
export function edgeGatesOfNat(world: World, legs: readonly Leg[], ips: IpSet, flows: FlowSet): readonly Gate[] {
  const inward = legs.flatMap((leg) => edgeLegs(world, gatewayIn(leg) ?? '', ips));
  if (inward.every(({ end }) => end === 'vpc')) return [];
  const doubts = inward.flatMap(({ condition }) => condition ?? []);
  return doubts.length > 0
    ? [doubtfulGate(flows, ...doubts)]
    : [shutGate(...inward.flatMap(({ blocker }) => blocker ?? []))];
}
