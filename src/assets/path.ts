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

/** Every value at the end of the path, in order. Missing steps end in nothing. */
export function valuesAt(value: Json | undefined, path: Path): Json[] {
  let current: Json[] = value === undefined ? [] : [value];
  for (const { key, isList } of compilePath(path)) {
    const next: Json[] = [];
    for (const item of current) {
      const found = field(item, key);
      if (found === undefined || found === null) continue;
      if (!isList) next.push(found);
      else if (Array.isArray(found)) for (const element of found as readonly Json[]) next.push(element);
    }
    current = next;
  }
  return current;
}

/** The non-empty strings at the end of the path. */
export const textsAt = (value: Json | undefined, path: Path): string[] =>
  valuesAt(value, path).filter((item): item is string => typeof item === 'string' && item !== '');

export const textAt = (value: Json | undefined, path: Path): string | undefined => textsAt(value, path)[0];

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
