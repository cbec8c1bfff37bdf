import { onceFor } from '../../model/index.js';
import type { Subject } from '../principals/resolve-subject.js';
import type { SubjectGroup } from './subject-groups.js';

/** Sets of principals by number, and their sorted ids: equal sets have one number and one array, so that they are seen to be equal. */
export interface PrincipalLists {
  /** The number of a set, worked out once an array. */
  numberOf(members: readonly Subject[]): number;
  /** The sorted ids of all members of some sets, which share none. */
  idsOf(sets: readonly (readonly Subject[])[]): readonly string[];
}

/** The sets that questions about these principals make; remembered with them. */
export const principalLists = onceFor((groups: readonly SubjectGroup[]): PrincipalLists => {
  const ids = groups.flatMap((group) => group.map(({ id }) => id)).sort();
  const rankById = new Map(ids.map((id, rank) => [id, rank]));
  const numberByText = new Map<string, number>();
  const lists = new Map<string, readonly string[]>();
  const ranksOf = (members: readonly Subject[]): Uint32Array =>
    Uint32Array.from(members, ({ id }) => rankById.get(id) ?? 0).sort();
  const numberOf = onceFor((members: readonly Subject[]): number => {
    const text = ranksOf(members).join();
    const number = numberByText.get(text) ?? numberByText.size;
    numberByText.set(text, number);
    return number;
  });
  return {
    numberOf,
    idsOf: (sets) => {
      const key = Uint32Array.from(sets, numberOf).sort().join();
      const before = lists.get(key);
      if (before) return before;
      const made = Array.from(ranksOf(sets.flat()), (rank) => ids[rank] ?? '');
      lists.set(key, made);
      return made;
    },
  };
});
