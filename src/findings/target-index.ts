import type { FactId } from '../attack/index.js';
import { sortedUnique } from '../model/index.js';
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

/** @param targets sorted by id */
export function indexTargets(targets: readonly Target[], entries: readonly Entry[]): TargetIndex {
  const byFact = new Map<FactId, number>();
  const entered = new Set(entries.map(({ asset }) => asset));
  const byMember = new Map<string, Target>();
  targets.forEach((target, at) => {
    for (const { id } of target.facts) byFact.set(id, at);
    for (const member of target.members) if (entered.has(member)) byMember.set(member, target);
  });
  const numbers = new Map(targets.map((target, at) => [target, at]));
  const lists = new Map<string, readonly string[]>();
  return {
    amongFacts: (facts) => {
      const found = new Set<number>();
      for (const fact of facts) {
        const at = byFact.get(fact);
        if (at !== undefined) found.add(at);
      }
      return Uint32Array.from(found)
        .sort()
        .reduce<Target[]>((list, at) => {
          list.push(targets[at] as Target);
          return list;
        }, []);
    },
    ofMember: (asset) => byMember.get(asset),
    membersOf: (some) => {
      const distinct = [...new Set(some)];
      const key = distinct.map((target) => numbers.get(target)).join();
      const known = lists.get(key) ?? sortedUnique(distinct.flatMap(({ members }) => members));
      lists.set(key, known);
      return known;
    },
  };
}
