import type { Json } from '../../model/index.js';

/** A policy by name. `document` is a parsed object, JSON text, or URL-encoded JSON text. */
export interface NamedPolicy {
  readonly name: string;
  readonly document: Json;
}
