import { byCode, type Condition, type Evidence, sortedUnique, unknown } from '../model/index.js';
import type { Endpoint, Endpoints } from './endpoints.js';
import { flowPorts } from './flow-set.js';
import { combineGates } from './gate.js';
import type { Interface } from './interfaces.js';
import { classifyFaces, type FaceClass } from './face-classes.js';
import { batchPorts, type Found, isEgressOpen, peersOf, sourceBatches, type Way } from './source-batches.js';
import type { NetworkLink } from './network.js';
import { insideGates } from './paths.js';
import { ALL_PORTS, formatPorts, intersectPorts, type PortSet, subtractPorts, unitePorts } from './port-set.js';
import { NO_ADDRESSES } from './ip-set.js';
import { dedupe } from './reach.js';
import { balancedFor, mayServe } from './ways.js';
import type { World } from './world.js';

/**
 * Who can connect to whom inside, by classes of interfaces that nothing in the snapshot tells apart. The pairs to look at are found
 * from the target's inbound rules: for each peer that a rule names, the classes in it that the VPC is connected with. All targets
 * with the same groups in the same place share one look.
 */
export function findLinks(world: World, endpoints: Endpoints, targetTypes?: readonly string[]): NetworkLink[] {
  const isWanted = (asset: string): boolean =>
    targetTypes === undefined || targetTypes.includes(endpoints.byAsset.get(asset)?.type ?? '');
  const classes = classifyFaces(world, endpoints);
  const { sources } = classes;
  const targets = classes.targets.flatMap((target) => {
    const assets = target.assets.filter(isWanted);
    return assets.length === 0 ? [] : [{ ...target, assets }];
  });
  const exact = classes.exact.filter((endpoint) => isWanted(endpoint.asset));
  const drafts = new Map<string, Draft>();
  const ways = new Map<string, Way>();
  const batchesOf = sourceBatches(world, sources);
  const restricted = sources.some((s) => !isEgressOpen(world, s));
  const looks = new Map<string, FaceClass[]>();
  for (const target of targets) {
    const key = `${target.place}|${(target.face.groups ?? ['?']).join()}|${target.face.kind}|${target.ports?.join()}|${restricted ? target.index : ''}`;
    const same = looks.get(key);
    if (same) same.push(target);
    else looks.set(key, [target]);
  }
  for (const same of looks.values()) {
    const [target] = same;
    if (target === undefined) continue;
    const assets = same.flatMap((t) => t.assets);
    for (const peer of peersOf(world, target)) {
      const results: Results = new Map();
      for (const batch of batchesOf(peer, target)) {
        const found = batchPorts(world, batch, target, peer, ways);
        if (found.sure.length + found.maybe.length > 0) addResult(results, batch.sources, found);
      }
      flush(drafts, results, assets);
    }
  }
  for (const endpoint of exact) {
    const results: Results = new Map();
    for (const source of sources) {
      const found = exactPorts(world, source, endpoint);
      if (found.sure.length + found.maybe.length > 0) addResult(results, [source], found);
    }
    flush(drafts, results, [endpoint.asset]);
  }
  for (const [asset, results] of balancedResults(world, endpoints, sources, targetTypes && isWanted))
    flush(drafts, results, [asset]);
  return toLinks(drafts);
}

/** What sources reach through balancers, by the targets' assets. */
function balancedResults(
  world: World,
  endpoints: Endpoints,
  sources: readonly FaceClass[],
  isWanted: ((asset: string) => boolean) | undefined,
): Map<string, Results> {
  const byTarget = new Map<string, Results>();
  if (endpoints.balancers.balancers.length === 0) return byTarget;
  const { balancers } = endpoints.balancers;
  const isServed = (asset: string): boolean => balancers.some((balancer) => mayServe(endpoints, balancer, asset));
  if (isWanted !== undefined && ![...endpoints.byAsset.keys()].some((asset) => isWanted(asset) && isServed(asset)))
    return byTarget;
  for (const source of sources) {
    const asker = {
      outside: NO_ADDRESSES,
      faces: [{ face: source.face, addresses: [source.address] }],
      picksFace: false,
    };
    const found = new Map<string, Found>();
    for (const { attempt, target, targetPorts } of balancedFor(world, endpoints, asker, undefined, false)) {
      if (isWanted?.(target.asset) === false) continue;
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
      addResult(results, [source], item);
      byTarget.set(asset, results);
    }
  }
  return byTarget;
}

type Results = Map<string, { found: Found; sources: FaceClass[] }>;

const NOTHING: Found = { sure: [], maybe: [], conditions: [], evidence: [] };

interface Draft {
  readonly ports: PortSet;
  readonly verdict: NetworkLink['verdict'];
  readonly conditions: readonly Condition[];
  readonly evidence: readonly Evidence[];
  readonly sources: readonly FaceClass[];
  readonly targets: string[];
}

function addResult(results: Results, sources: readonly FaceClass[], found: Found): void {
  const key = `${found.sure.join()}|${found.maybe.join()}|${found.maybe.length > 0 ? JSON.stringify(found.conditions) : ''}`;
  const same = results.get(key);
  if (same) same.sources.push(...sources);
  else results.set(key, { found, sources: [...sources] });
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
