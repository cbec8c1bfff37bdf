/** JSON as it was parsed: outside data, so every field may be missing or of another type than documented. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A parsed JSON object. Keys are data from outside: read them with {@link field}, never as a map of one's own. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The own property `key` of `value`, or `undefined` where `value` is no object or lacks it (`__proto__` is data). */
export function field(value: Json | undefined, key: string): Json | undefined {
  if (!isObject(value)) return undefined;
  const found: unknown = value[key];
  // All that an object inherits is functions, and `__proto__`.
  return (typeof found !== 'function' && key !== '__proto__') || Object.hasOwn(value, key)
    ? (found as Json | undefined)
    : undefined;
}

/** The own property at the end of a chain of keys. */
export function at(value: Json | undefined, ...keys: readonly string[]): Json | undefined;
// Parameters of their own for the first keys, rather than a list that each call would have to make.
export function at(
  value: Json | undefined,
  first?: string,
  second?: string,
  third?: string,
  ...more: readonly string[]
): Json | undefined {
  let current = first === undefined ? value : field(value, first);
  if (second !== undefined) current = field(current, second);
  if (third !== undefined) current = field(current, third);
  for (const key of more) current = field(current, key);
  return current;
}

export const text = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

export const number = (value: Json | undefined): number | undefined => (typeof value === 'number' ? value : undefined);

export const flag = (value: Json | undefined): boolean | undefined => (typeof value === 'boolean' ? value : undefined);

/** The elements of an array; a missing value or one of another type has none. */
export const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

/** The elements of an array that are objects. */
export function objects(value: Json | undefined): readonly JsonObject[] {
  const items = list(value);
  // Nearly always all of them are, and then it is the list itself.
  for (let i = 0; i < items.length; i++) if (!isObject(items[i])) return items.filter(isObject);
  return items as readonly JsonObject[];
}

/** The elements of an array that are strings. */
export const texts = (value: Json | undefined): readonly string[] =>
  list(value).filter((item): item is string => typeof item === 'string');
