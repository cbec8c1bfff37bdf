import { field, type Json, type JsonObject } from '../model/index.js';

/**
 * Joins response objects of one operation (its pages, or the parts of its file): arrays are joined, of other values the first
 * counts. Keys stay data: `Object.fromEntries` defines properties, so `__proto__` is a key like any other.
 */
export function mergeResponses(parts: readonly JsonObject[]): JsonObject {
  const [only] = parts;
  if (parts.length < 2 && only !== undefined) return only;
  const merged = new Map<string, Json | undefined>();
  const joined = new Map<string, Json[]>();
  for (const part of parts) {
    for (const key of Object.keys(part)) {
      const value = field(part, key);
      if (!Array.isArray(value)) {
        if (!merged.has(key)) merged.set(key, value);
        continue;
      }
      const items = joined.get(key) ?? [];
      for (const item of value) items.push(item);
      joined.set(key, items);
      merged.set(key, items);
    }
  }
  return Object.fromEntries(merged);
}
