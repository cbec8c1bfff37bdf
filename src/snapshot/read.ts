import { stat } from 'node:fs/promises';
import { EXIT, type Gap, isObject, type JsonObject, UserError } from '../model/index.js';
import { listFolder } from './folder-files.js';
import { type Manifest, readManifest } from './manifest.js';
import { memorySnapshot } from './memory.js';
import { mergeResponses } from './merge-parts.js';
import { parseJsonFile } from './parse-json.js';
import type { Answer, WholeSnapshot } from './snapshot.js';
import type { StoredFile } from './stored-file.js';
import { listTar } from './tar-files.js';
import { listZip } from './zip-files.js';

/**
 * Reads a snapshot: a folder, or a `.tar`, `.tar.gz`, `.tgz` or `.zip` of one.
 * An answer that is not an object, or whose parts are not all there, becomes a gap. Throws a `UserError` (exit code 3) where
 * there is no snapshot, or a file of it is no JSON.
 */
export const readSnapshot = async (path: string): Promise<WholeSnapshot> => parseFiles(path, await listFiles(path));

/** The snapshot that files hold, read from a path. */
export async function parseFiles(path: string, files: readonly StoredFile[]): Promise<WholeSnapshot> {
  const manifestFile = files.find((file) => file.path === 'manifest.json');
  const answerFiles = files.filter((file) => file !== manifestFile);
  if (manifestFile === undefined && answerFiles.length === 0) {
    throw new UserError(
      `${path} is not a snapshot: it has neither a manifest.json nor answers such as <account-id>/<region>/ec2/DescribeInstances.json.`,
      EXIT.unreadable,
    );
  }
  const show = shownIn(path);
  const manifest =
    manifestFile &&
    readManifest(parseJsonFile(show('manifest.json'), await manifestFile.read()), show('manifest.json'));
  const { answers, gaps } = await readAnswers(answerFiles, show);
  return memorySnapshot({
    // Of what cannot be read, the account and region are known all the same.
    accounts: [
      ...(manifest?.accounts ?? []),
      ...gaps.map(({ account: id, region }) => ({ id, regions: placeOf(region) })),
    ],
    answers: [...answers, ...(manifest ? emptyAnswers(manifest, answers) : [])],
    gaps: [...(manifest?.gaps ?? []), ...gaps],
    ...(manifest?.finishedAt !== undefined && { collectedAt: manifest.finishedAt }),
  });
}

/** How a file inside a snapshot is called in messages. */
export const shownIn =
  (path: string) =>
  (file: string): string =>
    `${path.replace(/\/+$/, '')}/${file}`;

export async function listFiles(path: string): Promise<StoredFile[]> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === 'ENOENT' ? 'there is nothing there' : cause.message;
    throw new UserError(`The snapshot ${path} cannot be read: ${reason}.`, EXIT.unreadable);
  });
  try {
    if (found.isDirectory()) return await listFolder(path);
    if (/\.(?:tar\.gz|tgz)$/i.test(path)) return await listTar(path, true);
    if (/\.tar$/i.test(path)) return await listTar(path, false);
    if (/\.zip$/i.test(path)) return await listZip(path);
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(`The snapshot ${path} cannot be read: ${(cause as Error).message}.`, EXIT.unreadable);
  }
  throw new UserError(`${path} is no snapshot: give a folder, a .tar.gz or a .zip.`, EXIT.unreadable);
}

export interface Part {
  readonly number: number;
  readonly file: StoredFile;
}

/** How many answers are read at a time. */
export const READ_AHEAD = 16;

/** The files of each answer, by the path that evidence names; parts in order. */
export function partsBySource(files: readonly StoredFile[]): ReadonlyMap<string, readonly Part[]> {
  const bySource = new Map<string, Part[]>();
  for (const file of files) {
    const [, place = '', number] = /^(.*?)(?:\.(\d+))?\.json(?:\.gz)?$/.exec(file.path) ?? [];
    const parts = bySource.get(`${place}.json`) ?? [];
    parts.push({ number: Number(number ?? 1), file });
    bySource.set(`${place}.json`, parts);
  }
  for (const parts of bySource.values()) parts.sort((a, b) => a.number - b.number);
  return bySource;
}

async function readAnswers(
  files: readonly StoredFile[],
  show: (file: string) => string,
): Promise<{ answers: Answer[]; gaps: Gap[] }> {
  // While one answer is parsed, those after it are read; not all files are in memory.
  const read = await mapAsTheyCome([...partsBySource(files)], READ_AHEAD, async ([source, parts]) => {
    const bytes = await Promise.all(parts.map(({ file }) => readBytes(file, show)));
    return parseAnswer(source, parts, bytes, show);
  });
  return { answers: read.flatMap(({ answer }) => answer ?? []), gaps: read.flatMap(({ gaps }) => gaps) };
}

/** Throws a `UserError` for a part that stands there twice, or is no JSON. */
export function parseAnswer(
  source: string,
  parts: readonly Part[],
  bytes: readonly Uint8Array[],
  show: (file: string) => string,
): { readonly answer: Answer | undefined; readonly gaps: readonly Gap[] } {
  const [account = '', region = '', service = '', name = ''] = source.split('/');
  const place = { account, region, service, operation: name.replace(/\.json$/, '') };
  const bodies: JsonObject[] = [];
  const gaps: Gap[] = [];
  parts.forEach(({ number, file }, index) => {
    const previous = parts[index - 1]?.number ?? 0;
    if (number === previous) {
      throw new UserError(
        `${show(file.path)} is part ${number} of ${source}, which stands there twice; remove one.`,
        EXIT.unreadable,
      );
    }
    if (number !== previous + 1) gaps.push(unreadable(place, `part ${previous + 1} of ${source} is not there`));
    const body = parseJsonFile(show(file.path), bytes[index] ?? new Uint8Array());
    if (isObject(body)) bodies.push(body);
    else gaps.push(unreadable(place, `${file.path} holds no object`));
  });
  return { answer: bodies.length > 0 ? { ...place, source, body: mergeResponses(bodies) } : undefined, gaps };
}

export async function readBytes(file: StoredFile, show: (file: string) => string): Promise<Uint8Array> {
  try {
    return await file.read();
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(`${show(file.path)} cannot be read: ${(cause as Error).message}.`, EXIT.unreadable);
  }
}

/**
 * What becomes of each item, in their order; at most `width` are on their way at a time.
 * @throws what the first of them that fails throws, whichever failed first
 */
export async function mapAsTheyCome<T, R>(
  items: readonly T[],
  width: number,
  map: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let failed: { readonly index: number; readonly cause: unknown } | undefined;
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < (failed?.index ?? items.length); index = next++) {
      try {
        results[index] = await map(items[index] as T);
      } catch (cause) {
        if (failed === undefined || index < failed.index) failed = { index, cause };
      }
    }
  };
  await Promise.all(Array.from({ length: width }, work));
  if (failed !== undefined) throw failed.cause;
  return results;
}

const placeOf = (region: string): readonly string[] => (region === 'global' ? [] : [region]);

type Place = Pick<Gap, 'account' | 'region' | 'service' | 'operation'>;

const unreadable = (place: Place, message: string): Gap => ({ ...place, error: 'Unreadable', message });

/** The answers that the manifest states to be empty. A file counts more than the manifest. */
function emptyAnswers(manifest: Manifest, answers: readonly Answer[]): Answer[] {
  const stored = new Set(answers.map((a) => `${a.account}/${a.region}/${a.service}/${a.operation}`));
  return manifest.accounts.flatMap(({ id, empty }) =>
    [...empty].flatMap(([region, operations]) =>
      operations
        .filter((operation) => !stored.has(`${id}/${region}/${operation}`))
        .map((name): Answer => {
          const [service = '', operation = ''] = name.split('/');
          return { account: id, region, service, operation, source: 'manifest.json', body: {} };
        }),
    ),
  );
}
