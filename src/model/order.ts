/** Compares by UTF-16 code unit: the one order of every sorted array, on every machine and in every locale. */
export const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A comparator by a string key. */
export const byKey =
  <T>(key: (item: T) => string) =>
  (a: T, b: T): number =>
    byCode(key(a), key(b));

/** The distinct strings, sorted in the order of `byCode`, which is JavaScript's own for strings. */
export const sortedUnique = (items: Iterable<string>): string[] => [...new Set(items)].sort();
