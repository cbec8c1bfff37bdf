import { type Condition, type Evidence } from '../model/index.js';
import { type SecondHop, secondHop } from './balancer-hops.js';
import type { Balancer, BalancerTarget, Forward, Listener, TargetGroup } from './balancers.js';
import type { Endpoint, Endpoints } from './endpoints.js';
import { type FlowSet, flowPorts, intersectFlows, subtractFlows, uniteFlows } from './flow-set.js';
import { type Outcome, shutGate } from './gate.js';
import type { Interface } from './interfaces.js';
import { ALL_ADDRESSES, containsIps, hasIps, intersectIps, type IpSet, NO_ADDRESSES, toCidrs } from './ip-set.js';
import type { Blocker } from './network.js';
import { ALL_PORTS, portRanges, portRange, type PortSet } from './port-set.js';
import type { Attempt } from './attempts.js';
import type { World } from './world.js';

/** How a client comes to a balancer's node: the attempt on the node with the listener's ports. */
export interface Client {
  readonly node: Interface;
  readonly attempt: Attempt;
  /** It comes by an endpoint service, so the node speaks for itself. */
  readonly isPrivateLink?: true;
}

/** A connection through a balancer to one of its targets. */
export interface Balanced {
  /** With the listener's ports, from the client, to the node. */
  readonly attempt: Attempt;
  /** The target; an endpoint, or a function that is on no network. */
  readonly target: {
    readonly asset: string;
    readonly type: string;
    readonly endpoint: Endpoint | undefined;
    /** The ARN of the interface that is delivered to. */
    readonly face?: string;
  };
  readonly targetPorts: PortSet;
  readonly listener: Listener;
}

/**
 * What comes through a balancer to its targets, for one client at one node: listener, rule, target group, target; the target's groups
 * and network ACL are asked about what the target sees: the client's address where the balancer keeps it, else the node's.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#client-ip-preservation
 */
export function throughBalancer(
  world: World,
  endpoints: Endpoints,
  balancer: Balancer,
  client: Client,
  depth = 0,
): Balanced[] {
  return balancer.listeners.flatMap((listener) =>
    listener.forwards.flatMap((forward) => {
      const group = endpoints.balancers.groups.get(forward.group);
      if (group === undefined) return [];
      const { src, conditions } = clientsOf(client.attempt, forward);
      const allowed: FlowSet = [{ src, dst: ALL_ADDRESSES, ports: listener.ports }];
      const entered = narrow(client.attempt, allowed, conditions);
      const to = (own: TargetGroup, targets: readonly BalancerTarget[], attempt: Attempt): Balanced[] =>
        targets.flatMap((target) =>
          toTarget(world, endpoints, balancer, listener, own, target, { ...client, attempt }, depth),
        );
      if (group.targets) return to(group, group.targets, entered);
      return [
        ...toPossibleTargets(world, endpoints, balancer, listener, group, { ...client, attempt: entered }),
        ...to(
          { ...group, kind: 'alb' },
          possibleInner(endpoints, balancer, group),
          narrow(entered, allowed, [group.unclear]),
        ),
      ];
    }),
  );
}

/** Where it was not collected which application balancer is registered, or whether one is: it may be any of the VPC. */
const possibleInner = (
  { balancers: { balancers } }: Endpoints,
  { vpc, kind: outer }: Balancer,
  { kind, port }: TargetGroup,
): readonly BalancerTarget[] =>
  outer !== 'network' || (kind !== 'alb' && kind !== undefined)
    ? []
    : balancers
        .filter((inner) => inner.kind === 'application' && inner.vpc === vpc)
        .map(({ arn }) => ({ id: arn, port, health: 'unknown' }));

/** Whether something in a group is another balancer, or a node of one. */
export const leadsToBalancer = (endpoints: Endpoints, { kind, targets }: TargetGroup): boolean =>
  kind === 'alb' ||
  (kind === 'ip' &&
    (targets ?? []).some(({ id }) =>
      endpoints.atAddress(id).some((face) => endpoints.ofInterface(face.arn)?.balancer !== undefined),
    ));

/** The clients of an attempt that a rule is for, which sees the address that they come with. */
function clientsOf(
  { seenAs }: Attempt,
  { clients, conditions }: Forward,
): Pick<Forward, 'conditions'> & { src: IpSet } {
  if (seenAs === undefined || containsIps(clients, seenAs))
    return { src: seenAs === undefined ? clients : ALL_ADDRESSES, conditions };
  const which: Condition = { key: 'the address that the client is seen at', operator: 'In', values: toCidrs(clients) };
  return hasIps(intersectIps(clients, seenAs))
    ? { src: ALL_ADDRESSES, conditions: [...conditions, which] }
    : { src: NO_ADDRESSES, conditions };
}

/** The part of an attempt inside some flows, under more conditions. */
function narrow(attempt: Attempt, flows: FlowSet, conditions: readonly Condition[]): Attempt {
  const { outcome } = attempt;
  const sure = intersectFlows(outcome.sure, flows);
  const maybe = intersectFlows(outcome.maybe, flows);
  return {
    ...attempt,
    outcome:
      conditions.length === 0
        ? { ...outcome, sure, maybe }
        : { ...outcome, sure: [], maybe: uniteFlows(sure, maybe), conditions: [...outcome.conditions, ...conditions] },
  };
}

function toTarget(
  world: World,
  endpoints: Endpoints,
  balancer: Balancer,
  listener: Listener,
  group: TargetGroup,
  target: BalancerTarget,
  client: Client,
  depth: number,
): Balanced[] {
  const note: Evidence = {
    asset: balancer.arn,
    fact: `listener ${listener.label} forwards to ${target.id}${target.port === undefined ? '' : ` port ${target.port}`} (${target.health})`,
    source: group.source,
  };
  const closed =
    target.health === 'draining'
      ? shutGate({ asset: balancer.arn, fact: `${target.id} is draining: it gets no new connections` })
      : undefined;
  if (group.kind === 'lambda') {
    const outcome = then(client.attempt.outcome, undefined, balancer.arn, note);
    return [
      {
        attempt: { ...client.attempt, outcome },
        target: { asset: target.id, type: 'lambda:function', endpoint: undefined },
        targetPorts: listener.ports,
        listener,
      },
    ];
  }
  const ports = portsOn(listener.ports, target.port);
  const gates = closed === undefined ? [] : [closed];
  const secondTo = (face: Interface): SecondHop => secondHop(world, balancer, group, client, face, ports, gates);
  const through = (inner: Endpoint | undefined, nodes: readonly Interface[]): Balanced[] =>
    toBalancer(world, endpoints, balancer, listener, inner?.balancer, nodes, client, note, depth, secondTo);
  if (group.kind === 'alb') {
    const inner = endpoints.byAsset.get(target.id);
    return through(inner, inner?.interfaces ?? []);
  }
  return targetFaces(endpoints, balancer, group, target).flatMap(({ endpoint, face }): Balanced[] => {
    if (endpoint.balancer !== undefined) return through(endpoint, [face]);
    const outcome = then(client.attempt.outcome, secondTo(face).outcome, balancer.arn, note);
    return [
      {
        attempt: { ...client.attempt, outcome },
        target: { asset: endpoint.asset, type: endpoint.type, endpoint, face: face.arn },
        targetPorts: ports,
        listener,
      },
    ];
  });
}

/** Where it was not collected who is registered: every instance or task that the balancer's nodes come through to may be. */
function toPossibleTargets(
  world: World,
  endpoints: Endpoints,
  balancer: Balancer,
  listener: Listener,
  group: TargetGroup,
  client: Client,
): Balanced[] {
  if (group.kind === 'alb' || group.kind === 'lambda') return [];
  const ports = portsOn(listener.ports, group.port);
  return endpoints.possibleTargets(balancer.vpc).flatMap(({ face, isPrimary, members }) => {
    if (group.kind === 'instance' && (!isPrimary || members[0]?.endpoint.type !== 'ec2:instance')) return [];
    const { outcome: second } = secondHop(world, balancer, group, client, face, ports, []);
    const passed = uniteFlows(second.sure, second.maybe);
    if (passed.length === 0) return [];
    const note: Evidence = {
      asset: balancer.arn,
      fact: `listener ${listener.label} forwards to ${group.id}`,
      source: group.source,
    };
    const anyMember: Outcome = {
      ...second,
      sure: [],
      maybe: passed.map((flow) => ({ ...flow, dst: ALL_ADDRESSES })),
      conditions: [...second.conditions, group.unclear],
    };
    const attempt = { ...client.attempt, outcome: then(client.attempt.outcome, anyMember, balancer.arn, note) };
    return members.map(
      ({ endpoint, face: { arn } }): Balanced => ({
        attempt,
        target: { asset: endpoint.asset, type: endpoint.type, endpoint, face: arn },
        targetPorts: flowPorts(passed),
        listener,
      }),
    );
  });
}

/**
 * An instance is sent to at its primary interface, an address at the interface that holds it.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html#target-type
 */
function targetFaces(
  endpoints: Endpoints,
  balancer: Balancer,
  group: TargetGroup,
  target: BalancerTarget,
): { endpoint: Endpoint; face: Interface }[] {
  if (group.kind === 'instance') {
    const endpoint = endpoints.ofInstance(target.id);
    const face = endpoint?.interfaces[0];
    return endpoint === undefined || face === undefined ? [] : [{ endpoint, face }];
  }
  const holders = endpoints.atAddress(target.id);
  return holders
    .filter((face) => face.vpc === balancer.vpc || holders.length === 1)
    .flatMap((face) => {
      const endpoint = endpoints.ofInterface(face.arn);
      const address = face.addresses.find((a) => a.text === target.id);
      return endpoint === undefined || address === undefined
        ? []
        : [{ endpoint, face: { ...face, addresses: [address] } }];
    });
}

/**
 * A balancer in front of another one, that is named itself or by the addresses of its nodes; its rules see the address that its groups see.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/application-load-balancer-target.html
 */
function toBalancer(
  world: World,
  endpoints: Endpoints,
  balancer: Balancer,
  listener: Listener,
  inner: Balancer | undefined,
  nodes: readonly Interface[],
  client: Client,
  note: Evidence,
  depth: number,
  secondTo: (face: Interface) => SecondHop,
): Balanced[] {
  if (inner === undefined || depth > 2) return [];
  return nodes.flatMap((node) => {
    const { outcome: second, seenAs } = secondTo(node);
    const { seenAs: _, ...attempt } = client.attempt;
    const entered = {
      ...attempt,
      ...(seenAs && { seenAs }),
      outcome: { ...second, evidence: [...second.evidence, note] },
    };
    return throughBalancer(world, endpoints, inner, { node, attempt: entered }, depth + 1).map((found) => ({
      ...found,
      listener,
      attempt: { ...client.attempt, outcome: then(client.attempt.outcome, found.attempt.outcome, balancer.arn, note) },
    }));
  });
}

/** A port, or any, of the protocols of some ports. */
const portsOn = (ports: PortSet, port: number | undefined): PortSet =>
  [...new Set([...portRanges(ports)].map(([protocol]) => protocol))].flatMap((protocol) => [
    ...portRange(protocol, port ?? 0, port ?? 65_535),
  ]);

/** Both hops must pass; the flows keep the client's side of the first. */
function then(first: Outcome, second: Outcome | undefined, balancer: string, note: Evidence): Outcome {
  const via = sortedUniqueTail(first.via, balancer);
  if (second === undefined) return { ...first, via, evidence: [...first.evidence, note] };
  const sources = (flows: FlowSet): FlowSet => flows.map((f) => ({ src: f.src, dst: ALL_ADDRESSES, ports: ALL_PORTS }));
  const sure = intersectFlows(first.sure, sources(second.sure));
  const all = intersectFlows(uniteFlows(first.sure, first.maybe), sources(uniteFlows(second.sure, second.maybe)));
  const blockers: Blocker[] = all.length > 0 ? [] : [...first.blockers, ...second.blockers];
  return {
    sure,
    maybe: subtractFlows(all, sure),
    conditions: [...first.conditions, ...second.conditions],
    evidence: [...first.evidence, note, ...second.evidence],
    via: [...via, ...second.via.filter((v) => !via.includes(v))],
    blockers,
  };
}

const sortedUniqueTail = (via: readonly string[], last: string): string[] => [...via.filter((v) => v !== last), last];
