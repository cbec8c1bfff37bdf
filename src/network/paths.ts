import { unknown } from '../model/index.js';
import { aclGate, answerGate, type ClientPorts } from './acl-gate.js';
import { type FlowSet, flowSources, intersectFlows } from './flow-set.js';
import { combineGates, doubtfulGate, type Gate, type Pass, shutGate } from './gate.js';
import { groupGate } from './group-gate.js';
import type { Interface } from './interfaces.js';
import { ALL_ADDRESSES, hasIps, type IpSet } from './ip-set.js';
import type { Leg } from './leg.js';
import type { Blocker } from './network.js';
import { ALL_PORTS } from './port-set.js';
import type { Subnet } from './vpcs.js';
import { walk } from './walk.js';
import type { World } from './world.js';

const toward = (ips: IpSet, side: 'src' | 'dst'): FlowSet => [
  { src: side === 'src' ? ips : ALL_ADDRESSES, dst: side === 'dst' ? ips : ALL_ADDRESSES, ports: ALL_PORTS },
];

export const missingSubnet = (world: World, face: Interface, flows: FlowSet): Gate | undefined =>
  world.subnets.has(face.subnet)
    ? undefined
    : doubtfulGate(
        flows,
        unknown(`subnet ${face.subnet || 'of ' + face.arn}`, `subnet ${face.subnet} was not collected`),
      );

/** Turns legs into a gate: those that `judge` accepts let their part of the flows through. */
export function legGate(
  legs: readonly Leg[],
  side: 'src' | 'dst',
  flows: FlowSet,
  judge: (leg: Leg) => 'yes' | Blocker,
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
      else blockers.push({ ...verdict, fact: prefix + verdict.fact });
    }
  }
  return { passes, blockers };
}

export const lastFact = (leg: Leg): string => leg.evidence[0]?.fact ?? 'the route leads elsewhere';
export const lastAsset = (leg: Leg): string => leg.evidence[0]?.asset ?? leg.via[0] ?? '';

/** NACLs of transit gateway subnets on the way; those of the packet's own end subnets are asked anyway. */
function crossingGates(
  world: World,
  legs: readonly Leg[],
  flows: FlowSet,
  answers: ClientPorts | undefined,
  ends: readonly string[],
): Gate[] {
  const gates: Gate[] = [];
  for (const leg of legs)
    for (const { subnets, direction } of leg.crossings) {
      if (subnets.some((s) => ends.includes(s))) continue;
      const asked = subnets.map((subnet) =>
        answers === undefined
          ? aclGate(world, subnet, direction, flows)
          : answerGate(world, subnet, direction === 'ingress' ? 'ingress' : 'egress', flows, answers),
      );
      gates.push(anyOf(asked, flows, subnets));
    }
  return gates;
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

export const silence = (face: Interface): Gate[] => (face.isSilent === undefined ? [] : [shutGate(face.isSilent)]);
const refusal = (face: Interface): Gate[] => (face.refuses === undefined ? [] : [shutGate(face.refuses)]);

/** The gates on the way between two interfaces, and whether their groups can name each other. */
export interface Way {
  readonly gates: readonly Gate[];
  readonly sharesGroups: boolean;
}

/**
 * The way between two interfaces for packets that keep their private (or IPv6) addresses: routes there, the answer's routes back
 * (they may differ), network ACLs of both subnets both ways. Within one subnet neither routes nor network ACLs are asked.
 */
export function wayBetween(
  world: World,
  from: Interface,
  to: Interface,
  flows: FlowSet,
  clients: ClientPorts = 'host',
): Way {
  const missing = [missingSubnet(world, from, flows), missingSubnet(world, to, flows)].filter((g) => g !== undefined);
  if (missing.length > 0) return { gates: missing, sharesGroups: true };
  const here = world.subnets.get(from.subnet) as Subnet;
  const there = world.subnets.get(to.subnet) as Subnet;
  if (here.id === there.id) return { gates: [], sharesGroups: true };
  const legs = walk(world, { subnet: here, ips: flows[0]?.dst ?? ALL_ADDRESSES, depth: 0 });
  const back = walk(world, { subnet: there, ips: flowSources(flows), depth: 0 });
  const gates = [
    aclGate(world, here.id, 'egress', flows),
    legGate(legs, 'dst', flows, (leg) =>
      leg.end === 'vpc' && leg.vpc === to.vpc
        ? 'yes'
        : { asset: lastAsset(leg), fact: `${lastFact(leg)}, which does not lead to ${to.vpc}` },
    ),
    ...crossingGates(world, legs, flows, undefined, [here.id, there.id]),
    aclGate(world, there.id, 'ingress', flows),
    answerGate(world, there.id, 'egress', flows, clients),
    legGate(
      back,
      'src',
      flows,
      (leg) =>
        leg.end === 'vpc' && leg.vpc === from.vpc
          ? 'yes'
          : { asset: lastAsset(leg), fact: `${lastFact(leg)}, which does not lead back to ${from.vpc}` },
      'the way back: ',
    ),
    ...crossingGates(world, back, flows, clients, [here.id, there.id]),
    answerGate(world, here.id, 'ingress', flows, clients),
  ];
  return { gates, sharesGroups: legs.some((l) => l.end === 'vpc' && l.vpc === to.vpc && l.sharesGroups) };
}

/** Only the routes there, for packets whose answers come back another way. */
export function routeGate(world: World, from: Interface, to: Interface, flows: FlowSet): Gate {
  const subnet = world.subnets.get(from.subnet);
  if (subnet === undefined) return missingSubnet(world, from, flows) as Gate;
  const legs = walk(world, { subnet, ips: flows[0]?.dst ?? ALL_ADDRESSES, depth: 0 });
  return legGate(legs, 'dst', flows, (leg) =>
    leg.end === 'vpc' && leg.vpc === to.vpc
      ? 'yes'
      : { asset: lastAsset(leg), fact: `${lastFact(leg)}, which does not lead to ${to.vpc}` },
  );
}

export interface InsideOptions {
  readonly clients?: ClientPorts;
  /** The target's groups are asked otherwise. */
  readonly skipTargetGroups?: boolean;
}

/** The gates between two interfaces: their states, the groups of both, and the way. */
export function insideGates(
  world: World,
  from: Interface,
  to: Interface,
  flows: FlowSet,
  options: InsideOptions = {},
): Gate[] {
  const way = wayBetween(world, from, to, flows, options.clients);
  return [
    ...silence(from),
    ...refusal(to),
    groupGate(world, from, 'egress', flows, way.sharesGroups ? (to.groups ?? []) : []),
    ...way.gates,
    ...(options.skipTargetGroups
      ? []
      : [groupGate(world, to, 'ingress', flows, way.sharesGroups ? (from.groups ?? []) : [])]),
  ];
}

/** The gates between the internet (any address outside) and an interface's public address; `flows` go to its own address. */
export function outsideGates(world: World, to: Interface, flows: FlowSet, family: 4 | 6): Gate[] {
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
