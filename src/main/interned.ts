/** A list in which equal values stand once, and their places in it. */
export interface Interned<T> {
  readonly list: readonly T[];
  place(value: T): number;
}

/** @param first what the list begins with; distinct */
export function interned<T>(first: readonly T[], keyOf: (value: T) => string): Interned<T> {
  const list = [...first];
  const places = new Map(list.map((value, at) => [keyOf(value), at]));
  return {
    list,
    place: (value) => {
      const key = keyOf(value);
      const known = places.get(key);
      if (known !== undefined) return known;
      places.set(key, list.length);
      return list.push(value) - 1;
    },
  };
}
