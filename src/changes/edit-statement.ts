import { field, isObject, type Json, type JsonObject } from '../model/index.js';

/**
 * A policy document without one of its statements, in the form in which it came: an object, JSON text, or URL-encoded JSON text (as IAM answers).
 * @param name the statement's `Sid`, or its place in the document
 * @returns `undefined` where there is no such statement
 */
export function withoutStatement(document: Json | undefined, name: string): Json | undefined {
  if (isObject(document)) return withoutIn(document, name);
  if (typeof document !== 'string') return undefined;
  const isEncoded = /^\s*%7B/i.test(document);
  const parsed = parse(isEncoded ? decode(document) : document);
  const left = isObject(parsed) ? withoutIn(parsed, name) : undefined;
  if (left === undefined) return undefined;
  return isEncoded ? encodeURIComponent(JSON.stringify(left)) : JSON.stringify(left);
}

/** A policy document in whichever form it came; `undefined` where it cannot be read. */
export function readDocument(document: Json | undefined): JsonObject | undefined {
  if (isObject(document)) return document;
  if (typeof document !== 'string') return undefined;
  const parsed = parse(/^\s*%7B/i.test(document) ? decode(document) : document);
  return isObject(parsed) ? parsed : undefined;
}

/** The statement of a document with a `Sid`, or without one at a place. */
export function findStatement(document: JsonObject | undefined, name: string): JsonObject | undefined {
  const statements = statementsOf(document);
  const found = statements[indexOf(statements, name)];
  return isObject(found) ? found : undefined;
}

function withoutIn(document: JsonObject, name: string): JsonObject | undefined {
  const statements = statementsOf(document);
  const at = indexOf(statements, name);
  return at < 0 ? undefined : { ...document, Statement: statements.filter((_, i) => i !== at) };
}

/** All, whether they can be read or not: places are counted among all. One may stand without a list. */
function statementsOf(document: JsonObject | undefined): readonly Json[] {
  const stated = field(document, 'Statement');
  if (stated === undefined) return [];
  return Array.isArray(stated) ? (stated as readonly Json[]) : [stated];
}

function indexOf(statements: readonly Json[], name: string): number {
  const bySid = statements.findIndex((statement) => field(statement, 'Sid') === name);
  if (bySid >= 0) return bySid;
  const index = /^\d+$/.test(name) ? Number(name) : -1;
  const found = statements[index];
  return found !== undefined && (field(found, 'Sid') ?? '') === '' ? index : -1;
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
