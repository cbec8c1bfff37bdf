/** The items by key, in the order in which they come. */
export function groupBy<K, T>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  const list = Array.isArray(items) ? (items as readonly T[]) : [...items];
  // Items of one key mostly come one after the other.
  let last: T[] | undefined;
  let lastKey: K | undefined;
  for (let i = 0; i < list.length; i++) {
    const item = list[i] as T;
    const key = keyOf(item);
    if (last !== undefined && key === lastKey) {
      last.push(item);
      continue;
    }
    lastKey = key;
    last = groups.get(key);
    if (last) last.push(item);
    else groups.set(key, (last = [item]));
  }
  return groups;
}

/** The same without items that have no key. */
export function groupKeyed<K, T>(items: Iterable<T>, keyOf: (item: T) => K | undefined): Map<K, T[]> {
  const groups = groupBy(items, keyOf);
  groups.delete(undefined);
  return groups as Map<K, T[]>;
}
