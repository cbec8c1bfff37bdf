import { type Json, type JsonObject, list, text } from './json.js';

/** `[{Key, Value}]` (or the `TagKey`/`TagValue` and `key`/`value` spellings) as a map. */
export function tagMap(value: Json | undefined): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();
  for (const tag of list(value)) {
    const key = keyOf(tag);
    if (key !== undefined) tags.set(key, valueOf(tag));
  }
  return tags;
}

/** The same, read when it is asked: of the tags of most assets one or none is ever looked at. */
export function lazyTagMap(value: readonly Json[]): ReadonlyMap<string, string> {
  return new TagList(value);
}

/** What {@link tagMap} has for a key. */
export function tagValue(value: Json | undefined, key: string): string | undefined {
  let found: string | undefined;
  // Of tags with the same key the last counts.
  for (const tag of list(value)) if (keyOf(tag) === key) found = valueOf(tag);
  return found;
}

/** The keys of tags; one that stands several times in an answer may come as often. */
export const tagKeys = (tags: ReadonlyMap<string, string>): Iterable<string> =>
  tags instanceof TagList ? tags.keysAsListed() : tags.keys();

// No object inherits properties of these names.
const keyOf = (tag: Json): string | undefined => {
  const { Key, TagKey, key } = partsOf(tag);
  return text(Key ?? TagKey ?? key);
};

const valueOf = (tag: Json): string => {
  const { Value, TagValue, value } = partsOf(tag);
  return text(Value ?? TagValue ?? value) ?? '';
};

const NOTHING: JsonObject = {};

const partsOf = (tag: Json): JsonObject =>
  typeof tag === 'object' && tag !== null && !Array.isArray(tag) ? (tag as JsonObject) : NOTHING;

class TagList implements ReadonlyMap<string, string> {
  readonly #list: readonly Json[];
  #map: ReadonlyMap<string, string> | undefined;

  constructor(tags: readonly Json[]) {
    this.#list = tags;
  }

  get(key: string): string | undefined {
    return this.#map === undefined ? tagValue(this.#list, key) : this.#map.get(key);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  get size(): number {
    return this.#read().size;
  }

  forEach(visit: (value: string, key: string, map: ReadonlyMap<string, string>) => void): void {
    for (const [key, value] of this) visit(value, key, this);
  }

  entries() {
    return this.#read().entries();
  }

  keys() {
    return this.#read().keys();
  }

  keysAsListed(): Iterable<string> {
    return this.#map?.keys() ?? this.#list.flatMap((tag) => keyOf(tag) ?? []);
  }

  values() {
    return this.#read().values();
  }

  [Symbol.iterator]() {
    return this.entries();
  }

  #read(): ReadonlyMap<string, string> {
    this.#map ??= tagMap(this.#list);
    return this.#map;
  }
}
