import { EXIT, field, isObject, type JsonObject, UserError } from '../model/index.js';

/** Values of condition keys, as a person states them. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/** `key=value` pairs; a key with nothing after `=` is stated to be absent. */
export function parseContext(pairs: readonly string[]): Context {
  const values = new Map<string, string[]>();
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals < 1) throw new UserError(`--context ${pair}: write it as key=value`, EXIT.usage);
    const key = pair.slice(0, equals);
    const value = pair.slice(equals + 1);
    const known = values.get(key) ?? [];
    values.set(key, value === '' ? known : [...known, value]);
  }
  return Object.fromEntries(values);
}

/** The `context` of a question of a batch. @throws UserError where it is none. */
export function questionContext(question: JsonObject): Context {
  const context = field(question, 'context');
  if (context === undefined || context === null) return {};
  if (!isObject(context)) throw new UserError('"context" of the question is no object', EXIT.usage);
  return Object.fromEntries(
    Object.entries(context).map(([key, value]) => {
      if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return [key, value];
      if (typeof value === 'string') return [key, value];
      if (typeof value === 'number' || typeof value === 'boolean') return [key, String(value)];
      throw new UserError(`"context" has a value for "${key}" that is neither a text nor a list of texts`, EXIT.usage);
    }),
  );
}
