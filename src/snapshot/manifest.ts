import { byCode, EXIT, field, type Gap, isObject, type Json, sortedUnique, text, UserError } from '../model/index.js';
import type { SnapshotAccount } from './snapshot.js';

/** The version of the snapshot format that is written, and the only one there is so far. */
export const SNAPSHOT_SCHEMA_VERSION = 1;

/** What `manifest.json` says. Unknown fields are passed over. */
export interface Manifest {
  readonly finishedAt?: string;
  readonly accounts: readonly ManifestAccount[];
  readonly gaps: readonly Gap[];
}

export interface ManifestAccount extends SnapshotAccount {
  /** Operations that answered with nothing, as `<service>/<Operation>` by region. */
  readonly empty: ReadonlyMap<string, readonly string[]>;
}

/** Reads a parsed `manifest.json`; `path` names it in errors. Throws a `UserError` that names the field that is wrong. */
export function readManifest(value: Json, path: string): Manifest {
  const wrong = (place: string, expected: string): UserError =>
    new UserError(`${path}: ${place} should be ${expected}.`, EXIT.unreadable);
  if (!isObject(value)) throw wrong('the document', 'an object');
  const version = field(value, 'schemaVersion');
  if (typeof version !== 'number') throw wrong('schemaVersion', 'a number; without it this is no snapshot');
  if (version !== SNAPSHOT_SCHEMA_VERSION) {
    throw new UserError(
      `${path}: schemaVersion ${version} is not known to this version, which reads ${SNAPSHOT_SCHEMA_VERSION}.`,
      EXIT.unreadable,
    );
  }
  const optional = (key: string, inside: Json, place: string): string | undefined => {
    const found = field(inside, key);
    if (found === undefined || found === null || typeof found === 'string') return found ?? undefined;
    throw wrong(`${place}${key}`, 'a string');
  };
  const array = (key: string): readonly Json[] => {
    const found = field(value, key) ?? [];
    if (!Array.isArray(found)) throw wrong(key, 'an array');
    return found;
  };

  const accounts = array('accounts').map((account, index): ManifestAccount => {
    const place = `accounts[${index}]`;
    const id = text(field(account, 'id'));
    if (id === undefined || !/^\d{12}$/.test(id)) throw wrong(`${place}.id`, 'a string of 12 digits');
    const name = optional('name', account, `${place}.`);
    return {
      id,
      ...(name !== undefined && { name }),
      regions: sortedUnique(strings(field(account, 'regions'), wrong, `${place}.regions`)),
      empty: readEmpty(field(account, 'empty'), wrong, `${place}.empty`),
    };
  });

  const gaps = array('gaps').map((gap, index): Gap => {
    const place = `gaps[${index}].`;
    if (!isObject(gap)) throw wrong(`gaps[${index}]`, 'an object');
    const resource = optional('resource', gap, place);
    return {
      account: optional('account', gap, place) ?? '',
      region: optional('region', gap, place) ?? '',
      service: optional('service', gap, place) ?? '',
      operation: optional('operation', gap, place) ?? '',
      ...(resource !== undefined && { resource }),
      error: optional('error', gap, place) ?? 'Unknown',
      message: optional('message', gap, place) ?? '',
    };
  });

  const finishedAt = optional('finishedAt', value, '');
  return { ...(finishedAt !== undefined && { finishedAt }), accounts, gaps };
}

type Wrong = (place: string, expected: string) => UserError;

function readEmpty(value: Json | undefined, wrong: Wrong, place: string): Map<string, readonly string[]> {
  const empty = new Map<string, readonly string[]>();
  if (value === undefined || value === null) return empty;
  if (!isObject(value)) throw wrong(place, 'an object of arrays by region');
  for (const region of Object.keys(value).sort(byCode)) {
    const operations = strings(value[region], wrong, `${place}.${region}`);
    for (const operation of operations) {
      if (!/^[a-z0-9-]+\/[A-Za-z0-9]+$/.test(operation))
        throw wrong(`${place}.${region}`, 'an array of "service/Operation"');
    }
    empty.set(region, sortedUnique(operations));
  }
  return empty;
}

function strings(value: Json | undefined, wrong: Wrong, place: string): string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
    throw wrong(place, 'an array of strings');
  return value as string[];
}
