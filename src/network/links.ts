import { byCode, type Condition, type Evidence, groupBy, sortedUnique, unknown } from '../model/index.js';
import { balancedSets, mergeByTarget } from './balanced-links.js';
import type { Endpoint, Endpoints } from './endpoints.js';
import { classifyFaces, type FaceClass, type FaceClasses } from './face-classes.js';
import type { Interface } from './interfaces.js';
import type { NetworkLink } from './network.js';
import { formatPorts, intersectPorts, type PortSet, subtractPorts, unitePorts } from './port-set.js';
import { dedupe } from './reach-answer.js';
import { mergeSets, reachingSources, uniteFound } from './reaching-sources.js';
import { type Found, isEgressOpen, type SourceSet } from './source-batches.js';
import type { World } from './world.js';

/**
 * Who can connect to whom inside, by classes of interfaces that nothing in the snapshot tells apart. The pairs to look at are found
 * from the target's inbound rules. All targets with the same groups in the same place share one look.
 * @param isWanted which assets are targets
 * @param only the classes to look at, and no balancers
 */
export function findLinks(
  world: World,
  endpoints: Endpoints,
  isWanted: (asset: string) => boolean,
  only?: FaceClasses,
): NetworkLink[] {
  const classes = only ?? classifyFaces(world, endpoints);
  const { sources } = classes;
  const reaching = reachingSources(world, sources);
  const drafts = makeDrafts();
  const restricted = sources.some((s) => !isEgressOpen(world, s));
  const looks = new Map<string, FaceClass[]>();
  for (const target of classes.targets) {
    const assets = target.assets.filter(isWanted);
    if (assets.length === 0) continue;
    const key = `${target.place}|${(target.face.groups ?? ['?']).join()}|${target.face.kind}|${target.ports?.join()}|${target.face.unclear?.key ?? ''}|${restricted ? target.index : ''}`;
    const same = looks.get(key);
    if (same) same.push({ ...target, assets });
    else looks.set(key, [{ ...target, assets }]);
  }
  for (const same of looks.values())
    for (const set of reaching(same[0] as FaceClass))
      drafts.add(
        set,
        same.flatMap((t) => t.assets),
      );
  const known = new Map<string, readonly SourceSet[]>();
  for (const endpoint of classes.exact.filter(({ asset }) => isWanted(asset))) {
    const key = JSON.stringify([
      endpoint.isOneOf,
      endpoint.ports,
      endpoint.interfaces.map(({ subnet, groups, kind, addresses }) => [
        subnet,
        groups,
        kind,
        addresses.map((a) => a.text),
      ]),
    ]);
    const sets = known.get(key) ?? exactSets(endpoint, classes, reaching);
    known.set(key, sets);
    for (const set of sets) drafts.add(withPlace(set, endpoint), [endpoint.asset]);
  }
  const balanced = only ? [] : mergeByTarget(balancedSets(world, endpoints, classes, reaching, isWanted));
  for (const { assets, sets } of balanced) for (const set of sets) drafts.add(set, assets);
  return toLinks(drafts.all());
}

/** Whether an asset is of some types. */
export const isOfType =
  (endpoints: Endpoints, types: readonly string[] | undefined) =>
  (asset: string): boolean =>
    types === undefined ||
    types.includes(endpoints.byAsset.get(asset)?.type ?? (asset.includes(':function:') ? 'lambda:function' : ''));

/** A target whose address is not known well enough for a class: sure is what holds at each of its places. */
function exactSets(
  endpoint: Endpoint,
  { single }: FaceClasses,
  reaching: (target: FaceClass) => readonly SourceSet[],
): readonly SourceSet[] {
  const placesOf = (faces: readonly Interface[]): SourceSet[][] =>
    faces.map((face) => [
      ...mergeSets(face.addresses.flatMap((address) => reaching(single(face, address, endpoint.ports)))),
    ]);
  if (!endpoint.isOneOf) return mergeSets(placesOf(endpoint.interfaces).flat());
  // At one of each set of interfaces: either set is enough.
  const sets = [...groupBy(endpoint.interfaces, ({ among }) => among).values()];
  return mergeSets(sets.flatMap((faces) => agreedSets(placesOf(faces))));
}

/** Of something at one of several places, with who reaches each: sure is what holds at all. */
function agreedSets(places: readonly (readonly SourceSet[])[]): readonly SourceSet[] {
  const sets = places.flat();
  return mergeSets(sets, (indexes) => {
    const found = uniteFound(indexes.map((index) => (sets[index] as SourceSet).found));
    // The sets of one place are disjoint, so a source that is in fewer sets than there are places fails at some.
    const sure =
      indexes.length < places.length
        ? []
        : indexes
            .map((index) => (sets[index] as SourceSet).found.sure)
            .reduce<PortSet>((sum, ports) => intersectPorts(sum, ports), found.sure);
    const maybe = subtractPorts(unitePorts(found.sure, found.maybe), sure);
    return { ...found, sure, maybe, conditions: indexes.flatMap((i) => (sets[i] as SourceSet).found.conditions) };
  });
}

/** What is not sure hangs on where the target is. */
function withPlace({ found, sources }: SourceSet, { asset }: Endpoint): SourceSet {
  if (found.maybe.length === 0) return { found, sources };
  const where = unknown(`the address of ${asset}`, 'in which subnet and at which address it is, is not in the API');
  return { found: { ...found, conditions: [...found.conditions, where] }, sources };
}

interface Draft {
  readonly ports: PortSet;
  readonly verdict: NetworkLink['verdict'];
  readonly conditions: readonly Condition[];
  readonly evidence: readonly Evidence[];
  readonly sources: readonly FaceClass[];
  readonly targets: string[];
}

interface Drafts {
  readonly add: (set: SourceSet, assets: readonly string[]) => void;
  readonly all: () => ReadonlyMap<string, Draft>;
}

function makeDrafts(): Drafts {
  const drafts = new Map<string, Draft>();
  const names = new WeakMap<readonly FaceClass[], string>();
  const nameOf = (sources: readonly FaceClass[]): string => {
    const name = names.get(sources) ?? sources.map((s) => s.index).join();
    names.set(sources, name);
    return name;
  };
  const addPart = (found: Found, isSure: boolean, sources: readonly FaceClass[], assets: readonly string[]): void => {
    const ports = isSure ? found.sure : found.maybe;
    if (ports.length === 0) return;
    const conditions = isSure ? [] : found.conditions;
    const verdict = isSure ? 'yes' : conditions.some((c) => c.operator === 'Known') ? 'unknown' : 'depends';
    const key = `${verdict}|${ports.join()}|${nameOf(sources)}|${isSure ? '' : JSON.stringify(conditions)}`;
    const draft = drafts.get(key);
    if (draft) draft.targets.push(...assets);
    else drafts.set(key, { ports, verdict, conditions, evidence: found.evidence, sources, targets: [...assets] });
  };
  return {
    add: ({ found, sources }, assets) => {
      addPart(found, true, sources, assets);
      addPart(found, false, sources, assets);
    },
    all: () => drafts,
  };
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
