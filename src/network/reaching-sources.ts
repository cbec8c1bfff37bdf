import type { FaceClass } from './face-classes.js';
import { type PortSet, subtractPorts, unitePorts } from './port-set.js';
import { natSources } from './nat-sources.js';
import { nat64Sources } from './nat64.js';
import { batchPorts, type Found, peersOf, sourceBatches, type SourceSet, type Way } from './source-batches.js';
import type { World } from './world.js';

/** What decides whether two verdicts are told as one. */
const outline = ({ sure, maybe, conditions }: Found): string =>
  `${sure.join()}|${maybe.join()}|${maybe.length > 0 ? JSON.stringify(conditions) : ''}`;

/**
 * Finds who reaches a class: from its inbound rules, for each peer that a rule names, the classes that the peer means in the
 * VPCs connected with it. A source that several rules let in is in several sets.
 */
export function reachingSources(
  world: World,
  sources: readonly FaceClass[],
): (target: FaceClass) => readonly SourceSet[] {
  const ways = waysOf(world);
  const batchesOf = sourceBatches(world, sources);
  const setsByNat = natSources(world, sources);
  const setsByNat64 = nat64Sources(world, sources);
  return (target) => {
    const peers = peersOf(world, target);
    return [
      ...peers.flatMap((peer) =>
        gather(
          batchesOf(peer, target).map((batch) => ({
            found: batchPorts(world, batch, target, peer, ways),
            sources: batch.sources,
          })),
        ),
      ),
      ...gather(setsByNat(target, peers)),
      ...gather(setsByNat64(target)),
    ];
  };
}

const known = new WeakMap<World, Map<string, Way>>();

/** The ways between places, as far as they were found. */
function waysOf(world: World): Map<string, Way> {
  const ways = known.get(world) ?? new Map<string, Way>();
  known.set(world, ways);
  return ways;
}

/** Says that what was found between places of a world holds in another, with the same routes and network ACLs, but for what hangs on groups of appliances. */
export function inheritWays(from: World, to: World): void {
  known.set(to, new Map([...waysOf(from)].filter(([, { isGuarded }]) => !isGuarded)));
}

/**
 * Each source once, with what all its sets together say.
 * @param merge of the sets that a source is in, by their indexes
 */
export function mergeSets(
  sets: readonly SourceSet[],
  merge: (indexes: readonly number[]) => Found = (indexes) =>
    uniteFound(indexes.map((index) => (sets[index] as SourceSet).found)),
): readonly SourceSet[] {
  const setsOf = new Map<FaceClass, number[]>();
  for (const [index, { sources }] of sets.entries())
    for (const source of sources) {
      const list = setsOf.get(source);
      if (list === undefined) setsOf.set(source, [index]);
      else if (list.at(-1) !== index) list.push(index);
    }
  const alike = new Map<string, { readonly indexes: readonly number[]; readonly sources: FaceClass[] }>();
  for (const [source, indexes] of setsOf) {
    const key = indexes.join();
    const same = alike.get(key);
    if (same) same.sources.push(source);
    else alike.set(key, { indexes, sources: [source] });
  }
  return gather([...alike.values()].map(({ indexes, sources }) => ({ found: merge(indexes), sources })));
}

/** Sets with the same verdict as one. */
function gather(sets: readonly SourceSet[]): readonly SourceSet[] {
  const merged = new Map<string, { readonly found: Found; readonly sources: FaceClass[] }>();
  for (const { found, sources } of sets) {
    if (found.sure.length + found.maybe.length === 0) continue;
    const key = outline(found);
    const same = merged.get(key);
    if (same) same.sources.push(...sources);
    else merged.set(key, { found, sources: [...sources] });
  }
  for (const { sources } of merged.values()) sources.sort((a, b) => a.index - b.index);
  return [...merged.values()];
}

/** Either way is enough. */
export function uniteFound(all: readonly Found[]): Found {
  const [only, ...others] = all;
  if (only !== undefined && others.length === 0) return only;
  const sure = all.reduce<PortSet>((sum, f) => unitePorts(sum, f.sure), []);
  const possible = all.reduce<PortSet>((sum, f) => unitePorts(sum, f.maybe), sure);
  const maybe = subtractPorts(possible, sure);
  return {
    sure,
    maybe,
    conditions: maybe.length === 0 ? [] : all.flatMap((f) => f.conditions),
    evidence: all.flatMap((f) => f.evidence),
  };
}
