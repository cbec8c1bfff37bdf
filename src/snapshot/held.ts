import { createHash } from 'node:crypto';
import { byKey, type JsonObject } from '../model/index.js';
import { memorySnapshot } from './memory.js';
import {
  listFiles,
  mapAsTheyCome,
  parseAnswer,
  parseFiles,
  partsBySource,
  READ_AHEAD,
  readBytes,
  shownIn,
} from './read.js';
import type { Answer, Snapshot, WholeSnapshot } from './snapshot.js';

/** What a snapshot is made of, without what its answers say; plain data. */
export interface SnapshotOutline extends Pick<Snapshot, 'accounts' | 'gaps' | 'collectedAt'> {
  readonly answers: readonly Omit<Answer, 'body'>[];
}

/** The bytes of a snapshot's files in memory, none of them parsed. */
export interface HeldSnapshot {
  /** SHA-256 over the paths and contents of all files, in hexadecimal. */
  readonly digest: string;
  /** The snapshot itself. Throws as `readSnapshot` does. */
  parse(): Promise<WholeSnapshot>;
  /**
   * The snapshot that the outline of the same files is of: each answer is parsed when it is first looked at, and throws then where it is no JSON.
   */
  parseLater(outline: SnapshotOutline): Snapshot;
}

/** Reads the files of a snapshot: a folder or an archive of one. Throws a `UserError` where they cannot be read. */
export async function holdSnapshot(path: string): Promise<HeldSnapshot> {
  const show = shownIn(path);
  // Hashed as they come: while one is, others are read.
  const held = await mapAsTheyCome(await listFiles(path), READ_AHEAD, async (file) => {
    const bytes = await readBytes(file, show);
    return {
      path: file.path,
      bytes,
      read: () => Promise.resolve(bytes),
      hash: createHash('sha256').update(bytes).digest('hex'),
    };
  });
  const digest = createHash('sha256');
  for (const { path: name, hash } of [...held].sort(byKey((file) => file.path))) digest.update(`${name}\n${hash}\n`);
  const bytesOf = new Map(held.map((file) => [file.path, file.bytes]));
  const files = partsBySource(held.filter((file) => file.path !== 'manifest.json'));
  const bodyOf = (source: string): JsonObject => {
    const parts = files.get(source) ?? [];
    const bytes = parts.map(({ file }) => bytesOf.get(file.path) as Uint8Array);
    return parseAnswer(source, parts, bytes, show).answer?.body ?? {};
  };
  return {
    digest: digest.digest('hex'),
    parse: () => parseFiles(path, held),
    parseLater: ({ answers, ...rest }) =>
      memorySnapshot({ ...rest, answers: answers.map((answer) => new HeldAnswer(answer, bodyOf)) }),
  };
}

class HeldAnswer implements Answer {
  readonly account: string;
  readonly region: string;
  readonly service: string;
  readonly operation: string;
  readonly source: string;
  readonly #bodyOf: (source: string) => JsonObject;
  #body: JsonObject | undefined;

  constructor(place: Omit<Answer, 'body'>, bodyOf: (source: string) => JsonObject) {
    this.account = place.account;
    this.region = place.region;
    this.service = place.service;
    this.operation = place.operation;
    this.source = place.source;
    this.#bodyOf = bodyOf;
  }

  /** An answer that the manifest states to be empty stands in no file of its own. */
  get body(): JsonObject {
    return (this.#body ??= this.#bodyOf(this.source));
  }
}

/** What `parseLater` needs to know of a snapshot. */
export const outlineOf = ({ accounts, gaps, collectedAt, everyAnswer }: WholeSnapshot): SnapshotOutline => ({
  accounts,
  gaps,
  ...(collectedAt !== undefined && { collectedAt }),
  answers: everyAnswer.map(({ account, region, service, operation, source }) => ({
    account,
    region,
    service,
    operation,
    source,
  })),
});
