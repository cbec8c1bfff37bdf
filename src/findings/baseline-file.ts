import {
  at,
  EXIT,
  field,
  isObject,
  type Json,
  type JsonObject,
  list,
  number,
  objects,
  text,
  texts,
  UserError,
} from '../model/index.js';
import type { AcceptanceNote } from './acceptance-note.js';
import { BASELINE_VERSION, type Baseline, type BaselinePath } from './baseline.js';
import { SEVERITIES } from './report.js';

/**
 * Reads a baseline file. Fields that are not known are let be, so that a later version's file can be read.
 *
 * @throws UserError where it is no baseline, or one of a version that is not known; the message names `name`.
 */
export function parseBaseline(content: string, name: string): Baseline {
  const complain = (what: string): never => {
    throw new UserError(`${name} is not a baseline: ${what}`, EXIT.unreadable);
  };
  const file = parseJson(content, complain);
  if (!isObject(file)) return complain('it holds no JSON object');
  const version = number(field(file, 'schemaVersion'));
  if (version !== BASELINE_VERSION) {
    return complain(
      `its schemaVersion is ${JSON.stringify(version ?? null)}, and this version reads ${BASELINE_VERSION}`,
    );
  }
  if (!Array.isArray(field(file, 'paths'))) return complain('it has no list "paths"');
  const ids = new Set<string>();
  const paths = list(field(file, 'paths')).map((item, index) => {
    const path = parsePath(item, (what) => complain(`paths[${index}] ${what}`));
    if (ids.has(path.id)) return complain(`paths[${index}] repeats the id ${path.id}`);
    ids.add(path.id);
    return path;
  });
  return {
    schemaVersion: BASELINE_VERSION,
    tool: { name: text(at(file, 'tool', 'name')) ?? '', version: text(at(file, 'tool', 'version')) ?? '' },
    techniques: texts(field(file, 'techniques')),
    acceptedGaps: texts(field(file, 'acceptedGaps')),
    facts: texts(field(file, 'facts')),
    paths,
    otherWays: objects(field(file, 'otherWays')).flatMap((way, index) => {
      const [id, behind] = [text(field(way, 'id')), text(field(way, 'behind'))];
      if (id === undefined || behind === undefined) return [];
      const note = parseNote(way, (what) => complain(`otherWays[${index}] ${what}`));
      return [{ id, behind, entries: texts(field(way, 'entries')), ...note }];
    }),
  };
}

function parseJson(content: string, complain: (what: string) => never): Json {
  try {
    return JSON.parse(content) as Json;
  } catch (error) {
    return complain((error as Error).message);
  }
}

function parsePath(item: Json, complain: (what: string) => never): BaselinePath {
  if (!isObject(item)) return complain('is no object');
  const id = text(field(item, 'id'));
  if (id === undefined || id === '') return complain('has no "id"');
  return {
    id,
    severity: SEVERITIES.find((severity) => severity === field(item, 'severity')) ?? 'low',
    entry: parseEnd(item, 'entry'),
    target: { ...parseEnd(item, 'target'), access: text(at(item, 'target', 'access')) ?? '' },
    techniques: texts(field(item, 'techniques')),
    entries: texts(field(item, 'entries')),
    assets: texts(field(item, 'assets')),
    inputs: texts(field(item, 'inputs')),
    ...parseNote(item, complain),
  };
}

function parseNote(item: JsonObject, complain: (what: string) => never): AcceptanceNote {
  const reason = text(field(item, 'reason'));
  const owner = text(field(item, 'owner'));
  const expires = field(item, 'expires');
  if (expires !== undefined && !isDay(expires)) return complain('has an "expires" that is no day such as 2030-12-31');
  return {
    ...(reason !== undefined && { reason }),
    ...(owner !== undefined && { owner }),
    ...(expires !== undefined && { expires }),
  };
}

function parseEnd(item: JsonObject, key: string): { readonly id: string; readonly name?: string } {
  const [end] = objects([field(item, key) ?? null]);
  const name = text(field(end, 'name'));
  return { id: text(field(end, 'id')) ?? '', ...(name !== undefined && { name }) };
}

/** A calendar day as `YYYY-MM-DD`: anything else could be an acceptance that never ends. */
function isDay(value: Json | undefined): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return false;
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}
