import { type Condition, unknown } from '../model/index.js';
import { aclGate, answerGate } from './acl-gate.js';
import { applianceGates } from './appliances.js';
import { arrivalGate, type AskAcl, type Course, crossingGates, toward } from './crossings.js';
import { edgeGates, edgeGatesOfNat } from './edge-gates.js';
import { type FlowSet, flowSources, intersectFlows, subtractFlows } from './flow-set.js';
import { besides, combineGates, doubtfulGate, type Gate, type Outcome } from './gate.js';
import { groupGate } from './group-gate.js';
import type { Address, Interface } from './interfaces.js';
import { ALL_ADDRESSES, describeIps, hasIps, type IpSet, NO_ADDRESSES, uniteAllIps } from './ip-set.js';
import type { Leg } from './leg.js';
import { missingSubnet, silence } from './face-gates.js';
import { lastAsset, lastFact, legGate } from './leg-gate.js';
import type { Subnet } from './vpcs.js';
import { walk } from './walk.js';
import type { World } from './world.js';

/** Where connections to the internet come out, and as which address. */
export interface Exit {
  readonly outcome: Outcome;
  /** The addresses of which the far end sees one, over all ways out; none where they are not known. */
  readonly seenAs: IpSet;
}

/**
 * The gates from one address of an interface out to addresses outside every collected network; `toServices`: those that a gateway endpoint
 * serves too. An internet gateway passes on what has a public address alone; a NAT gateway lends its own.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
 */
export function outwardExit(
  world: World,
  from: Interface,
  address: Pick<Address, 'ips' | 'family'> & {
    publicIp?: string | undefined;
    isPublicUnknown?: boolean | undefined;
    publicIf?: Condition | undefined;
  },
  seenPublic: IpSet,
  flows: FlowSet,
  toServices = false,
): Exit {
  const missing = missingSubnet(world, from, flows);
  if (missing !== undefined)
    return { outcome: combineGates(flows, [...silence(from), missing]), seenAs: { v4: [], v6: [] } };
  const subnet = world.subnets.get(from.subnet) as Subnet;
  const legs = walk(world, { subnet, ips: flows[0]?.dst ?? ALL_ADDRESSES, depth: 0 });
  const block = world.publicAccessBlock(subnet);
  const seen: IpSet[] = [];
  const beyond: Gate[] = [];
  const further = (leg: Leg, ask: (here: FlowSet) => readonly Gate[]): void => {
    const here = intersectFlows(flows, toward(leg.ips, 'dst'));
    const elsewhere = subtractFlows(flows, here);
    beyond.push(...ask(here).map((one) => besides(one, elsewhere)));
  };
  const gate = legGate(legs, 'dst', flows, (leg) => {
    if (leg.end === 'internet') {
      // Answers come in by the internet gateway: only NAT and egress-only gateways pass while what comes in is blocked.
      if (block !== undefined && 'fact' in block.says) return block.says;
      if (address.family === 4 && address.publicIp === undefined && address.isPublicUnknown !== true)
        return { asset: from.arn, fact: `${lastFact(leg)}, but ${describeIps(address.ips)} has no public address` };
      seen.push(seenPublic);
      further(leg, (here) => edgeGates(world, [leg], 'src', address.ips, here));
      return block?.says ?? address.publicIf ?? 'yes';
    }
    if (leg.end === 'outbound-only') return block?.blocksOutbound ? block.says : 'yes';
    if (leg.end === 'service' && toServices) return 'yes';
    if (leg.end === 'nat' && leg.nat !== undefined) {
      if (leg.nat.isPrivate) return { asset: leg.nat.arn, fact: `${lastFact(leg)}, which is a private one` };
      seen.push(leg.nat.publicIps);
      if (leg.doubt) return 'yes';
      further(leg, (here) => natGates(world, leg, from, here, toServices));
      return 'yes';
    }
    return { asset: lastAsset(leg), fact: `${lastFact(leg)}, which does not lead to the internet` };
  });
  const outcome = combineGates(flows, [
    ...silence(from),
    groupGate(world, from, 'egress', flows, []),
    aclGate(world, subnet.id, 'egress', flows),
    gate,
    // A NAT gateway's own gates ask about the way to it.
    ...crossingGates(
      { legs: legs.filter(({ end }) => end !== 'nat'), side: 'dst', end: subnet.id },
      flows,
      (id, direction, some) => aclGate(world, id, direction, some),
    ),
    ...applianceGates(world, legs, flows, from.groups ?? []),
    ...beyond,
    answerGate(world, subnet.id, 'ingress', flows, 'host'),
  ]);
  return { outcome, seenAs: address.family === 6 ? address.ips : seenFrom(legs, seen, seenPublic) };
}

/** As which address the far end sees what goes out: an appliance, or a route that was not collected, may lend another one. */
function seenFrom(legs: readonly Leg[], seen: readonly IpSet[], seenPublic: IpSet): IpSet {
  if (legs.some(({ end, doubt }) => end === 'unknown' || doubt !== undefined)) return NO_ADDRESSES;
  if (seen.length === 0) return seenPublic;
  return seen.every(hasIps) ? uniteAllIps(seen) : NO_ADDRESSES;
}

/**
 * From a NAT gateway on: the way to it and back, which may lead through a transit gateway, its own subnet's route to the internet and its
 * network ACL, for question and answer.
 * @see https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-nat-igw.html
 */
function natGates(world: World, leg: Leg, from: Interface, flows: FlowSet, toServices: boolean): Gate[] {
  const nat = leg.nat;
  const subnet = nat === undefined ? undefined : world.subnets.get(nat.subnet);
  if (nat === undefined || subnet === undefined)
    return [doubtfulGate(flows, unknown(`subnet of ${nat?.id ?? 'the NAT gateway'}`, 'it was not collected'))];
  const onward = walk(world, { subnet, ips: flows[0]?.dst ?? ALL_ADDRESSES, depth: 1 });
  const block = world.publicAccessBlock(subnet);
  return [
    ...(subnet.id === from.subnet ? [] : gatesToNat(world, leg, subnet, from, flows)),
    legGate(onward, 'dst', flows, (next) => {
      if (next.end === 'service' && toServices)
        return unknown(
          `the way on from ${nat.id}`,
          `${lastFact(next)}; whether it serves a NAT gateway is not documented`,
        );
      if (next.end !== 'internet')
        return { asset: lastAsset(next), fact: `${lastFact(next)}, so ${nat.id} has no way to the internet` };
      return block?.blocksOutbound ? block.says : 'yes';
    }),
    ...edgeGatesOfNat(world, onward, nat.privateIps, flows),
    aclGate(world, subnet.id, 'egress', flows),
    answerGate(world, subnet.id, 'ingress', flows, 'gateway'),
  ];
}

/** From a host to a NAT gateway of another subnet, and the answers back from there. */
function gatesToNat(world: World, leg: Leg, there: Subnet, from: Interface, flows: FlowSet): Gate[] {
  const back = walk(world, { subnet: there, ips: flowSources(flows), depth: 0 });
  const course: Course = { legs: [leg], side: 'dst', end: there.id };
  const home: Course = { legs: back, side: 'src', end: from.subnet };
  const question: AskAcl = (subnet, direction, some) => aclGate(world, subnet, direction, some);
  const answer: AskAcl = (subnet, direction, some) => answerGate(world, subnet, direction, some, 'host');
  return [
    ...crossingGates(course, flows, question),
    arrivalGate(course, flows, question),
    answerGate(world, there.id, 'egress', flows, 'host'),
    legGate(
      back,
      'src',
      flows,
      (way) =>
        way.end === 'vpc' && way.vpc === from.vpc
          ? 'yes'
          : { asset: lastAsset(way), fact: `${lastFact(way)}, which does not lead back to ${from.vpc}` },
      'the way back: ',
    ),
    ...crossingGates(home, flows, answer),
    arrivalGate(home, flows, answer),
  ];
}

/** The way from an interface to private addresses that no interface of the snapshot holds. */
export function legsOut(world: World, from: Interface, flows: FlowSet, doubt: Condition | undefined): Gate {
  const subnet = world.subnets.get(from.subnet);
  if (subnet === undefined) return missingSubnet(world, from, flows) as Gate;
  const legs = walk(world, { subnet, ips: flows[0]?.dst ?? ALL_ADDRESSES, depth: 0 });
  return legGate(
    legs.map((leg) => (leg.end === 'vpc' && doubt !== undefined ? { ...leg, condition: doubt } : leg)),
    'dst',
    flows,
    (leg) => {
      if (leg.end === 'outside' || (leg.end === 'vpc' && leg.condition !== undefined)) return 'yes';
      if (leg.end === 'vpc')
        return { asset: leg.vpc ?? from.arn, fact: `no interface in the snapshot holds the address` };
      return { asset: lastAsset(leg), fact: `${lastFact(leg)}, where private addresses lead nowhere` };
    },
  );
}
