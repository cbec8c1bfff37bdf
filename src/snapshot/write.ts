import { chmod, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { byCode, byKey, EXIT, type Gap, type Json, type JsonObject, UserError } from '../model/index.js';
import { SNAPSHOT_SCHEMA_VERSION } from './manifest.js';
import { redactAnswer } from './redact.js';
import type { Answer, WholeSnapshot } from './snapshot.js';

export interface WriteOptions {
  readonly tool?: { readonly name: string; readonly version: string };
  /** ISO 8601. */
  readonly startedAt?: string;
  /** An answer longer than this many characters is written in parts. */
  readonly partLength?: number;
}

const PART_LENGTH = 64 * 1024 ** 2;

/**
 * Writes a snapshot into a folder, readable by its owner alone. What stands there is replaced if it is a snapshot; anything else is
 * refused with a `UserError`. Secrets are redacted on the way (`redactAnswer`). The same snapshot gives the same bytes.
 */
export async function writeSnapshot(
  folder: string,
  snapshot: WholeSnapshot,
  options: WriteOptions = {},
): Promise<void> {
  try {
    await clearFolder(folder);
    const made = new Set<string>();
    const empty: Answer[] = [];
    for (const answer of snapshot.everyAnswer) {
      if (isEmptyAnswer(answer.body)) {
        empty.push(answer);
        continue;
      }
      const path = join(folder, answer.account, answer.region, answer.service);
      if (!made.has(path)) await makeFolders(folder, path);
      made.add(path);
      let part = 0;
      for (const text of encodeParts(redactAnswer(answer.body), options.partLength ?? PART_LENGTH)) {
        part += 1;
        await writeOwn(join(path, `${answer.operation}${part > 1 ? `.${part}` : ''}.json`), text);
      }
    }
    // Last, so that a folder with a manifest is always a whole snapshot.
    await writeOwn(join(folder, 'manifest.json'), encodeManifest(snapshot, empty, options));
  } catch (cause) {
    if (cause instanceof UserError || !(cause instanceof Error) || !('code' in cause)) throw cause;
    throw new UserError(`The snapshot cannot be written to ${folder}: ${cause.message}.`, EXIT.usage);
  }
}

/** Whether an answer says that there is nothing: it has no field, or empty lists only. */
export const isEmptyAnswer = (body: JsonObject): boolean =>
  Object.values(body).every((value) => value === undefined || (Array.isArray(value) && value.length === 0));

async function clearFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const names = await readdir(folder);
  const accounts = names.filter((name) => /^\d{12}$/.test(name));
  const isManifest = names.includes('manifest.json') && (await hasSchemaVersion(join(folder, 'manifest.json')));
  if (names.length > 0 && !isManifest && (accounts.length === 0 || names.includes('manifest.json'))) {
    throw new UserError(`${folder} is not empty and is no snapshot, so nothing is written there.`, EXIT.usage);
  }
  await chmod(folder, 0o700);
  for (const name of [...(isManifest ? ['manifest.json'] : []), ...accounts]) {
    await rm(join(folder, name), { recursive: true, force: true });
  }
}

async function hasSchemaVersion(path: string): Promise<boolean> {
  return /"schemaVersion"\s*:/.test(await readFile(path, 'utf8'));
}

/** Makes the folders between the snapshot and an answer; `mkdir` gives the mode to the last one only. */
async function makeFolders(root: string, path: string): Promise<void> {
  if (path === root) return;
  await makeFolders(root, dirname(path));
  await mkdir(path, { mode: 0o700 }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw cause;
  });
}

/** `wx`: a file or link that somebody else put there is an error, never written through. */
async function writeOwn(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}

function encodeManifest(snapshot: WholeSnapshot, empty: readonly Answer[], options: WriteOptions): string {
  const accounts = snapshot.accounts.map(({ id, name, regions }) => {
    const byRegion = new Map<string, string[]>();
    for (const { account, region, service, operation } of empty) {
      if (account === id)
        byRegion.set(region, [...(byRegion.get(region) ?? []), `${service}/${operation}`].sort(byCode));
    }
    const sorted = [...byRegion].sort(byKey(([region]) => region));
    return {
      id,
      ...(name !== undefined && { name }),
      regions,
      ...(sorted.length > 0 && { empty: Object.fromEntries(sorted) }),
    };
  });
  const manifest = {
    schemaVersion: SNAPSHOT_SCHEMA_VERSION,
    ...(options.tool && { tool: options.tool }),
    ...(options.startedAt !== undefined && { startedAt: options.startedAt }),
    ...(snapshot.collectedAt !== undefined && { finishedAt: snapshot.collectedAt }),
    accounts,
    gaps: snapshot.gaps.map(({ account, region, service, operation, resource, error, message }: Gap) => ({
      account,
      region,
      service,
      operation,
      ...(resource !== undefined && { resource }),
      error,
      message,
    })),
  };
  return `${JSON.stringify(manifest, null, 1)}\n`;
}

/** The texts of an answer's files: one element of a list, or one resource, a line, so that a person can compare them. */
function* encodeParts(body: JsonObject, partLength: number): Generator<string> {
  let fields: string[] = [];
  let length = 0;
  let isKeyed = true;
  for (const key of Object.keys(body)) {
    const value = body[key];
    if (value === undefined) continue;
    const name = JSON.stringify(key);
    if (!Array.isArray(value)) {
      const encoded = `${name}: ${JSON.stringify(value)}`;
      if (isKeyed && fields.length > 0 && length + encoded.length > partLength) {
        yield whole(fields);
        fields = [];
        length = 0;
      }
      fields.push(encoded);
      length += encoded.length;
      continue;
    }
    isKeyed = false;
    let items: string[] = [];
    for (const item of value as readonly Json[]) {
      const encoded = JSON.stringify(item) ?? 'null';
      if (items.length > 0 && length + encoded.length > partLength) {
        yield whole([...fields, array(name, items)]);
        fields = [];
        items = [];
        length = 0;
      }
      items.push(encoded);
      length += encoded.length;
    }
    fields.push(array(name, items));
  }
  yield whole(fields);
}

const array = (name: string, items: readonly string[]): string =>
  items.length === 0 ? `${name}: []` : `${name}: [\n${items.join(',\n')}\n]`;

const whole = (fields: readonly string[]): string => `{\n${fields.join(',\n')}\n}\n`;
