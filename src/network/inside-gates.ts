import { unknown } from '../model/index.js';
import { aclGate, answerGate, type ClientPorts } from './acl-gate.js';
import { applianceGates } from './appliances.js';
import { arrivalGate, type AskAcl, type Course, crossingGates, toward } from './crossings.js';
import { missingSubnet, refusal, silence } from './face-gates.js';
import { type FlowSet, flowSources, fromAnywhere, intersectFlows, subtractFlows } from './flow-set.js';
import { apartFrom, besides, type Gate } from './gate.js';
import { groupGate } from './group-gate.js';
import type { Interface } from './interfaces.js';
import { ALL_ADDRESSES, type IpSet, NO_ADDRESSES, uniteIps } from './ip-set.js';
import type { GroupSharing, Leg } from './leg.js';
import { lastAsset, lastFact, legGate, otherWayBack } from './leg-gate.js';
import { natHop, senderOf } from './nat-hop.js';
import type { Subnet } from './vpcs.js';
import { walk } from './walk.js';
import type { World } from './world.js';

/** The gates on the way between two interfaces, and whether inbound rules can name the groups of the asker, and outbound ones those of the target. */
export interface Way {
  readonly gates: readonly Gate[];
  readonly sharesGroups: GroupSharing;
  readonly sharesOutbound: GroupSharing;
  /** Flows of which the target sees another source address: nothing after the translation can be asked about them. */
  readonly hidden: FlowSet;
  /** Which address it may be. */
  readonly hiddenAs: IpSet;
  /** It leads through an appliance, so it hangs on the groups of that too. */
  readonly isGuarded: boolean;
}

/**
 * What becomes of packets that go by a NAT gateway into another VPC: they are followed on, where it is one of the asker's VPC and the address is known that
 * it sends as; or left to who follows them; or nothing is said of them.
 */
export type NatWays = 'followed' | 'left out' | 'doubted';

/**
 * The way between two interfaces for packets that keep their private (or IPv6) addresses: routes there, the answer's routes back
 * (they may differ), network ACLs of both subnets both ways. Within one subnet neither routes nor network ACLs are asked.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
 */
export function wayBetween(
  world: World,
  from: Interface,
  to: Interface,
  flows: FlowSet,
  clients: ClientPorts = 'host',
  natWays: NatWays = 'doubted',
): Way {
  const missing = [missingSubnet(world, from, flows), missingSubnet(world, to, flows)].filter((g) => g !== undefined);
  const plain = { sharesGroups: true, sharesOutbound: true, hidden: [], hiddenAs: NO_ADDRESSES, isGuarded: false };
  if (missing.length > 0) return { gates: missing, ...plain };
  const here = world.subnets.get(from.subnet) as Subnet;
  const there = world.subnets.get(to.subnet) as Subnet;
  if (here.id === there.id) return { gates: [], ...plain };
  const walked = walk(world, { subnet: here, ips: flows[0]?.dst ?? ALL_ADDRESSES, depth: 0 });
  const { legs, hops } =
    natWays === 'followed'
      ? throughNat(world, { from, to, flows, clients }, walked)
      : { legs: natWays === 'left out' ? walked.filter(({ nat, seenAs }) => !nat || !seenAs) : walked, hops: [] };
  const back = walk(world, { subnet: there, ips: flowSources(flows), depth: 0 });
  const course: Course = { legs, side: 'dst', end: there.id };
  const home: Course = { legs: back, side: 'src', end: here.id };
  const question: AskAcl = (subnet, direction, some) => aclGate(world, subnet, direction, some);
  const answer: AskAcl = (subnet, direction, some) => answerGate(world, subnet, direction, some, clients);
  const hiding = legs.filter((leg) => leg.seenAs !== undefined);
  const hidden = hiding.flatMap((leg) => intersectFlows(flows, toward(leg.ips, 'dst')));
  const hiddenAs = hiding.reduce<IpSet>((sum, { seenAs }) => (seenAs ? uniteIps(sum, seenAs) : sum), NO_ADDRESSES);
  const gates = [
    aclGate(world, here.id, 'egress', flows),
    legGate(legs, 'dst', flows, (leg) =>
      leg.end === 'vpc' && leg.vpc === to.vpc
        ? 'yes'
        : { asset: lastAsset(leg), fact: `${lastFact(leg)}, which does not lead to ${to.vpc}` },
    ),
    ...crossingGates(course, flows, question),
    ...applianceGates(world, legs, flows, from.groups ?? []),
    ...hops,
  ];
  const beyond = [
    arrivalGate(course, flows, question),
    answerGate(world, there.id, 'egress', flows, clients),
    legGate(
      back,
      'src',
      flows,
      (leg) =>
        leg.end === 'vpc' && leg.vpc === from.vpc
          ? 'yes'
          : leg.end === 'internet' && leg.ips.v4.length === 0
            ? otherWayBack(leg)
            : { asset: lastAsset(leg), fact: `${lastFact(leg)}, which does not lead back to ${from.vpc}` },
      'the way back: ',
    ),
    ...crossingGates(home, flows, answer),
    arrivalGate(home, flows, answer),
  ];
  return {
    gates: [...gates, ...beyond.map((gate) => besides(gate, hidden))],
    sharesGroups: sharesGroups(legs, to),
    sharesOutbound: sharesGroups(
      legs.map((leg) => (leg.isTransit ? { ...leg, sharesGroups: false } : leg)),
      to,
    ),
    hidden,
    hiddenAs,
    isGuarded: legs.some(({ appliance }) => appliance !== undefined),
  };
}

/** The NAT gateway of the asker's own VPC that a leg leads through into another one, as who connects on; `undefined` where it cannot be followed. */
const senderOn = ({ seenAs, nat, crossings, doubt }: Leg, from: Interface): Interface | undefined =>
  seenAs && !doubt && nat?.vpc === from.vpc && crossings.length === 0 ? senderOf(nat) : undefined;

/** Legs by NAT gateways into another VPC, followed to the target where the address is known that the gateway sends as. */
function throughNat(
  world: World,
  { from, to, flows, clients }: { from: Interface; to: Interface; flows: FlowSet; clients: ClientPorts },
  walked: readonly Leg[],
): { readonly legs: readonly Leg[]; readonly hops: readonly Gate[] } {
  const hops: Gate[] = [];
  const legs = walked.map((leg): Leg => {
    const sender = senderOn(leg, from);
    if (leg.nat === undefined || sender === undefined) return leg;
    const own = intersectFlows(flows, toward(leg.ips, 'dst'));
    const onward = (sent: FlowSet): readonly Gate[] => wayBetween(world, sender, to, sent, 'gateway').gates;
    const hop = natHop(world, from, leg.nat, { flows: own, clients }, onward);
    hops.push(besides(hop, subtractFlows(flows, own)));
    const { condition: _, ...rest } = leg;
    return { ...rest, end: 'vpc', vpc: to.vpc, sharesGroups: false };
  });
  return { legs, hops };
}

/**
 * Whether the groups of both ends can be named: by a way that arrives, or where none is known to by one that may.
 * @see https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html#vpc-attachment-security
 */
function sharesGroups(legs: readonly Leg[], to: Interface): GroupSharing {
  const arriving = legs.filter((leg) => leg.end === 'vpc' && leg.vpc === to.vpc);
  const ways = arriving.length > 0 ? arriving : legs.filter((leg) => leg.end === 'unknown' || leg.doubt);
  const sharings = ways.map((leg) => (leg.doubt && leg.end !== 'unknown' ? true : leg.sharesGroups));
  return sharings.includes(true) || (sharings.find((sharing) => sharing !== false) ?? false);
}

/**
 * The way of a load balancer's node to a target that sees its client's address: the answers go back through the balancer. Inside a VPC a
 * route that is more specific than the local one leads elsewhere; whether such packets follow it is not documented. Neither is what becomes of
 * targets outside the VPC and those peered with it in its Region, where AWS asks for one of these.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#client-ip-preservation
 */
export function routeGate(world: World, from: Interface, to: Interface, flows: FlowSet): Gate {
  const subnet = world.subnets.get(from.subnet);
  if (subnet === undefined) return missingSubnet(world, from, flows) as Gate;
  const legs = walk(world, { subnet, ips: flows[0]?.dst ?? ALL_ADDRESSES, depth: 0 });
  const leads = (leg: Leg): boolean => leg.end === 'vpc' && leg.vpc === to.vpc;
  const doubted = (leg: Leg): Leg =>
    from.vpc !== to.vpc || leads(leg)
      ? leg
      : {
          ...leg,
          end: 'unknown',
          condition: unknown(
            `the way from ${from.id}`,
            `${leg.blocker?.fact ?? lastFact(leg)}; whether packets of the load balancer's clients take that way is not documented`,
          ),
        };
  return legGate(legs.map(doubted), 'dst', flows, (leg) =>
    !leads(leg)
      ? { asset: lastAsset(leg), fact: `${lastFact(leg)}, which does not lead to ${to.vpc}` }
      : leg.isTransit || from.region !== to.region
        ? unknown(
            `the way from ${from.id}`,
            `${lastFact(leg)}; clients keep their addresses in the VPC and over peerings of its Region`,
          )
        : 'yes',
  );
}

/** The gates between two interfaces: their states, the groups of both, and the way, where it is known already. */
export function insideGates(
  world: World,
  from: Interface,
  to: Interface,
  flows: FlowSet,
  way: Way = wayBetween(world, from, to, flows, 'host', 'followed'),
): Gate[] {
  return [
    ...silence(from),
    ...refusal(to),
    groupGate(world, from, 'egress', flows, to.groups ?? [], way.sharesOutbound),
    ...way.gates,
    apartFrom(
      groupGate(world, to, 'ingress', flows, from.groups ?? [], way.sharesGroups),
      way.hidden,
      translated(way, (sent) => groupGate(world, to, 'ingress', sent, [], false)),
    ),
  ];
}

/** What a gate says of flows whose source the target sees as another address, which is in no group. */
function translated({ hidden, hiddenAs }: Way, ask: (sent: FlowSet) => Gate): Gate {
  const gate = ask(hidden.map((flow) => ({ ...flow, src: hiddenAs })));
  const passes = gate.passes.map((pass) => ({
    ...pass,
    flows: intersectFlows(hidden, fromAnywhere(pass.flows)),
  }));
  return { ...gate, passes };
}
