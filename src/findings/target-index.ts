import type { AssetGraph } from '../graph/index.js';
import type { Asset } from '../model/index.js';
import type { Entry } from './entries.js';
import type { Target } from './targets.js';

/** Finds targets by what is reached, without looking at all of them. */
export interface TargetIndex {
  /** The targets that some of the facts mean, in order. */
  amongFacts(facts: Uint32Array): readonly Target[];
  /** The target that an entry's asset is a member of. */
  ofMember(asset: string): Target | undefined;
  /** The members of some targets, sorted; one array for the same targets. */
  membersOf(targets: readonly Target[]): readonly string[];
}

/** @param targets sorted by id @param factCount of all facts that there are */
export function indexTargets(
  graph: Pick<AssetGraph, 'assets' | 'size'>,
  targets: readonly Target[],
  entries: readonly Entry[],
  factCount: number,
): TargetIndex {
  /** By fact, the number of the target that it means plus one. */
  const byFact = new Uint32Array(factCount);
  const entered = new Set(entries.map(({ asset }) => asset));
  const byMember = new Map<string, Target>();
  const numbers = new Map<Target, number>();
  targets.forEach((target, at) => {
    numbers.set(target, at);
    for (const { id } of target.facts) byFact[id] = at + 1;
    for (const member of target.members) if (entered.has(member)) byMember.set(member, target);
  });
  /** By the same number, the call that found the target last. */
  const lastFound = new Uint32Array(targets.length + 1);
  let calls = 0;
  const lists = new Map<string, readonly string[]>();
  return {
    amongFacts: (facts) => {
      const found: number[] = [];
      calls++;
      for (const fact of facts) {
        const number = byFact[fact] as number;
        if (number === 0 || lastFound[number] === calls) continue;
        lastFound[number] = calls;
        found.push(number);
      }
      return Array.from(Uint32Array.from(found).sort(), (number) => targets[number - 1] as Target);
    },
    ofMember: (asset) => byMember.get(asset),
    membersOf: (some) => {
      const distinct = [...new Set(some)];
      const key = distinct.map((target) => numbers.get(target)).join();
      const known = lists.get(key) ?? sortedMembers(graph, distinct);
      lists.set(key, known);
      return known;
    },
  };
}

/** Assets are sorted, so their places are put in order in place of their ids. */
function sortedMembers({ assets, size }: Pick<AssetGraph, 'assets' | 'size'>, targets: readonly Target[]): string[] {
  const isMember = new Uint8Array(size);
  const others: string[] = [];
  for (const { members, positions } of targets) {
    for (const position of positions) isMember[position] = 1;
    if (positions.length === 0) others.push(...members);
  }
  const sorted: string[] = [];
  for (let position = 0; position < size; position++)
    if (isMember[position] === 1) sorted.push((assets[position] as Asset).id);
  return others.length === 0 ? sorted : [...sorted, ...others].sort();
}
