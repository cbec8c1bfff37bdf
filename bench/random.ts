/** A seeded source of numbers: the same seed gives the same estate on every machine. */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number at least 0 and below `limit`. */
  below(limit: number): number;
  pick<T>(items: readonly T[]): T;
  /** `length` hexadecimal digits. */
  hex(length: number): string;
}

/** The mulberry32 generator. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    pick: (items) => {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
    hex: (length) => {
      let digits = '';
      while (digits.length < length) digits += below(16).toString(16);
      return digits;
    },
  };
}
