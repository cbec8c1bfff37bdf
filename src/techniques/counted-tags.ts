import { groupBy, once, sortedUnique } from '../model/index.js';
import { fact } from './fact.js';
import { THROUGH } from './permission-labels.js';
import type { Emit } from './technique.js';

/** A tag, and the fact that somebody may change it by itself. */
export interface TagChange {
  readonly tag: string;
  readonly fact: string;
}

/** Facts that so many tags may be changed. */
export interface TagCounter {
  /** One of some changes. */
  oneOf(which: string, changes: readonly TagChange[]): string | undefined;
  /** A change of each tag. */
  readonly ofEach: () => readonly string[];
  /** Changes of as many tags; `undefined` where there are fewer. */
  atLeast(count: number): string | undefined;
}

/**
 * Counts tags by clauses, as many as there are tags and ways to change them: so many of the first tags may be changed where as many of those before the last may be, or one
 * less and the last.
 * @param name of whose tags, and by what; unique
 */
export function countTags(name: string, changes: readonly TagChange[], emit: Emit): TagCounter {
  const inner = (head: string, ...body: readonly string[]): void => emit({ head, body, cost: 0, label: THROUGH });
  const oneOf: TagCounter['oneOf'] = (which, own) => {
    if (own.length === 0) return undefined;
    const head = fact('may', `change ${which}: ${name}`);
    for (const one of sortedUnique(own.map((change) => change.fact))) inner(head, one);
    return head;
  };
  const byTag = groupBy(changes, ({ tag }) => tag);
  const tags = sortedUnique(byTag.keys());
  const ofEach = once(() => tags.flatMap((tag) => oneOf(`the tag ${tag}`, byTag.get(tag) ?? []) ?? []));
  // By the name of the last: tags that come later stand among them in their place.
  const among = (last: number, count: number): string =>
    fact('may', `change ${count} tags up to ${tags[last]}: ${name}`);
  const atLeast = (count: number): string | undefined => {
    for (let some = 1; some <= count; some++)
      for (const [index, own] of ofEach().entries()) {
        if (index + 1 < some) continue;
        if (index >= some) inner(among(index, some), among(index - 1, some));
        inner(among(index, some), own, ...(some > 1 ? [among(index - 1, some - 1)] : []));
      }
    return tags.length < count ? undefined : among(tags.length - 1, count);
  };
  return { oneOf, ofEach, atLeast };
}
