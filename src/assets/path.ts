import { field, isObject, type Json, type JsonObject } from '../model/index.js';

/**
 * A path into a record: keys joined by dots, `[]` after a key that holds a list: `SecurityGroups[].GroupId`.
 * Used by asset declarations only, so it is written in code and never comes from outside.
 */
export type Path = string;

interface PathStep {
  readonly key: string;
  readonly isList: boolean;
}

const compiled = new Map<Path, readonly PathStep[]>();

function compilePath(path: Path): readonly PathStep[] {
  const known = compiled.get(path);
  if (known) return known;
  const steps = path
    .split('.')
    .filter((part) => part !== '')
    .map((part) => ({ key: part.replace('[]', ''), isList: part.endsWith('[]') }));
  compiled.set(path, steps);
  return steps;
}

/** Calls back with every value at the end of the path, in order. Missing steps end in nothing. */
export function forEachValue(value: Json | undefined, path: Path, visit: (found: Json) => void): void {
  walk(value, compilePath(path), 0, visit);
}

function walk(value: Json | undefined, steps: readonly PathStep[], at: number, visit: (found: Json) => void): void {
  const step = steps[at];
  if (step === undefined) {
    if (value !== undefined && value !== null) visit(value);
    return;
  }
  const found = field(value, step.key);
  if (!step.isList) walk(found, steps, at + 1, visit);
  else if (Array.isArray(found)) for (const element of found as readonly Json[]) walk(element, steps, at + 1, visit);
}

export function valuesAt(value: Json | undefined, path: Path): Json[] {
  const found: Json[] = [];
  forEachValue(value, path, (item) => found.push(item));
  return found;
}

/** The first non-empty string at the end of the path. */
export function textAt(value: Json | undefined, path: Path): string | undefined {
  let first: string | undefined;
  forEachValue(value, path, (item) => {
    if (first === undefined && typeof item === 'string' && item !== '') first = item;
  });
  return first;
}

/** The records at the end of the path, and what stands in a place where a list or a record should. */
export interface RecordsRead {
  readonly records: readonly JsonObject[];
  /** Sentences, one for each thing that could not be read. */
  readonly unreadable: readonly string[];
}

/**
 * Reads the records that an answer lists.
 * @param textAs where the list holds plain strings (`TableNames`): the key under which each becomes a record
 */
export function readRecords(body: JsonObject, path: Path, textAs?: string): RecordsRead {
  const unreadable: string[] = [];
  let current: JsonObject[] = [body];
  for (const { key, isList } of compilePath(path)) {
    const next: JsonObject[] = [];
    for (const item of current) {
      const found = field(item, key);
      if (found === undefined || found === null) continue;
      if (isList && !Array.isArray(found)) {
        unreadable.push(`${key} is not a list`);
        continue;
      }
      for (const element of isList ? (found as readonly Json[]) : [found]) {
        if (isObject(element)) next.push(element);
        else if (textAs !== undefined && typeof element === 'string') next.push({ [textAs]: element });
        else unreadable.push(`${key} holds something that is not a record`);
      }
    }
    current = next;
  }
  return { records: current, unreadable };
}
