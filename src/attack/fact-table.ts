import { EACH, type FactId } from './clause.js';

/** Facts by key, numbered as they come. */
export interface FactTable {
  count(): number;
  intern(key: string): FactId;
  /**
   * The facts of a key in which each of the members takes the place of {@link EACH}, remembered for an array that comes again (to be read only);
   * the one fact of a key without it.
   */
  internEach(key: string, members: readonly string[]): Uint32Array | FactId;
  id(key: string): FactId | undefined;
  /** @throws RangeError where there is no such fact */
  key(fact: FactId): string;
  /** The member that the key ends with, where it was interned for each of many. */
  member(fact: FactId): string | undefined;
}

export function makeFactTable(): FactTable {
  const facts = new Map<string, FactId>();
  const keys: string[] = [];
  const members: (string | undefined)[] = [];
  const lists = new WeakMap<readonly string[], Map<string, Uint32Array>>();

  function intern(key: string): FactId {
    const known = facts.get(key);
    if (known !== undefined) return known;
    const fact = keys.length;
    facts.set(key, fact);
    keys.push(key);
    return fact;
  }

  function internEach(key: string, all: readonly string[]): Uint32Array | FactId {
    const place = key.indexOf(EACH);
    if (place < 0) return intern(key);
    const byKey = lists.get(all) ?? new Map<string, Uint32Array>();
    lists.set(all, byKey);
    const known = byKey.get(key);
    if (known) return known;
    const before = key.slice(0, place);
    const after = key.slice(place + EACH.length);
    const made = new Uint32Array(all.length);
    for (let i = 0; i < made.length; i++) {
      const fact = intern(`${before}${all[i]}${after}`);
      if (after === '') members[fact] = all[i];
      made[i] = fact;
    }
    byKey.set(key, made);
    return made;
  }

  return {
    count: () => keys.length,
    intern,
    internEach,
    id: (key) => facts.get(key),
    key: (fact) => {
      const key = keys[fact];
      if (key === undefined) throw new RangeError(`there is no fact ${fact}`);
      return key;
    },
    member: (fact) => members[fact],
  };
}
