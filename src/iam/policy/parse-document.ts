import { isObject, type Json, type JsonObject } from '../../model/index.js';
import { locateJsonError } from '../../snapshot/index.js';
import { findDuplicateKey } from './find-duplicate-key.js';

/** A document as an object, or why it cannot be read. */
export type ParsedDocument = { readonly object: JsonObject } | { readonly problem: string };

const MAX_LAYERS = 4;

/**
 * Reads a policy document in any of the forms in which AWS and its tools give it: an object, JSON text, URL-encoded JSON text, or
 * JSON text inside of a JSON string; each of them possibly more than once.
 */
export function parseDocument(value: Json | undefined): ParsedDocument {
  let current = value;
  for (let layer = 0; layer <= MAX_LAYERS; layer++) {
    if (isObject(current)) return { object: current };
    if (typeof current !== 'string') return { problem: 'is no policy document' };
    const next = decode(current.trim());
    if ('problem' in next) return next;
    current = next.value;
  }
  return { problem: 'is encoded too many times' };
}

function decode(text: string): { readonly value: Json } | { readonly problem: string } {
  if (text.startsWith('{') || text.startsWith('"')) {
    try {
      const value = JSON.parse(text) as Json;
      const duplicate = findDuplicateKey(text);
      return duplicate === undefined ? { value } : { problem: `has the key ${JSON.stringify(duplicate)} twice` };
    } catch {
      const place = locateJsonError(text);
      const where = place && `: line ${place.line}, column ${place.column}: ${place.reason}`;
      return { problem: `is no valid JSON${where ?? ''}` };
    }
  }
  if (!text.includes('%')) return { problem: text === '' ? 'is empty' : 'is no valid JSON' };
  try {
    return { value: decodeURIComponent(text) };
  } catch {
    return { problem: 'is not validly URL-encoded' };
  }
}
