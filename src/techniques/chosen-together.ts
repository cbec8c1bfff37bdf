import { deniesSomething, type PolicyChange } from '../iam/index.js';
import { groupBy, once, onceFor, sortedUnique } from '../model/index.js';
import { certainHolders } from './certain-holders.js';
import type { Holder } from './permissions.js';

/** Of those who may do something, those that count. */
export type Ordinary = (holders: readonly Holder[]) => readonly Holder[];

/** More groups than these, which the same people may put users in, are joined together: each world is asked everything again. */
export const MOST_APART = 8;

/** A policy that somebody may attach to something, or a group that somebody may put users in. */
export interface Choice {
  readonly on: string;
  readonly change: PolicyChange;
  readonly fact: string;
  readonly people: People;
}

/**
 * What is chosen together: what the same people may choose, what one of several may, and all of it by whoever may. What takes away again is chosen by
 * itself, and so is what the same people may besides, where that is not more than `apart`.
 */
export function togetherOf(
  choices: readonly Choice[],
  apart: number,
): readonly { readonly same: readonly Choice[]; readonly body: readonly string[] }[] {
  const isDenying = ({ change }: Choice): boolean =>
    (change.added ?? []).some(({ document }) => deniesSomething(document));
  const byPeople = groupBy(
    choices.filter((choice) => !isDenying(choice)),
    ({ people }) => people.text(),
  );
  const lists = [...byPeople.values()];
  const alone = choices.filter(
    (choice) => isDenying(choice) || (byPeople.get(choice.people.text())?.length ?? 0) <= apart,
  );
  const ofEach = new Map<string, number[]>();
  const note = (key: string, index: number): unknown => ofEach.set(key, [...(ofEach.get(key) ?? []), index]);
  for (const [index, list] of lists.entries())
    for (const principal of list[0]?.people.ordinary() ?? []) {
      note(principal, index);
      if (list[0]?.people.sure().has(principal)) note(`${principal} for sure`, index);
    }
  const byOne = [...new Map([...ofEach.values()].map((indexes) => [indexes.join(), indexes])).values()];
  const sets = [
    ...(byOne.length > MOST_APART ? lists.map((_, index) => [index]) : byOne),
    ...(lists.length > 0 ? [[...lists.keys()]] : []),
  ];
  const several = [...new Map(sets.map((set) => [set.join(), set])).values()].map((indexes) => ({
    same: indexes.flatMap((index) => lists[index] ?? []),
    // Whoever may choose one of a list may choose all of it.
    body: indexes.flatMap((index) => lists[index]?.[0]?.fact ?? []),
  }));
  return [
    ...alone.map((choice) => ({ same: [choice], body: [choice.fact] })),
    ...several.filter(({ same }) => same.length > 1 || same.some((choice) => !alone.includes(choice))),
  ];
}

/** Those who may do something. */
export interface People {
  /** Without administrators. */
  readonly ordinary: () => readonly string[];
  /** Those who may as things are, on no condition. */
  readonly sure: () => ReadonlySet<string>;
  /** Equal for the same people on the same conditions. */
  readonly text: () => string;
}

/** What there is to know of those who may do something, once for each list: most resources that somebody may do it on have theirs in common. */
export const lookAtHolders = (ordinary: Ordinary) =>
  onceFor(
    (holders: readonly Holder[]): People => ({
      ordinary: once(() => sortedUnique(ordinary(holders).map(({ principal }) => principal))),
      sure: () => certainHolders(holders),
      text: once(() => JSON.stringify(holders)),
    }),
  );
