import { groupBy, unknown } from '../model/index.js';
import type { Holder } from './permissions.js';

/** A way in which somebody has a permission. */
export type HeldWay = Pick<Holder, 'conditions' | 'needs'>;

/** The ways of each of some holders: of those that need the same, the one on no condition. */
export function waysOfHolders(holders: readonly Holder[]): ReadonlyMap<string, readonly HeldWay[]> {
  return new Map(
    [...groupBy(holders, ({ principal }) => principal)].map(([principal, own]) => {
      const best = [...groupBy(own, ({ needs }) => needs.join('\n')).values()].flatMap((same): readonly HeldWay[] => [
        same.find(({ conditions }) => conditions.length === 0) ?? (same[0] as Holder),
      ]);
      const asThingsAre = best.find(({ conditions, needs }) => conditions.length + needs.length === 0);
      return [principal, asThingsAre ? [asThingsAre] : best];
    }),
  );
}

/** What holds of two permissions of one principal at once: whether different changes leave each other’s as it is was not asked. */
export function bothWays(one: HeldWay, other: HeldWay): HeldWay {
  const needs = [...new Set([...one.needs, ...other.needs])];
  const isOpen = one.needs.length > 0 && other.needs.length > 0 && one.needs.join() !== other.needs.join();
  const why = unknown('policies', 'whether both changes that this takes leave the other permission as it is');
  return { needs, conditions: [...one.conditions, ...other.conditions, ...(isOpen ? [why] : [])] };
}
