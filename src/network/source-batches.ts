import { type Condition, type Evidence, groupBy, onceFor, unknown } from '../model/index.js';
import { addressAtoms } from './address-atoms.js';
import type { FaceClass } from './face-classes.js';
import { type FlowSet, flowPorts, forEveryPair } from './flow-set.js';
import { combineGates, type Outcome } from './gate.js';
import { groupPorts } from './group-ports.js';
import { pairsOf } from './intervals.js';
import { containsIps, hasIps, intersectIps, type IpSet, toCidrs } from './ip-set.js';
import { type Way as WayBetween, wayBetween } from './inside-gates.js';
import { ALL_PORTS, formatPorts, intersectPorts, type PortSet, subtractPorts, unitePorts } from './port-set.js';
import type { Route } from './route-tables.js';
import type { World } from './world.js';

/** What a pair of classes can do. */
export interface Found {
  readonly sure: PortSet;
  readonly maybe: PortSet;
  readonly conditions: readonly Condition[];
  readonly evidence: readonly Evidence[];
}

/** Sources that all reach something in the same way. */
export interface SourceSet {
  readonly found: Found;
  readonly sources: readonly FaceClass[];
}

export type Way = Found & Pick<WayBetween, 'sharesGroups' | 'sharesOutbound' | 'isGuarded'>;

/** Whom inbound rules let in, and on which ports. */
export interface Peer {
  readonly key: string;
  readonly ips: IpSet | undefined;
  readonly group: string | undefined;
  readonly ports: PortSet;
  readonly conditions: readonly Condition[];
  readonly evidence: readonly Evidence[];
}

/** Sources that differ in nothing but their addresses and groups, as far as one peer and one VPC are concerned. */
export interface Batch {
  readonly sources: readonly FaceClass[];
  readonly isOpen: boolean;
  /** Where its one source lies somewhere in a range that the peer means a part of. */
  readonly unclear?: Condition;
}

const WITHOUT_GROUPS = ['network_load_balancer', 'gateway_load_balancer'];

/** The peers of a class's inbound rules, one each, with the ports of all rules that name it. */
export function peersOf(world: World, target: FaceClass): Peer[] {
  const { groups, kind, arn } = target.face;
  const anyone = (conditions: readonly Condition[], ports = ALL_PORTS): Peer => ({
    key: '*',
    ips: undefined,
    group: undefined,
    ports,
    conditions,
    evidence: [],
  });
  if (groups === undefined || groups.length === 0)
    return [
      anyone(
        WITHOUT_GROUPS.includes(kind)
          ? []
          : [unknown(`security groups of ${arn}`, 'no security group is stated for it')],
      ),
    ];
  const peers = new Map<string, Peer>();
  for (const id of groups) {
    const group = world.groups.get(id);
    if (group === undefined) peers.set(`? ${id}`, anyone([unknown(`security group ${id}`, `${id} was not collected`)]));
    for (const rule of group?.ingress ?? []) {
      const evidence = [
        {
          asset: group?.arn ?? id,
          fact: `${id} allows ${formatPorts(rule.ports).join(', ')} from ${rule.peer}`,
          source: group?.source ?? '',
        },
      ];
      if (rule.unclear !== undefined) {
        peers.set(`? ${id} ${rule.unclear}`, anyone([unknown(`security group ${id}`, rule.unclear)], rule.ports));
        continue;
      }
      const key = rule.group ?? toCidrs(rule.ips).join();
      const before = peers.get(key);
      peers.set(key, {
        key,
        ips: rule.group === undefined ? rule.ips : undefined,
        group: rule.group,
        ports: unitePorts(before?.ports ?? [], rule.ports),
        conditions: [],
        evidence: [...(before?.evidence ?? []), ...evidence],
      });
    }
  }
  return [...peers.values()];
}

/** Whether everything may leave a class. */
export function isEgressOpen(world: World, source: FaceClass): boolean {
  return (source.face.groups ?? []).some((id) =>
    world.groups.get(id)?.egress.some((rule) => {
      if (rule.unclear !== undefined || rule.ports[0] !== 0 || rule.ports[1] !== ALL_PORTS[1]) return false;
      return source.family === 4
        ? rule.ips.v4[0] === 0 && rule.ips.v4[1] === 2 ** 32
        : rule.ips.v6[0] === 0n && rule.ips.v6[1] === 1n << 128n;
    }),
  );
}

/** Sources of a peer in the VPCs that a target's VPC may be connected with, in batches by place; each (peer, VPC, family) once. */
export function sourceBatches(
  world: World,
  sources: readonly FaceClass[],
): (peer: Peer, target: FaceClass) => readonly Batch[] {
  const connectedWith = connections(world);
  const byVpc = new Map(
    [...groupBy(sources, ({ face, family }) => `${face.vpc} ${family}`)].map(([key, own]) => [
      key,
      indexSources(world, own),
    ]),
  );
  const known = new Map<string, readonly Batch[]>();
  return (peer, target) => {
    const key = `${target.face.vpc} ${target.family} ${peer.key}`;
    const before = known.get(key);
    if (before) return before;
    const batches = new Map<string, { sources: FaceClass[]; isOpen: boolean; unclear?: Condition }>();
    const meant = connectedWith(target.face.vpc).flatMap((vpc) => byVpc.get(`${vpc} ${target.family}`)?.(peer) ?? []);
    for (const source of meant) {
      const isOpen = isEgressOpen(world, source);
      const unclear = isCutBy(peer, source) ? addressUnclear(source) : undefined;
      const batchKey = isOpen && !unclear && !source.face.unclear ? source.place : `${source.place} ${source.index}`;
      const batch = batches.get(batchKey);
      if (batch) batch.sources.push(source);
      else batches.set(batchKey, { sources: [source], isOpen, ...(unclear && { unclear }) });
    }
    const made = [...batches.values()];
    known.set(key, made);
    return made;
  };
}

/** Whether a peer means a part only of the range in which a source's one address lies. */
const isCutBy = ({ group, ips }: Peer, { address }: FaceClass): boolean =>
  address.isRange === true && group === undefined && ips !== undefined && !containsIps(ips, address.ips);

const addressUnclear = ({ face, address }: FaceClass): Condition =>
  unknown(`the address of ${face.asset}`, `it is somewhere in ${address.text}`);

/**
 * Finds the sources that a peer means: by group, or by where their addresses lie. A class lies in a rule's range as a whole or not at all, but for those
 * whose one address is somewhere in a range that rules cut.
 */
function indexSources(world: World, sources: readonly FaceClass[]): (peer: Peer) => readonly FaceClass[] {
  const atomOf = addressAtoms(world);
  const cut = sources.filter(({ address }) => address.isRange === true && atomOf(address) === undefined);
  const memberships = sources.flatMap((source) => [...new Set(source.face.groups)].map((group) => ({ group, source })));
  const byGroup = groupBy(memberships, ({ group }) => group);
  const v4 = sortByStart(sources, ({ address }) => address.ips.v4[0]);
  const v6 = sortByStart(sources, ({ address }) => address.ips.v6[0]);
  return ({ group, ips }) => {
    if (group !== undefined) return byGroup.get(group)?.map(({ source }) => source) ?? [];
    if (ips === undefined) return sources;
    const found = new Set([
      ...within(v4, ips.v4),
      ...within(v6, ips.v6),
      ...cut.filter(({ address }) => hasIps(intersectIps(address.ips, ips))),
    ]);
    return [...found].sort((a, b) => a.index - b.index);
  };
}

interface Started<N> {
  readonly start: N;
  readonly source: FaceClass;
}

const sortByStart = <N extends number | bigint>(
  sources: readonly FaceClass[],
  startOf: (source: FaceClass) => N | undefined,
): readonly Started<N>[] =>
  sources
    .flatMap((source) => {
      const start = startOf(source);
      return start === undefined ? [] : [{ start, source }];
    })
    .sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));

function within<N extends number | bigint>(sorted: readonly Started<N>[], intervals: readonly N[]): FaceClass[] {
  return [...pairsOf(intervals)].flatMap(([lo, hi]) =>
    sorted.slice(firstAt(sorted, lo), firstAt(sorted, hi)).map(({ source }) => source),
  );
}

function firstAt<N extends number | bigint>(sorted: readonly Started<N>[], value: N): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as Started<N>).start < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The VPCs from which packets can come: the VPC itself, those that it has a peering with, those at transit gateways that are joined to its own, and
 * those whose routes lead to a peering or gateway that was not collected and to which its own lead too.
 */
export const connections = onceFor((world: World): ((vpc: string) => readonly string[]) => {
  const peered = new Map<string, Set<string>>();
  const link = (from: string, to: string): unknown => peered.set(from, (peered.get(from) ?? new Set()).add(to));
  for (const { sides } of world.gateways.peerings.values()) {
    link(sides[0].vpc, sides[1].vpc);
    link(sides[1].vpc, sides[0].vpc);
  }
  const clusterOf = joinedGateways(world);
  const attachments = [...world.transit.attachments.values()];
  const attached = groupBy(attachments, ({ gateway }) => clusterOf(gateway));
  const clusters = groupBy(attachments, ({ resource }) => resource);
  const unseen = unseenJoints(world);
  const known = new Map<string, readonly string[]>();
  return (vpc) => {
    const before = known.get(vpc);
    if (before) return before;
    const over = (clusters.get(vpc) ?? []).flatMap(({ gateway }) => attached.get(clusterOf(gateway)) ?? []);
    const all = [
      ...new Set([vpc, ...(peered.get(vpc) ?? []), ...over.map(({ resource }) => resource), ...unseen(vpc)]),
    ];
    known.set(vpc, all);
    return all;
  };
});

/** The VPCs that share a peering or transit gateway which their routes name, and of which nothing else was collected. */
function unseenJoints({ routeTables, gateways, transit }: World): (vpc: string) => readonly string[] {
  const seen = new Set([...transit.attachments.values()].map(({ gateway }) => gateway));
  const isUnseen = ({ target, targetId }: Route): boolean =>
    (target === 'peering' && !gateways.peerings.has(targetId)) || (target === 'transit-gateway' && !seen.has(targetId));
  const ends = [...new Set([...routeTables.bySubnet.values(), ...routeTables.mainByVpc.values()])].flatMap(
    ({ vpc, routes }) => routes.filter(isUnseen).map(({ targetId }) => ({ vpc, joint: targetId })),
  );
  const byJoint = groupBy(ends, ({ joint }) => joint);
  const byVpc = groupBy(ends, ({ vpc }) => vpc);
  return (vpc) => (byVpc.get(vpc) ?? []).flatMap(({ joint }) => (byJoint.get(joint) ?? []).map((end) => end.vpc));
}

/** Transit gateways that are peered, directly or through others, have one name. */
function joinedGateways(world: World): (gateway: string) => string {
  const parents = new Map<string, string>();
  const find = (id: string): string => {
    let root = id;
    for (let next = parents.get(root); next !== undefined; next = parents.get(root)) root = next;
    return root;
  };
  for (const { gateway, resource, kind } of world.transit.attachments.values()) {
    const [x, y] = [find(gateway), find(resource)];
    if (kind === 'peering' && x !== y) parents.set(x, y);
  }
  return find;
}

const NOTHING: Found = { sure: [], maybe: [], conditions: [], evidence: [] };

/** The ports on which one batch reaches a class by one peer's rules. */
export function batchPorts(world: World, batch: Batch, target: FaceClass, peer: Peer, ways: Map<string, Way>): Found {
  const [source] = batch.sources;
  if (source === undefined) return NOTHING;
  const key = `${source.place} > ${target.place}`;
  let way = ways.get(key);
  if (way === undefined) {
    way = findWay(world, source, target);
    ways.set(key, way);
  }
  const { sharesGroups, sharesOutbound } = way;
  if (peer.group !== undefined && sharesGroups === false) return NOTHING;
  const outbound: Found = batch.isOpen
    ? { ...NOTHING, sure: ALL_PORTS }
    : { ...NOTHING, ...groupPorts(world, source, 'egress', target, sharesOutbound) };
  const conditions = [
    ...peer.conditions,
    ...(peer.group !== undefined && typeof sharesGroups === 'object' ? [sharesGroups] : []),
    ...(batch.unclear ? [batch.unclear] : []),
    ...[source, target].flatMap(({ face }) => face.unclear ?? []),
  ];
  const inbound: Found =
    conditions.length > 0 ? { ...NOTHING, maybe: peer.ports, conditions } : { ...NOTHING, sure: peer.ports };
  const listening = target.ports ?? ALL_PORTS;
  const parts = [way, inbound, outbound];
  const sure = parts.map((v) => v.sure).reduce(intersectPorts, listening);
  const possible = parts.map((v) => unitePorts(v.sure, v.maybe)).reduce(intersectPorts, listening);
  if (possible.length === 0) return NOTHING;
  const maybe = subtractPorts(possible, sure);
  return {
    sure,
    maybe,
    conditions: maybe.length === 0 ? [] : parts.flatMap((v) => v.conditions),
    evidence: [...peer.evidence, ...way.evidence],
  };
}

/** The way between two places, for any port. */
function findWay(world: World, source: FaceClass, target: FaceClass): Way {
  const flows = [{ src: source.address.ips, dst: target.address.ips, ports: ALL_PORTS }];
  const { gates, sharesGroups, sharesOutbound, isGuarded } = wayBetween(
    world,
    source.face,
    target.face,
    flows,
    'host',
    'left out',
  );
  return {
    ...onAnyPort(combineGates(flows, gates), source, target, flows),
    sharesGroups,
    sharesOutbound,
    isGuarded,
  };
}

/** The ports on which something passes between two classes; of a range in which the one address lies, sure is what holds everywhere in it. */
export function onAnyPort(outcome: Outcome, source: FaceClass, target: FaceClass, flows: FlowSet): Found {
  const isRange = source.address.isRange === true || target.address.isRange === true;
  const sure = flowPorts(isRange ? forEveryPair(outcome.sure, flows) : outcome.sure);
  const possible = unitePorts(flowPorts(outcome.sure), flowPorts(outcome.maybe));
  const isLost = subtractPorts(flowPorts(outcome.sure), sure).length > 0;
  return {
    sure,
    maybe: subtractPorts(possible, sure),
    conditions: source.address.isRange && isLost ? [...outcome.conditions, addressUnclear(source)] : outcome.conditions,
    evidence: outcome.evidence,
  };
}
