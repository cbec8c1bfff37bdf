import { type Condition, unknown } from '../model/index.js';
import { aclGate, answerGate } from './acl-gate.js';
import { addressAtoms, type AtomOf } from './address-atoms.js';
import type { Client } from './balanced.js';
import type { Balancer, TargetGroup } from './balancers.js';
import {
  type FlowSet,
  flowSources,
  forEveryDestination,
  forEveryPair,
  intersectFlows,
  subtractFlows,
  uniteFlows,
} from './flow-set.js';
import { refusal } from './face-gates.js';
import { combineGates, type Gate, type Outcome, shutGate } from './gate.js';
import { groupGate, isNameless } from './group-gate.js';
import type { Interface } from './interfaces.js';
import { ALL_ADDRESSES, countAddresses, type IpSet, toCidrs, uniteIps } from './ip-set.js';
import { insideGates, routeGate, type Way, wayBetween } from './inside-gates.js';
import { ALL_PORTS, type PortSet } from './port-set.js';
import type { World } from './world.js';

/** What comes on from a balancer's node to a target. */
export interface SecondHop {
  readonly outcome: Outcome;
  /** The address that the target sees; `undefined`: the client's own. */
  readonly seenAs: IpSet | undefined;
}

/**
 * From a balancer's node to an interface, which sees the client's address where the balancer keeps it, and the node's where it comes by an
 * endpoint service.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#client-ip-preservation
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/application-load-balancer-target.html
 */
export function secondHop(
  world: World,
  balancer: Balancer,
  group: TargetGroup,
  client: Client,
  face: Interface,
  ports: PortSet,
  more: readonly Gate[],
): SecondHop {
  const hop = (keepsClient: boolean): SecondHop =>
    hopSeenAs(world, balancer, { ...group, keepsClient }, client, face, ports, more);
  const keepsClient = client.isPrivateLink !== true && group.keepsClient;
  return typeof keepsClient === 'boolean' ? hop(keepsClient) : either(hop(true), hop(false), keepsClient);
}

/** One of two hops, and which one is not known: sure is what both let through. */
function either(kept: SecondHop, own: SecondHop, why: Condition): SecondHop {
  const both = [kept.outcome, own.outcome] as const;
  const sure = intersectFlows(kept.outcome.sure, own.outcome.sure);
  const all = both.map((one) => uniteFlows(one.sure, one.maybe)).reduce(uniteFlows);
  const maybe = subtractFlows(all, sure);
  const seenAs = kept.seenAs && own.seenAs && uniteIps(kept.seenAs, own.seenAs);
  return {
    outcome: {
      sure,
      maybe,
      conditions: maybe.length === 0 ? [] : [why, ...both.flatMap(({ conditions }) => conditions)],
      evidence: both.flatMap(({ evidence }) => evidence),
      via: [...new Set(both.flatMap(({ via }) => via))],
      blockers: all.length > 0 ? [] : both.flatMap(({ blockers }) => blockers),
    },
    seenAs: seenAs ?? ALL_ADDRESSES,
  };
}

function hopSeenAs(
  world: World,
  balancer: Balancer,
  group: TargetGroup,
  client: Client,
  face: Interface,
  ports: PortSet,
  more: readonly Gate[],
): SecondHop {
  const question: FlowSet = [
    {
      src: flowSources(uniteFlows(client.attempt.outcome.sure, client.attempt.outcome.maybe)),
      dst: face.addresses[0]?.ips ?? ALL_ADDRESSES,
      ports,
    },
  ];
  const gates: Gate[] = [...more, ...zoneGates(world, balancer, group, client.node, face)];
  const family = face.addresses[0]?.family ?? 4;
  const nodeIps = client.node.addresses.find((a) => a.family === family)?.ips;
  if (nodeIps === undefined) {
    const fact = `its node in ${client.node.subnet} has no address of the target's family`;
    return { outcome: combineGates(question, [shutGate({ asset: balancer.arn, fact })]), seenAs: undefined };
  }
  // To a target of the other family the node speaks for itself.
  const isSameFamily = question.some(({ src }) => (family === 4 ? src.v4 : src.v6).length > 0);
  const isKept = group.keepsClient === true && isSameFamily && !['application', 'classic'].includes(balancer.kind);
  const { seenAs } = client.attempt;
  const askKept = (asking: FlowSet): Outcome =>
    whereverItIs(combineGates(asking, [...gates, ...keptGates(world, client, face, asking)]), asking, face, {
      seenAs,
      subject: 'the address that the client is seen at',
    });
  if (isKept) return { outcome: seenAs === undefined ? askKept(question) : hop(question, seenAs, askKept), seenAs };
  const outcome = hop(question, nodeIps, (asking) => {
    const { node } = client;
    const ask = (atom: Atom | undefined): Outcome => {
      const { flows, way } = wayOnceAlike(world, node, face, ports, atom, asking);
      const found = combineGates(flows, [...gates, ...insideGates(world, node, face, flows, way)]);
      return whereverItIs(found, flows, face, { seenAs: nodeIps, subject: `the address of ${node.asset}` });
    };
    // Nodes of several balancers are alike where nothing that is said is about the balancer.
    const which =
      gates.length === 0 && isNameless(world, node) ? [node.vpc, node.subnet, node.kind, node.groups] : node.id;
    const asked = [which, addressesAlike(world, node), group.crossesZones, ports];
    return more.length > 0 ? ask(undefined) : onceAlike(world, asked, face, ask);
  });
  return { outcome, seenAs: nodeIps };
}

/** Where one of several addresses is the source's, or the target's, sure is what holds for all of them. */
function whereverItIs(
  outcome: Outcome,
  asked: FlowSet,
  face: Interface,
  source: { readonly seenAs: IpSet | undefined; readonly subject: string },
): Outcome {
  const isOneOfMany = source.seenAs !== undefined && countAddresses(source.seenAs) > 1;
  const [address] = face.addresses;
  if (outcome.sure.length === 0 || (!isOneOfMany && address?.isRange !== true)) return outcome;
  const sure = (isOneOfMany ? forEveryPair : forEveryDestination)(outcome.sure, asked);
  const lost = subtractFlows(outcome.sure, sure);
  if (lost.length === 0) return outcome;
  const doubts = [
    ...(isOneOfMany && source.seenAs
      ? [unknown(source.subject, `it is somewhere in ${toCidrs(source.seenAs).join(', ')}`)]
      : []),
    ...(address?.isRange ? [unknown(`the address of ${face.asset}`, `it is somewhere in ${address.text}`)] : []),
  ];
  return {
    ...outcome,
    sure,
    maybe: uniteFlows(outcome.maybe, lost),
    conditions: [...outcome.conditions, ...doubts],
  };
}

/** The second hop from one address: what passes there passes for every client. */
function hop(question: FlowSet, nodeIps: FlowSet[number]['src'], ask: (flows: FlowSet) => Outcome): Outcome {
  const outcome = ask(question.map((f) => ({ ...f, src: nodeIps })));
  const back = (some: FlowSet): FlowSet =>
    intersectFlows(
      question,
      some.map(({ ports }) => ({ src: ALL_ADDRESSES, dst: ALL_ADDRESSES, ports })),
    );
  return { ...outcome, sure: back(outcome.sure), maybe: back(outcome.maybe) };
}

const alike = new WeakMap<World, Map<string, Outcome>>();

/** Targets in one subnet with the same groups, whose addresses nothing tells apart, are asked about once. */
function onceAlike(
  world: World,
  asked: readonly unknown[],
  face: Interface,
  ask: (atom: Atom | undefined) => Outcome,
): Outcome {
  const [address] = face.addresses;
  const atom = address && addressAtoms(world)(address);
  if (atom === undefined || face.refuses !== undefined || face.unclear !== undefined) return ask(undefined);
  const outcomes = alike.get(world) ?? new Map<string, Outcome>();
  alike.set(world, outcomes);
  const key = JSON.stringify([asked, face.subnet, face.groups, face.kind, atom]);
  const outcome = outcomes.get(key) ?? ask(atom);
  outcomes.set(key, outcome);
  return outcome;
}

/** What tells a target's address from others of its subnet. */
type Atom = NonNullable<ReturnType<AtomOf>>;

const nodesAlike = new WeakMap<Interface, readonly unknown[]>();

/** What tells a node's addresses from others of its subnet. */
function addressesAlike(world: World, node: Interface): readonly unknown[] {
  const known = nodesAlike.get(node) ?? node.addresses.map((address) => addressAtoms(world)(address) ?? address.text);
  nodesAlike.set(node, known);
  return known;
}

/** A way, and the flows that it was asked for. */
interface AskedWay {
  readonly flows: FlowSet;
  readonly way: Way;
}

const waysAlike = new WeakMap<World, Map<string, AskedWay>>();

/** The way from a node to a target: the same, whatever groups the target has, for all targets whose addresses nothing tells apart. */
function wayOnceAlike(
  world: World,
  node: Interface,
  face: Interface,
  ports: PortSet,
  atom: Atom | undefined,
  flows: FlowSet,
): AskedWay {
  const ask = (): AskedWay => ({ flows, way: wayBetween(world, node, face, flows, 'gateway') });
  if (atom === undefined || !world.subnets.has(face.subnet) || !world.subnets.has(node.subnet)) return ask();
  const ways = waysAlike.get(world) ?? new Map<string, AskedWay>();
  waysAlike.set(world, ways);
  const own = addressesAlike(world, node);
  const key = JSON.stringify([node.vpc, node.subnet, node.groups, own, face.vpc, face.subnet, atom, ports]);
  const way = ways.get(key) ?? ask();
  ways.set(key, way);
  return way;
}

/**
 * The client's own packets go on to the target, whose answers go back through the balancer: the target's routes are not asked, but
 * its network ACL and groups see the client's address. They can name the balancer's groups, not the client's.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-register-targets.html#target-security-groups
 */
function keptGates(world: World, client: Client, face: Interface, flows: FlowSet): Gate[] {
  const { node } = client;
  const apart =
    node.subnet === face.subnet
      ? []
      : [
          routeGate(world, node, face, flows),
          aclGate(world, node.subnet, 'egress', flows),
          aclGate(world, face.subnet, 'ingress', flows),
          answerGate(world, face.subnet, 'egress', flows, 'host'),
          answerGate(world, node.subnet, 'ingress', flows, 'host'),
        ];
  return [
    ...refusal(face),
    ...((node.groups ?? []).length > 0 ? [groupGate(world, node, 'egress', flows, face.groups ?? [])] : []),
    ...apart,
    groupGate(world, face, 'ingress', flows, node.groups ?? []),
  ];
}

/**
 * Targets are served in the zones that the balancer is enabled in, by nodes of other zones too where cross-zone balancing is on.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html#availability-zones
 */
function zoneGates(world: World, balancer: Balancer, group: TargetGroup, node: Interface, face: Interface): Gate[] {
  const zoneOf = (subnet: string): string | undefined => world.subnets.get(subnet)?.zone;
  const here = zoneOf(node.subnet);
  const there = zoneOf(face.subnet);
  if (there === undefined || here === undefined || face.vpc !== node.vpc) return [];
  const enabled = balancer.zones.map((z) => zoneOf(z.subnet));
  if (!enabled.includes(there) && enabled.every((z) => z !== undefined) && enabled.length > 0)
    return [
      shutGate({
        asset: balancer.arn,
        fact: `subnet ${face.subnet} is in a zone that the load balancer is not enabled in`,
      }),
    ];
  if (here === there || group.crossesZones === true) return [];
  if (group.crossesZones === false)
    return [
      shutGate({
        asset: balancer.arn,
        fact: `the node in ${world.subnets.get(node.subnet)?.zoneName} has no target in its zone, and cross-zone balancing is off`,
      }),
    ];
  return [
    {
      passes: [
        {
          flows: [{ src: ALL_ADDRESSES, dst: ALL_ADDRESSES, ports: ALL_PORTS }],
          conditions: [unknown(`cross-zone balancing of ${balancer.arn}`, 'the setting was not collected')],
          evidence: [],
        },
      ],
      blockers: [],
    },
  ];
}
