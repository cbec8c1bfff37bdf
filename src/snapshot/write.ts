import { chmod, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
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
const MANIFEST = 'manifest.json';

/** Where a snapshot is written before it takes the place of what stands in the folder; no reader looks there. */
const UNFINISHED = '.unfinished';

/**
 * Writes a snapshot into a folder, readable by its owner alone. What stands there is replaced if it is a snapshot, once all is written; anything
 * else is refused with a `UserError`. Secrets are redacted on the way (`redactAnswer`). The same snapshot gives the same bytes.
 */
export async function writeSnapshot(
  folder: string,
  snapshot: WholeSnapshot,
  options: WriteOptions = {},
): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const old = await filesThere(folder);
    await chmod(folder, 0o700);
    const unfinished = join(folder, UNFINISHED);
    await rm(unfinished, { recursive: true, force: true });
    await writeFiles(unfinished, snapshot, options);
    // The manifest goes first and comes last, so that a folder with one is always a whole snapshot.
    for (const name of old) await rm(join(folder, name), { recursive: true, force: true });
    for (const name of manifestLast(await readdir(unfinished)))
      await rename(join(unfinished, name), join(folder, name));
    await rm(unfinished, { recursive: true });
  } catch (cause) {
    throw cannotWrite(folder, cause);
  }
}

/** @throws UserError where a snapshot could not be written into the folder, as far as can be told beforehand */
export async function requireSnapshotFolder(folder: string): Promise<void> {
  try {
    await filesThere(folder);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cannotWrite(folder, cause);
  }
}

const cannotWrite = (folder: string, cause: unknown): unknown =>
  cause instanceof UserError || !(cause instanceof Error) || !('code' in cause)
    ? cause
    : new UserError(`The snapshot cannot be written to ${folder}: ${cause.message}.`, EXIT.usage);

const manifestLast = (names: readonly string[]): readonly string[] => [
  ...names.filter((name) => name !== MANIFEST),
  MANIFEST,
];

async function writeFiles(folder: string, snapshot: WholeSnapshot, options: WriteOptions): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
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
  await writeOwn(join(folder, MANIFEST), encodeManifest(snapshot, empty, options));
}

/** Whether an answer says that there is nothing: it has no field, or empty lists only. */
export const isEmptyAnswer = (body: JsonObject): boolean =>
  Object.values(body).every((value) => value === undefined || (Array.isArray(value) && value.length === 0));

/** What of a snapshot stands in a folder, its manifest first. @throws UserError where it holds anything else */
async function filesThere(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter((name) => name !== UNFINISHED);
  const accounts = names.filter((name) => /^\d{12}$/.test(name));
  const hasManifest = names.includes(MANIFEST);
  const isManifest = hasManifest && (await hasSchemaVersion(join(folder, MANIFEST)));
  if (names.length > 0 && !isManifest && (accounts.length === 0 || hasManifest)) {
    throw new UserError(`${folder} is not empty and is no snapshot, so nothing is written there.`, EXIT.usage);
  }
  return [...(isManifest ? [MANIFEST] : []), ...accounts];
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
