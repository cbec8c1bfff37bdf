import { type Condition, unknown } from '../model/index.js';
import { aclGate, answerGate, type ClientPorts } from './acl-gate.js';
import { applianceGates } from './appliances.js';
import { arrivalGate, type AskAcl, type Course, crossingGates, toward } from './crossings.js';
import { type FlowSet, flowSources, intersectFlows } from './flow-set.js';
import { besides, doubtfulGate, type Gate, type Pass, shutGate } from './gate.js';
import { groupGate } from './group-gate.js';
import type { Interface } from './interfaces.js';
import { ALL_ADDRESSES, hasIps, type IpSet } from './ip-set.js';
import type { GroupSharing, Leg } from './leg.js';
import type { Blocker } from './network.js';
import { ALL_PORTS } from './port-set.js';
import type { Subnet } from './vpcs.js';
import { walk } from './walk.js';
import type { World } from './world.js';

export const missingSubnet = (world: World, face: Interface, flows: FlowSet): Gate | undefined =>
  world.subnets.has(face.subnet)
    ? undefined
    : doubtfulGate(
        flows,
        unknown(`subnet ${face.subnet || 'of ' + face.arn}`, `subnet ${face.subnet} was not collected`),
      );

/** IPv6 addresses are the same inside and on the internet, so an answer may take the other way; whether it arrives is not followed. */
const otherWayBack = (leg: Leg): Condition =>
  unknown('the way back', `${lastFact(leg)}: the answer takes another way than the question`);

/** Turns legs into a gate: those that `judge` accepts let their part of the flows through, on their own conditions and on its. */
export function legGate(
  legs: readonly Leg[],
  side: 'src' | 'dst',
  flows: FlowSet,
  judge: (leg: Leg) => 'yes' | Blocker | Condition,
  prefix = '',
): Gate {
  const passes: Pass[] = [];
  const blockers: Blocker[] = [];
  for (const leg of legs) {
    const here = intersectFlows(flows, toward(leg.ips, side));
    if (here.length === 0) continue;
    if (leg.end === 'unknown' && leg.condition !== undefined)
      passes.push({ flows: here, conditions: [leg.condition], evidence: [], via: leg.via });
    else if (leg.blocker !== undefined) blockers.push({ ...leg.blocker, fact: prefix + leg.blocker.fact });
    else {
      const verdict = judge(leg);
      if (verdict === 'yes')
        passes.push({
          flows: here,
          conditions: leg.condition === undefined ? [] : [leg.condition],
          evidence: leg.evidence,
          via: leg.via,
        });
      else if ('operator' in verdict)
        passes.push({
          flows: here,
          conditions: leg.condition === undefined ? [verdict] : [leg.condition, verdict],
          evidence: leg.evidence,
          via: leg.via,
        });
      else blockers.push({ ...verdict, fact: prefix + verdict.fact });
    }
  }
  return { passes, blockers };
}

export const lastFact = (leg: Leg): string => leg.evidence[0]?.fact ?? 'the route leads elsewhere';
export const lastAsset = (leg: Leg): string => leg.evidence[0]?.asset ?? leg.via[0] ?? '';

export const silence = (face: Interface): Gate[] => (face.isSilent === undefined ? [] : [shutGate(face.isSilent)]);
const refusal = (face: Interface): Gate[] => (face.refuses === undefined ? [] : [shutGate(face.refuses)]);

/** The gates on the way between two interfaces, and whether inbound rules can name the groups of the asker, and outbound ones those of the target. */
export interface Way {
  readonly gates: readonly Gate[];
  readonly sharesGroups: GroupSharing;
  readonly sharesOutbound: GroupSharing;
  /** Flows of which the target sees another source address: nothing after the translation can be asked about them. */
  readonly hidden: FlowSet;
  /** It leads through an appliance, so it hangs on the groups of that too. */
  readonly isGuarded: boolean;
}

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
): Way {
  const missing = [missingSubnet(world, from, flows), missingSubnet(world, to, flows)].filter((g) => g !== undefined);
  const plain = { sharesGroups: true, sharesOutbound: true, hidden: [], isGuarded: false };
  if (missing.length > 0) return { gates: missing, ...plain };
  const here = world.subnets.get(from.subnet) as Subnet;
  const there = world.subnets.get(to.subnet) as Subnet;
  if (here.id === there.id) return { gates: [], ...plain };
  const legs = walk(world, { subnet: here, ips: flows[0]?.dst ?? ALL_ADDRESSES, depth: 0 });
  const back = walk(world, { subnet: there, ips: flowSources(flows), depth: 0 });
  const course: Course = { legs, side: 'dst', end: there.id };
  const home: Course = { legs: back, side: 'src', end: here.id };
  const question: AskAcl = (subnet, direction, some) => aclGate(world, subnet, direction, some);
  const answer: AskAcl = (subnet, direction, some) => answerGate(world, subnet, direction, some, clients);
  const hidden = legs.filter((leg) => leg.hidesSource).flatMap((leg) => intersectFlows(flows, toward(leg.ips, 'dst')));
  const gates = [
    aclGate(world, here.id, 'egress', flows),
    legGate(legs, 'dst', flows, (leg) =>
      leg.end === 'vpc' && leg.vpc === to.vpc
        ? 'yes'
        : { asset: lastAsset(leg), fact: `${lastFact(leg)}, which does not lead to ${to.vpc}` },
    ),
    ...crossingGates(course, flows, question),
    ...applianceGates(world, legs, flows, from.groups ?? []),
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
    isGuarded: legs.some(({ appliance }) => appliance !== undefined),
  };
}

/**
 * Whether the groups of both ends can be named: by a way that arrives, or where none is known to by one that may.
 * @see https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html#vpc-attachment-security
 */
function sharesGroups(legs: readonly Leg[], to: Interface): GroupSharing {
  const arriving = legs.filter((leg) => leg.end === 'vpc' && leg.vpc === to.vpc);
  const ways = arriving.length > 0 ? arriving : legs.filter((leg) => leg.end === 'unknown');
  const sharings = ways.map((leg) => leg.sharesGroups);
  return sharings.includes(true) || (sharings.find((sharing) => sharing !== false) ?? false);
}

/**
 * The way of a load balancer's node to a target that sees its client's address: the answers go back through the balancer. Inside a VPC a
 * route that is more specific than the local one leads elsewhere; whether such packets follow it is not documented.
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
    leads(leg) ? 'yes' : { asset: lastAsset(leg), fact: `${lastFact(leg)}, which does not lead to ${to.vpc}` },
  );
}

/** The gates between two interfaces: their states, the groups of both, and the way, where it is known already. */
export function insideGates(
  world: World,
  from: Interface,
  to: Interface,
  flows: FlowSet,
  way: Way = wayBetween(world, from, to, flows),
): Gate[] {
  return [
    ...silence(from),
    ...refusal(to),
    groupGate(world, from, 'egress', flows, to.groups ?? [], way.sharesOutbound),
    ...way.gates,
    besides(
      groupGate(world, to, 'ingress', flows, from.groups ?? [], way.sharesGroups),
      intersectFlows(way.hidden, portsLetIn(world, to)),
    ),
  ];
}

/** The ports that an interface's groups let anyone in on. */
function portsLetIn(world: World, to: Interface): FlowSet {
  const anyone: FlowSet = [{ src: ALL_ADDRESSES, dst: ALL_ADDRESSES, ports: ALL_PORTS }];
  const groups = (to.groups ?? []).flatMap((id) => world.groups.get(id) ?? []);
  return groups.length === (to.groups ?? []).length && groups.length > 0
    ? groups.flatMap(({ ingress }) => ingress.map(({ ports }) => ({ src: ALL_ADDRESSES, dst: ALL_ADDRESSES, ports })))
    : anyone;
}

/**
 * The gates between the internet and an interface's public address; `flows` go to its own address. The answer leaves by the route table of
 * the interface's own subnet, so one that leads elsewhere than to the internet gateway answers nobody.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html
 * @param from whose packets they are, where they come from inside by way of the internet
 */
export function outsideGates(world: World, to: Interface, flows: FlowSet, family: 4 | 6, from?: Interface): Gate[] {
  const missing = missingSubnet(world, to, flows);
  if (missing !== undefined) return [...refusal(to), missing];
  const subnet = world.subnets.get(to.subnet) as Subnet;
  const sources = flowSources(flows);
  const back = walk(world, { subnet, ips: sources, depth: 0 });
  const entry = back.find((leg) => leg.end === 'internet');
  const gateway = entry?.via[0]?.split('/').at(-1);
  const edge = gateway === undefined ? undefined : world.routeTables.byGateway.get(gateway);
  const diverted = edge?.routes.find(
    (r) => r.target !== 'local' && to.addresses.some((a) => hasIps(a.ips) && overlaps(a.ips, r.ips)),
  );
  const block = world.publicAccessBlock(subnet);
  const optionsGap =
    world.snapshot.coverage(subnet.account, subnet.region, 'ec2', 'DescribeVpcBlockPublicAccessOptions') === 'gap';
  return [
    ...refusal(to),
    ...(block === undefined ? [] : [shutGate({ asset: subnet.arn, fact: block.fact })]),
    ...(optionsGap ? [doubtfulGate(flows, unknown('VPC Block Public Access', 'its settings could not be read'))] : []),
    legGate(
      back,
      'src',
      flows,
      (leg) => {
        if (leg.end === 'internet') return 'yes';
        if (family === 6 && leg.end === 'vpc' && leg.vpc === from?.vpc) return otherWayBack(leg);
        const tail = 'the answer cannot go back the way the packet came; opening a group would change nothing';
        if (leg.end === 'nat')
          return { asset: lastAsset(leg), fact: `${lastFact(leg)}: a NAT gateway carries no connection in: ${tail}` };
        if (leg.end === 'outbound-only')
          return { asset: lastAsset(leg), fact: `${lastFact(leg)}: it lets nothing in: ${tail}` };
        return { asset: lastAsset(leg), fact: `${lastFact(leg)}: ${tail}` };
      },
      family === 4 ? '' : 'IPv6: ',
    ),
    ...(diverted === undefined
      ? []
      : [
          doubtfulGate(
            flows,
            unknown(
              `the appliance at ${diverted.targetId}`,
              `route table ${edge?.id} of ${gateway} sends ${diverted.destination} to ${diverted.targetId}`,
            ),
          ),
        ]),
    aclGate(world, subnet.id, 'ingress', flows),
    groupGate(world, to, 'ingress', flows, []),
    answerGate(world, subnet.id, 'egress', flows, 'host'),
    // Answers may take a transit gateway and come back into the VPC before they leave it.
    ...crossingGates({ legs: back, side: 'src', end: subnet.id }, flows, (id, direction, some) =>
      answerGate(world, id, direction, some, 'host'),
    ),
  ];
}

const overlaps = (a: IpSet, b: IpSet): boolean => intersectFlows(toward(a, 'src'), toward(b, 'src')).length > 0;

/** The gates between a private address outside every collected network (behind a VPN, Direct Connect, an uncollected VPC) and an interface. */
export function privateOutsideGates(world: World, to: Interface, flows: FlowSet): Gate[] {
  const missing = missingSubnet(world, to, flows);
  if (missing !== undefined) return [...refusal(to), missing];
  const subnet = world.subnets.get(to.subnet) as Subnet;
  const back = walk(world, { subnet, ips: flowSources(flows), depth: 0 });
  return [
    ...refusal(to),
    legGate(back, 'src', flows, (leg) =>
      leg.end === 'outside'
        ? 'yes'
        : { asset: lastAsset(leg), fact: `${lastFact(leg)}: no network outside has these addresses` },
    ),
    aclGate(world, subnet.id, 'ingress', flows),
    groupGate(world, to, 'ingress', flows, []),
    answerGate(world, subnet.id, 'egress', flows, 'host'),
  ];
}
