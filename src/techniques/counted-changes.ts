import { groupBy, once, sortedUnique } from '../model/index.js';
import { fact } from './fact.js';
import { THROUGH } from './permission-labels.js';
import type { Emit } from './technique.js';

/** What may be changed, a tag or policies of some kind, and the fact that somebody may change it by itself. */
export interface CountedChange {
  readonly of: string;
  readonly fact: string;
}

/** Facts that so much may be changed. */
export interface ChangeCounter {
  /** One of some changes. */
  oneOf(which: string, changes: readonly CountedChange[]): string | undefined;
  /** A change of each. */
  readonly ofEach: () => readonly string[];
  /** Changes of as many; `undefined` where there are fewer. */
  atLeast(count: number): string | undefined;
}

/**
 * Counts changes by clauses, as many as there are things and ways to change them: so many of the first may be changed where as many of those before the last may be, or one
 * less and the last.
 * @param name of whose they are, and by what; unique
 */
export function countChanges(name: string, changes: readonly CountedChange[], emit: Emit): ChangeCounter {
  const inner = (head: string, ...body: readonly string[]): void => emit({ head, body, cost: 0, label: THROUGH });
  const oneOf: ChangeCounter['oneOf'] = (which, own) => {
    if (own.length === 0) return undefined;
    const head = fact('may', `change ${which}: ${name}`);
    for (const one of sortedUnique(own.map((change) => change.fact))) inner(head, one);
    return head;
  };
  const byThing = groupBy(changes, (change) => change.of);
  const things = sortedUnique(byThing.keys());
  const ofEach = once(() => things.flatMap((thing) => oneOf(thing, byThing.get(thing) ?? []) ?? []));
  // By the name of the last: what comes later stands among them in its place.
  const among = (last: number, count: number): string => fact('may', `change ${count} up to ${things[last]}: ${name}`);
  const atLeast = (count: number): string | undefined => {
    for (let some = 1; some <= count; some++)
      for (const [index, own] of ofEach().entries()) {
        if (index + 1 < some) continue;
        if (index >= some) inner(among(index, some), among(index - 1, some));
        inner(among(index, some), own, ...(some > 1 ? [among(index - 1, some - 1)] : []));
      }
    return things.length < count ? undefined : among(things.length - 1, count);
  };
  return { oneOf, ofEach, atLeast };
}
