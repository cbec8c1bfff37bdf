import type { Json, JsonObject } from '../model/index.js';

/**
 * An SDK output as the JSON that a snapshot stores: times as ISO 8601, bytes as base64, without the SDK's own `$metadata` and
 * without what is undefined.
 */
export function plainAnswer(output: object): JsonObject {
  return plainObject(output, (key) => key === '$metadata' || key === 'ResponseMetadata');
}

function plainObject(value: object, isDropped: (key: string) => boolean): JsonObject {
  const entries: [string, Json][] = [];
  for (const [key, inner] of Object.entries(value)) {
    if (inner !== undefined && !isDropped(key)) entries.push([key, plainValue(inner)]);
  }
  // Keys may be names from outside: `fromEntries` defines them, so that `__proto__` is one more.
  return Object.fromEntries(entries);
}

function plainValue(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(plainValue);
  if (value instanceof Set) return [...value].map(plainValue);
  if (typeof value === 'object') return plainObject(value, () => false);
  return typeof value === 'bigint' ? value.toString() : null;
}
