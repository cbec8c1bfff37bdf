import fc, { type GeneratorValue } from 'fast-check';

/** Choices drawn from fast-check, in the words that the drawings below use. */
export interface Draw {
  /** True in `percent` of 100 draws. */
  chance(percent: number): boolean;
  count(min: number, max: number): number;
  pick<T>(items: readonly T[]): T;
  /** Some of the items, in their order; each with the given chance. */
  some<T>(items: readonly T[], percent: number): T[];
}

export function drawFrom(g: GeneratorValue): Draw {
  const count = (min: number, max: number): number => (min === max ? min : g(fc.integer, { min, max }));
  const chance = (percent: number): boolean => count(0, 99) < percent;
  return {
    chance,
    count,
    pick: <T>(items: readonly T[]): T => items[count(0, items.length - 1)] as T,
    some: <T>(items: readonly T[], percent: number): T[] => items.filter(() => chance(percent)),
  };
}

/** The same choices from a number, for what is drawn by the thousand and never shrunk (xorshift32). */
export function drawFromSeed(seed: number): Draw {
  let state = (seed | 0) ^ 0x9e3779b9 || 1;
  const count = (min: number, max: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return min + ((state >>> 0) % (max - min + 1));
  };
  for (let n = 0; n < 8; n++) count(0, 1);
  const chance = (percent: number): boolean => count(0, 99) < percent;
  return {
    chance,
    count,
    pick: <T>(items: readonly T[]): T => items[count(0, items.length - 1)] as T,
    some: <T>(items: readonly T[], percent: number): T[] => items.filter(() => chance(percent)),
  };
}
