import { type Condition, type Evidence, unknown } from '../model/index.js';
import type { FaceClass } from './face-classes.js';
import { flowPorts } from './flow-set.js';
import { combineGates } from './gate.js';
import { groupPorts } from './group-ports.js';
import { intersectIps, type IpSet, hasIps, toCidrs } from './ip-set.js';
import { wayBetween } from './paths.js';
import { ALL_PORTS, formatPorts, intersectPorts, type PortSet, subtractPorts, unitePorts } from './port-set.js';
import type { World } from './world.js';

/** What a pair of classes can do. */
export interface Found {
  readonly sure: PortSet;
  readonly maybe: PortSet;
  readonly conditions: readonly Condition[];
  readonly evidence: readonly Evidence[];
}

export type Way = Found & { readonly sharesGroups: boolean };

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

/** Sources of a peer that a target's VPC is connected with, in batches by place; each (peer, network, family) once. */
export function sourceBatches(
  world: World,
  sources: readonly FaceClass[],
): (peer: Peer, target: FaceClass) => readonly Batch[] {
  const networkOf = connectedNetworks(world);
  const byNetwork = new Map<string, FaceClass[]>();
  for (const source of sources) {
    const key = `${networkOf(source.face.vpc)} ${source.family}`;
    const list = byNetwork.get(key);
    if (list) list.push(source);
    else byNetwork.set(key, [source]);
  }
  const known = new Map<string, readonly Batch[]>();
  return (peer, target) => {
    const network = `${networkOf(target.face.vpc)} ${target.family}`;
    const key = `${network} ${peer.key}`;
    const before = known.get(key);
    if (before) return before;
    const batches = new Map<string, { sources: FaceClass[]; isOpen: boolean }>();
    for (const source of byNetwork.get(network) ?? []) {
      if (peer.group !== undefined && source.face.groups?.includes(peer.group) !== true) continue;
      if (peer.ips !== undefined && !hasIps(intersectIps(peer.ips, source.address.ips))) continue;
      const isOpen = isEgressOpen(world, source);
      const batchKey = `${source.place} ${isOpen ? '' : source.index}`;
      const batch = batches.get(batchKey);
      if (batch) batch.sources.push(source);
      else batches.set(batchKey, { sources: [source], isOpen });
    }
    const made = [...batches.values()];
    known.set(key, made);
    return made;
  };
}

/** VPCs that peerings and transit gateways may join have one name. */
function connectedNetworks(world: World): (vpc: string) => string {
  const parents = new Map<string, string>();
  const find = (id: string): string => {
    let root = id;
    for (let next = parents.get(root); next !== undefined; next = parents.get(root)) root = next;
    return root;
  };
  const join = (a: string, b: string): void => {
    const [x, y] = [find(a), find(b)];
    if (x !== y) parents.set(x, y);
  };
  for (const { sides } of world.gateways.peerings.values()) join(sides[0].vpc, sides[1].vpc);
  for (const attachment of world.transit.attachments.values()) join(attachment.resource, attachment.gateway);
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
  if (peer.group !== undefined && !way.sharesGroups) return NOTHING;
  const outbound: Found = batch.isOpen
    ? { ...NOTHING, sure: ALL_PORTS }
    : { ...NOTHING, ...groupPorts(world, source, 'egress', target, way.sharesGroups) };
  const inbound: Found =
    peer.conditions.length > 0
      ? { ...NOTHING, maybe: peer.ports, conditions: peer.conditions }
      : { ...NOTHING, sure: peer.ports };
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
  const { gates, sharesGroups } = wayBetween(world, source.face, target.face, flows);
  const outcome = combineGates(flows, gates);
  return {
    sure: flowPorts(outcome.sure),
    maybe: flowPorts(outcome.maybe),
    conditions: outcome.conditions,
    evidence: outcome.evidence,
    sharesGroups,
  };
}
