import { field, isObject, type Json, type JsonObject } from '../model/index.js';

/**
 * A path into a record: keys joined by dots, `[]` after a key that holds a list: `SecurityGroups[].GroupId`.
 * Used by asset declarations only, so it is written in code and never comes from outside.
 */
export type Path = string;

export interface PathStep {
  readonly key: string;
  readonly isList: boolean;
}

const compiled = new Map<Path, readonly PathStep[]>();

/** @throws Error for a key that every object has: then a record's own could not be told from it */
export function compilePath(path: Path): readonly PathStep[] {
  const known = compiled.get(path);
  if (known) return known;
  const steps = path
    .split('.')
    .filter((part) => part !== '')
    .map((part) => ({ key: part.replace('[]', ''), isList: part.endsWith('[]') }));
  for (const { key } of steps)
    if (key in Object.prototype) throw new Error(`${path}: ${key} cannot be a key of a path`);
  compiled.set(path, steps);
  return steps;
}

/** The value of a key that no object inherits. */
export const valueOf = (value: Json | undefined, key: string): Json | undefined =>
  typeof value === 'object' && value !== null ? (value as JsonObject)[key] : undefined;

/** Puts every value at the end of the path into a list, in order. Missing steps end in nothing. */
function collectValues(value: Json | undefined, steps: readonly PathStep[], at: number, into: Json[]): void {
  let current = value;
  for (let i = at; i < steps.length; i++) {
    const step = steps[i] as PathStep;
    current = valueOf(current, step.key);
    if (!step.isList) continue;
    if (Array.isArray(current))
      for (const element of current as readonly Json[]) collectValues(element, steps, i + 1, into);
    return;
  }
  if (current !== undefined && current !== null) into.push(current);
}

export function valuesAt(value: Json | undefined, path: Path): Json[] {
  const found: Json[] = [];
  collectValues(value, compilePath(path), 0, found);
  return found;
}

/** The first non-empty string at the end of the path. */
export const textAt = (value: Json | undefined, path: Path): string | undefined => textReader(path)(value);

/** What {@link textAt} does, for a path that is read in many records. */
export function textReader(path: Path): (value: Json | undefined) => string | undefined {
  const steps = compilePath(path);
  const key = singleKey(steps);
  if (key !== undefined) {
    return (value) => {
      const found = valueOf(value, key);
      return typeof found === 'string' && found !== '' ? found : undefined;
    };
  }
  return (value) => {
    const found: Json[] = [];
    collectValues(value, steps, 0, found);
    return found.find((one) => typeof one === 'string' && one !== '') as string | undefined;
  };
}

/** The key that is all of the path, and holds no list. */
const singleKey = (steps: readonly PathStep[]): string | undefined =>
  steps.length === 1 && steps[0]?.isList === false ? steps[0].key : undefined;

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
    const take = (element: Json): void => {
      if (isObject(element)) next.push(element);
      else if (textAs !== undefined && typeof element === 'string') next.push({ [textAs]: element });
      else unreadable.push(`${key} holds something that is not a record`);
    };
    for (const item of current) {
      const found = field(item, key);
      if (found === undefined || found === null) continue;
      if (!isList) take(found);
      else if (Array.isArray(found)) for (const element of found as readonly Json[]) take(element);
      else unreadable.push(`${key} is not a list`);
    }
    current = next;
  }
  return { records: current, unreadable };
}
