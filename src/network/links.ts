import { byCode, type Condition, type Evidence, sortedUnique, unknown } from '../model/index.js';
import type { Endpoint, Endpoints } from './endpoints.js';
import { flowPorts } from './flow-set.js';
import { combineGates } from './gate.js';
import type { Interface } from './interfaces.js';
import { classifyFaces, type FaceClass } from './face-classes.js';
import { groupPorts, type PortVerdict } from './group-ports.js';
import type { NetworkLink } from './network.js';
import { insideGates, wayBetween } from './paths.js';
import { ALL_PORTS, formatPorts, intersectPorts, type PortSet, subtractPorts, unitePorts } from './port-set.js';
import { NO_ADDRESSES } from './ip-set.js';
import { dedupe } from './reach.js';
import { balancedFor } from './ways.js';
import type { World } from './world.js';

/** What a pair of classes can do. */
interface Found extends PortVerdict {
  readonly evidence: readonly Evidence[];
}

/**
 * Who can connect to whom inside, by classes of interfaces that nothing in the snapshot tells apart. The pairs to look at are found
 * from the target's inbound rules: the classes that carry a named group, and those in a named CIDR.
 */
export function findLinks(world: World, endpoints: Endpoints): NetworkLink[] {
  const { sources, targets, exact } = classifyFaces(world, endpoints);
  const candidates = candidateIndex(world, sources);
  const ways = new Map<string, Found & { sharesGroups: boolean }>();
  const drafts = new Map<string, Draft>();
  for (const target of targets) {
    const results = new Map<string, { found: Found; sources: FaceClass[] }>();
    for (const source of candidates(target)) {
      if (source === target && source.members.length < 2) continue;
      const found = pairPorts(world, source, target, ways);
      if (found.sure.length + found.maybe.length > 0) addResult(results, source, found);
    }
    flush(drafts, results, target.assets);
  }
  for (const endpoint of exact) {
    const results = new Map<string, { found: Found; sources: FaceClass[] }>();
    for (const source of sources) {
      const found = exactPorts(world, source, endpoint);
      if (found.sure.length + found.maybe.length > 0) addResult(results, source, found);
    }
    flush(drafts, results, [endpoint.asset]);
  }
  for (const [endpoint, results] of balancedResults(world, endpoints, sources)) flush(drafts, results, [endpoint]);
  return toLinks(drafts);
}

/** What sources reach through balancers, by the targets' assets. */
function balancedResults(world: World, endpoints: Endpoints, sources: readonly FaceClass[]): Map<string, Results> {
  const byTarget = new Map<string, Results>();
  if (endpoints.balancers.balancers.length === 0) return byTarget;
  for (const source of sources) {
    const asker = {
      outside: NO_ADDRESSES,
      faces: [{ face: source.face, addresses: [source.address] }],
      picksFace: false,
    };
    const found = new Map<string, Found>();
    for (const { attempt, target, targetPorts } of balancedFor(world, endpoints, asker, undefined, false)) {
      const { outcome } = attempt;
      const before = found.get(target.asset) ?? NOTHING;
      const sure = outcome.sure.length > 0 ? unitePorts(before.sure, targetPorts) : before.sure;
      const maybe = outcome.maybe.length > 0 ? unitePorts(before.maybe, targetPorts) : before.maybe;
      if (sure.length + maybe.length > 0)
        found.set(target.asset, {
          sure,
          maybe: subtractPorts(maybe, sure),
          conditions: [...before.conditions, ...outcome.conditions],
          evidence: [...before.evidence, ...outcome.evidence],
        });
    }
    for (const [asset, item] of found) {
      const results: Results = byTarget.get(asset) ?? new Map();
      addResult(results, source, item);
      byTarget.set(asset, results);
    }
  }
  return byTarget;
}

type Results = Map<string, { found: Found; sources: FaceClass[] }>;

interface Draft {
  readonly ports: PortSet;
  readonly verdict: NetworkLink['verdict'];
  readonly conditions: readonly Condition[];
  readonly evidence: readonly Evidence[];
  readonly sources: readonly FaceClass[];
  readonly targets: string[];
}

function addResult(
  results: Map<string, { found: Found; sources: FaceClass[] }>,
  source: FaceClass,
  found: Found,
): void {
  const key = `${found.sure.join()}|${found.maybe.join()}|${found.maybe.length > 0 ? JSON.stringify(found.conditions) : ''}`;
  const same = results.get(key);
  if (same) same.sources.push(source);
  else results.set(key, { found, sources: [source] });
}

function flush(
  drafts: Map<string, Draft>,
  results: ReadonlyMap<string, { found: Found; sources: FaceClass[] }>,
  assets: readonly string[],
): void {
  for (const { found, sources } of results.values())
    for (const [ports, conditions] of [
      [found.sure, []],
      [found.maybe, found.conditions],
    ] as const) {
      if (ports.length === 0) continue;
      const isSure = ports === found.sure;
      const verdict = isSure ? 'yes' : conditions.some((c) => c.operator === 'Known') ? 'unknown' : 'depends';
      const key = `${verdict}|${ports.join()}|${sources.map((s) => s.index).join()}|${isSure ? '' : JSON.stringify(conditions)}`;
      const draft = drafts.get(key);
      if (draft) draft.targets.push(...assets);
      else drafts.set(key, { ports, verdict, conditions, evidence: found.evidence, sources, targets: [...assets] });
    }
}

function toLinks(drafts: ReadonlyMap<string, Draft>): NetworkLink[] {
  const memberLists = new Map<string, readonly string[]>();
  const named = new Map<string, number>();
  const links: NetworkLink[] = [];
  for (const key of [...drafts.keys()].sort(byCode)) {
    const draft = drafts.get(key) as Draft;
    const classes = draft.sources.map((s) => s.index).join();
    let sources = memberLists.get(classes);
    if (sources === undefined) {
      sources = sortedUnique(draft.sources.flatMap((s) => s.assets));
      memberLists.set(classes, sources);
    }
    const targets = sortedUnique(draft.targets);
    if (sources.length === 1 && targets.length === 1 && sources[0] === targets[0]) continue;
    const ports = formatPorts(draft.ports);
    const name = `${sources[0]} > ${targets[0]} ${ports.join(',')} ${draft.verdict}`;
    const count = named.get(name) ?? 0;
    named.set(name, count + 1);
    links.push({
      id: count === 0 ? name : `${name} #${count + 1}`,
      sources,
      targets,
      ports,
      verdict: draft.verdict,
      conditions: dedupe(draft.conditions),
      evidence: dedupe(draft.evidence),
    });
  }
  return links.sort((a, b) => byCode(a.id, b.id));
}

/** Classes that some inbound rule of a target's groups can let in. */
function candidateIndex(world: World, sources: readonly FaceClass[]): (target: FaceClass) => readonly FaceClass[] {
  const byGroup = new Map<string, FaceClass[]>();
  for (const source of sources)
    for (const group of source.face.groups ?? []) {
      const list = byGroup.get(group);
      if (list) list.push(source);
      else byGroup.set(group, [source]);
    }
  const byCidr = new Map<string, readonly FaceClass[]>();
  const inCidr = (peer: string, lo: number, hi: number): readonly FaceClass[] => {
    const known = byCidr.get(peer);
    if (known) return known;
    const list = sources.filter((s) => s.v4 !== undefined && lo <= s.v4 && s.v4 < hi);
    byCidr.set(peer, list);
    return list;
  };
  const byGroups = new Map<string, readonly FaceClass[]>();
  const v6 = sources.filter((s) => s.v4 === undefined);
  return (target) => {
    const groups = target.face.groups ?? [];
    const key = groups.join();
    const known = byGroups.get(key);
    if (known) return known;
    if (groups.length === 0 || groups.some((g) => !world.groups.has(g))) return sources;
    const found = new Set<FaceClass>();
    for (const rule of groups.flatMap((g) => world.groups.get(g)?.ingress ?? [])) {
      if (rule.unclear !== undefined) return sources;
      for (const s of rule.group === undefined ? [] : (byGroup.get(rule.group) ?? [])) found.add(s);
      for (let i = 0; i < rule.ips.v4.length; i += 2) {
        const lo = rule.ips.v4[i] as number;
        const hi = rule.ips.v4[i + 1] as number;
        for (const s of inCidr(`${lo}-${hi}`, lo, hi)) found.add(s);
      }
      if (rule.ips.v6.length > 0) for (const s of v6) found.add(s);
    }
    const list = [...found].sort((a, b) => a.index - b.index);
    byGroups.set(key, list);
    return list;
  };
}

const NOTHING: Found = { sure: [], maybe: [], conditions: [], evidence: [] };

function pairPorts(
  world: World,
  source: FaceClass,
  target: FaceClass,
  ways: Map<string, Found & { sharesGroups: boolean }>,
): Found {
  if (source.family !== target.family) return NOTHING;
  const key = `${source.place} > ${target.place}`;
  let way = ways.get(key);
  if (way === undefined) {
    way = findWay(world, source, target);
    ways.set(key, way);
  }
  if (way.sure.length + way.maybe.length === 0) return NOTHING;
  const inbound = groupPorts(world, target, 'ingress', source, way.sharesGroups);
  if (inbound.sure.length + inbound.maybe.length === 0) return NOTHING;
  const outbound = groupPorts(world, source, 'egress', target, way.sharesGroups);
  const listening = target.ports ?? ALL_PORTS;
  const sure = [way.sure, inbound.sure, outbound.sure].reduce(intersectPorts, listening);
  const possible = [way, inbound, outbound].map((v) => unitePorts(v.sure, v.maybe)).reduce(intersectPorts, listening);
  if (possible.length === 0) return NOTHING;
  const maybe = subtractPorts(possible, sure);
  return {
    sure,
    maybe,
    conditions: maybe.length === 0 ? [] : [...way.conditions, ...inbound.conditions, ...outbound.conditions],
    evidence: [...(inbound.evidence ?? []), ...way.evidence],
  };
}

/** The way between two places, for any port; in the same subnet where the two places are one. */
function findWay(world: World, source: FaceClass, target: FaceClass): Found & { sharesGroups: boolean } {
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

/** A target whose address is not known well enough for a class: sure is what holds at each of its places. */
function exactPorts(world: World, source: FaceClass, endpoint: Endpoint): Found {
  let sure: PortSet | undefined;
  let possible: PortSet = [];
  const conditions: Condition[] = [];
  const evidence: Evidence[] = [];
  const perPlace = endpoint.interfaces.flatMap((face: Interface) =>
    face.addresses.filter((a) => a.family === source.family).map((address) => ({ face, address })),
  );
  for (const { face, address } of perPlace) {
    const flows = [{ src: source.address.ips, dst: address.ips, ports: endpoint.ports ?? ALL_PORTS }];
    const outcome = combineGates(flows, insideGates(world, source.face, face, flows));
    const failing = flowPorts(flows.flatMap((f) => outsideOf(f.dst, f.ports, outcome.sure)));
    const here = subtractPorts(flowPorts(outcome.sure), failing);
    sure = sure === undefined ? here : endpoint.isOneOf ? intersectPorts(sure, here) : unitePorts(sure, here);
    possible = unitePorts(possible, unitePorts(flowPorts(outcome.sure), flowPorts(outcome.maybe)));
    conditions.push(...outcome.conditions);
    evidence.push(...outcome.evidence);
  }
  const maybe = subtractPorts(possible, sure ?? []);
  const where = unknown(
    `the address of ${endpoint.asset}`,
    'in which subnet and at which address it is, is not in the API',
  );
  return { sure: sure ?? [], maybe, conditions: maybe.length > 0 ? [...conditions, where] : [], evidence };
}

/** Ports on which some destination of the range is not reached. */
function outsideOf(
  dst: { readonly v4: readonly number[]; readonly v6: readonly bigint[] },
  ports: PortSet,
  sure: readonly { readonly dst: typeof dst; readonly ports: PortSet }[],
): { src: typeof dst; dst: typeof dst; ports: PortSet }[] {
  let rest = [{ src: dst, dst, ports }];
  for (const box of sure)
    rest = rest.flatMap((r) => {
      const whole = box.dst.v4.join() === r.dst.v4.join() && box.dst.v6.join() === r.dst.v6.join();
      return whole ? [{ ...r, ports: subtractPorts(r.ports, box.ports) }] : [r];
    });
  return rest.filter((r) => r.ports.length > 0);
}
