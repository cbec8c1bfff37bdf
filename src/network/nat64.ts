import { groupBy, unknown } from '../model/index.js';
import { aclGate, answerGate } from './acl-gate.js';
import type { Attempt } from './attempts.js';
import { toward } from './crossings.js';
import type { FaceClass } from './face-classes.js';
import { refusal, silence } from './face-gates.js';
import { type FlowSet, flowPorts, intersectFlows, subtractFlows } from './flow-set.js';
import { besides, combineGates, doubtfulGate, type Gate } from './gate.js';
import type { NatGateway } from './gateways.js';
import { groupGate } from './group-gate.js';
import { wayBetween } from './inside-gates.js';
import type { Address, Interface } from './interfaces.js';
import {
  ALL_ADDRESSES,
  countAddresses,
  describeIps,
  hasIps,
  intersectIps,
  type IpSet,
  inNat64,
  NAT64,
} from './ip-set.js';
import { natHop, senderOf } from './nat-hop.js';
import { ALL_PORTS, intersectPorts, type PortSet } from './port-set.js';
import { isEgressOpen, type SourceSet } from './source-batches.js';
import { walk } from './walk.js';
import { tableOf, type World } from './world.js';

/**
 * The way of an IPv6 address to IPv4 addresses by a NAT gateway that translates, where routes lead there.
 * @param to who has these addresses; what is outside of the snapshot, which is not followed, where it is absent
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html
 */
export function byNat64(
  world: World,
  from: Interface,
  source: Pick<Address, 'ips' | 'family'>,
  ips: IpSet,
  ports: PortSet,
  to?: Interface,
): readonly Attempt[] {
  const subnet = world.subnets.get(from.subnet);
  const dst = inNat64(ips);
  if (subnet === undefined || source.family !== 6 || dst.v6.length === 0) return [];
  const legs = walk(world, { subnet, ips: dst, depth: 0 }).filter(({ end }) => end === 'nat');
  if (legs.length === 0) return [];
  const flows: FlowSet = [{ src: source.ips, dst, ports }];
  const outcome = combineGates(flows, [
    ...silence(from),
    groupGate(world, from, 'egress', flows, []),
    aclGate(world, subnet.id, 'egress', flows),
    ...legs.flatMap(({ nat, ips: taken, doubt }): readonly Gate[] => {
      if (nat === undefined) return [];
      if (doubt) return [doubtfulGate(flows, doubt)];
      const here = intersectFlows(flows, toward(taken, 'dst'));
      const hop = natHop(world, from, nat, { flows: here, clients: 'host' }, (sent) => [
        onward(world, nat, ips, ports, to) ?? doubtfulGate(sent, notFollowed(nat)),
      ]);
      return [besides(hop, subtractFlows(flows, here))];
    }),
    answerGate(world, subnet.id, 'ingress', flows, 'host'),
  ]);
  return [{ outcome, destination: describeIps(ips), face: from.id, evidence: [] }];
}

const notFollowed = ({ id }: NatGateway) =>
  unknown(`the way on from ${id}`, 'what it reaches where it translates IPv6 packets is not followed');

/** What comes on from the gateway to IPv4 addresses of an interface, by ports; `undefined` where that cannot be followed. */
function onward(
  world: World,
  nat: NatGateway,
  ips: IpSet,
  ports: PortSet,
  to: Interface | undefined,
): Gate | undefined {
  const sender = senderOf(nat);
  if (to === undefined || sender === undefined || countAddresses(ips) !== 1) return undefined;
  const sent: FlowSet = [{ src: nat.privateIps, dst: ips, ports }];
  const { sure, maybe, conditions, evidence, via, blockers } = combineGates(sent, [
    ...refusal(to),
    ...wayBetween(world, sender, to, sent, 'gateway').gates,
    groupGate(world, to, 'ingress', sent, [], false),
  ]);
  const onPorts = (flows: FlowSet): FlowSet =>
    flows.length === 0 ? [] : [{ src: ALL_ADDRESSES, dst: ALL_ADDRESSES, ports: flowPorts(flows) }];
  return {
    passes: [
      { flows: onPorts(sure), conditions: [], evidence, via: [nat.arn, ...via] },
      { flows: onPorts(maybe), conditions, evidence, via: [nat.arn, ...via] },
    ].filter((pass) => pass.flows.length > 0),
    blockers,
  };
}

/** Finds who reaches a class of IPv4 addresses by a NAT gateway that translates. */
export function nat64Sources(world: World, sources: readonly FaceClass[]): (target: FaceClass) => readonly SourceSet[] {
  const mayAsk = ({ family, face }: FaceClass): boolean => {
    const subnet = world.subnets.get(face.subnet);
    const routes = (subnet && tableOf(world, subnet)?.routes) ?? [];
    return (
      family === 6 && routes.some(({ target, ips }) => target === 'nat-gateway' && hasIps(intersectIps(ips, NAT64)))
    );
  };
  const batches = groupBy(sources.filter(mayAsk), (source) =>
    isEgressOpen(world, source) ? source.place : `${source.place} ${source.index}`,
  );
  return (target) =>
    target.family === 6
      ? []
      : [...batches.values()].flatMap((batch): readonly SourceSet[] =>
          batch.slice(0, 1).flatMap(({ face, address }) =>
            byNat64(world, face, address, target.address.ips, ALL_PORTS, target.face).map(({ outcome }) => {
              const on = (flows: FlowSet): PortSet => intersectPorts(flowPorts(flows), target.ports ?? ALL_PORTS);
              const { sure, maybe, conditions, evidence } = outcome;
              return { found: { sure: on(sure), maybe: on(maybe), conditions, evidence }, sources: batch };
            }),
          ),
        );
}
