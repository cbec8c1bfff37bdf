import { unknown } from '../model/index.js';
import { type FlowSet, intersectFlows, subtractFlows } from './flow-set.js';
import { besides, combineGates, type Gate, openGate } from './gate.js';
import { ALL_ADDRESSES, hasIps, type IpSet, NO_ADDRESSES, uniteIps } from './ip-set.js';
import type { Crossing, Leg } from './leg.js';
import { ALL_PORTS } from './port-set.js';

/** Asks a subnet's network ACL about packets that come into the subnet (`ingress`) or leave it. */
export type AskAcl = (subnet: string, direction: Crossing['direction'], flows: FlowSet) => Gate;

/** Legs in which packets lead to (`dst`) or answers lead back to (`src`) their addresses. */
export interface Course {
  readonly legs: readonly Leg[];
  readonly side: 'src' | 'dst';
  /** The subnet that they end in. */
  readonly end: string;
}

export const toward = (ips: IpSet, side: Course['side']): FlowSet => [
  { src: side === 'src' ? ips : ALL_ADDRESSES, dst: side === 'dst' ? ips : ALL_ADDRESSES, ports: ALL_PORTS },
];

/**
 * Network ACLs of the subnets of transit gateway attachments: inbound rules where packets go into the gateway, even from the
 * attachment's own subnet; outbound rules where they come out of it, but for those that stay in that subnet.
 * @see https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html
 */
export function crossingGates({ legs, side, end }: Course, flows: FlowSet, ask: AskAcl): Gate[] {
  return legs.flatMap((leg) =>
    leg.crossings.flatMap(({ subnets, direction }): Gate[] => {
      const here = intersectFlows(flows, toward(leg.ips, side));
      if (here.length === 0) return [];
      const asked = subnets.map((subnet) =>
        direction === 'egress' && subnet === end ? openGate(here) : ask(subnet, direction, here),
      );
      return [besides(anyOf(asked, here, subnets), subtractFlows(flows, here))];
    }),
  );
}

/**
 * The network ACL of the subnet that packets arrive in, which is not asked about those that come out of a transit gateway right there.
 * @see https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html
 */
export function arrivalGate({ legs, side, end }: Course, flows: FlowSet, ask: AskAcl): Gate {
  let inside = NO_ADDRESSES;
  let perhaps = NO_ADDRESSES;
  for (const leg of legs) {
    const exits = leg.crossings.findLast(({ direction }) => direction === 'egress')?.subnets;
    const isUnseen =
      (leg.end === 'unknown' || leg.doubt !== undefined) && leg.isTransit === true && exits === undefined;
    if (!isUnseen && !exits?.includes(end)) continue;
    if (exits?.length === 1) inside = uniteIps(inside, leg.ips);
    else perhaps = uniteIps(perhaps, leg.ips);
  }
  if (!hasIps(inside) && !hasIps(perhaps)) return ask(end, 'ingress', flows);
  const unasked = intersectFlows(flows, toward(inside, side));
  const doubted = intersectFlows(flows, toward(perhaps, side));
  const asked = subtractFlows(subtractFlows(flows, unasked), doubted);
  const gates = [
    ...(asked.length > 0 ? [ask(end, 'ingress', asked)] : []),
    ...(doubted.length > 0 ? [anyOf([openGate(doubted), ask(end, 'ingress', doubted)], doubted, [end])] : []),
  ];
  return besides({ passes: gates.flatMap((g) => g.passes), blockers: gates.flatMap((g) => g.blockers) }, unasked);
}

/** One of several gates is passed, and which one cannot be known: sure is what all let through. */
function anyOf(gates: readonly Gate[], flows: FlowSet, names: readonly string[]): Gate {
  const [only] = gates;
  if (gates.length === 1 && only !== undefined) return only;
  const outcome = combineGates(flows, gates);
  const sure = outcome.sure.length > 0 ? [{ flows: outcome.sure, conditions: [], evidence: outcome.evidence }] : [];
  const which = unknown(
    `the subnet passed of ${names.join(', ')}`,
    'which subnet of the attachment carries a packet is not in the API',
  );
  const maybe = gates.flatMap((g) =>
    g.passes.map((p) => ({ ...p, conditions: [...p.conditions, which], evidence: [] })),
  );
  return { passes: [...sure, ...maybe], blockers: gates.flatMap((g) => g.blockers) };
}
