/** Makes a value at the first call, and gives the same one after. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** The same for each object that it is asked about; the object must not change, and its value is forgotten with it. */
export function onceFor<K extends WeakKey, V>(make: (key: K) => V): (key: K) => V {
  const made = new WeakMap<K, V>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined || made.has(key)) return known as V;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}

/** The same for each object and something about it. */
export function onceForBoth<K extends WeakKey, L, V>(make: (key: K, about: L) => V): (key: K, about: L) => V {
  const madeFor = onceFor<K, Map<L, V>>(() => new Map());
  return (key, about) => {
    const made = madeFor(key);
    const known = made.get(about);
    if (known !== undefined || made.has(about)) return known as V;
    const value = make(key, about);
    made.set(about, value);
    return value;
  };
}
