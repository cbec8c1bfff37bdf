/**
 * A set of points as half-open intervals `[lo, hi)` in one flat array: sorted, disjoint, never touching, so equal sets are
 * equal arrays. Half-open, because then no operation adds one: the same code serves numbers (ports, IPv4) and bigints (IPv6).
 */
export type Intervals<T extends number | bigint> = readonly T[];

/** Sorts and merges `[lo, hi)` pairs; empty and reversed pairs vanish. */
export function mergeIntervals<T extends number | bigint>(pairs: Iterable<readonly [T, T]>): Intervals<T> {
  const sorted = [...pairs].filter(([lo, hi]) => lo < hi).sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
  const merged: T[] = [];
  for (const [lo, hi] of sorted) {
    const end = merged.at(-1);
    if (end !== undefined && lo <= end) {
      if (hi > end) merged[merged.length - 1] = hi;
    } else merged.push(lo, hi);
  }
  return merged;
}

export function* pairsOf<T extends number | bigint>(set: Intervals<T>): Generator<readonly [T, T]> {
  for (let i = 0; i + 1 < set.length; i += 2) yield [set[i] as T, set[i + 1] as T];
}

export function intersectIntervals<T extends number | bigint>(a: Intervals<T>, b: Intervals<T>): Intervals<T> {
  if (a.length === 0 || b.length === 0) return [];
  if (a === b || isWithin(a, b)) return a;
  if (isWithin(b, a)) return b;
  const result: T[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const aHi = a[i + 1] as T;
    const bHi = b[j + 1] as T;
    const lo = (a[i] as T) > (b[j] as T) ? (a[i] as T) : (b[j] as T);
    const hi = aHi < bHi ? aHi : bHi;
    if (lo < hi) result.push(lo, hi);
    if (aHi <= bHi) i += 2;
    if (bHi <= aHi) j += 2;
  }
  return result;
}

/** Whether `a`, which is not empty, lies in the one interval of `b`: then a set is often the same array before and after. */
const isWithin = <T extends number | bigint>(a: Intervals<T>, b: Intervals<T>): boolean =>
  b.length === 2 && (b[0] as T) <= (a[0] as T) && (a[a.length - 1] as T) <= (b[1] as T);

export function uniteIntervals<T extends number | bigint>(a: Intervals<T>, b: Intervals<T>): Intervals<T> {
  if (a.length === 0 || a === b) return b;
  if (b.length === 0 || isWithin(b, a)) return a;
  if (isWithin(a, b)) return b;
  const merged: T[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const isOfA = j >= b.length || (i < a.length && (a[i] as T) <= (b[j] as T));
    const lo = (isOfA ? a[i] : b[j]) as T;
    const hi = (isOfA ? a[i + 1] : b[j + 1]) as T;
    if (isOfA) i += 2;
    else j += 2;
    const last = merged.length - 1;
    if (last < 0 || lo > (merged[last] as T)) merged.push(lo, hi);
    else if (hi > (merged[last] as T)) merged[last] = hi;
  }
  return merged;
}

export function subtractIntervals<T extends number | bigint>(a: Intervals<T>, b: Intervals<T>): Intervals<T> {
  if (a.length === 0 || b.length === 0) return a;
  if (a === b || isWithin(a, b)) return [];
  const result: T[] = [];
  let j = 0;
  for (let i = 0; i < a.length; i += 2) {
    let lo = a[i] as T;
    const hi = a[i + 1] as T;
    while (j < b.length && (b[j + 1] as T) <= lo) j += 2;
    for (let k = j; k < b.length && (b[k] as T) < hi; k += 2) {
      if ((b[k] as T) > lo) result.push(lo, b[k] as T);
      lo = b[k + 1] as T;
    }
    if (lo < hi) result.push(lo, hi);
  }
  return result;
}

export const intervalsEqual = <T extends number | bigint>(a: Intervals<T>, b: Intervals<T>): boolean =>
  a === b || (a.length === b.length && a.every((value, i) => value === b[i]));
