import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { EXIT, UserError } from '../model/index.js';
import { entryPath, isSnapshotFile, LIMITS, type StoredFile, snapshotRoots } from './stored-file.js';

/** The files of a snapshot that is a `.tar` or `.tar.gz`. Read in one pass into memory; nothing is unpacked to disk. */
export async function listTar(archive: string, gzipped: boolean): Promise<StoredFile[]> {
  const { extract } = await import('tar-stream');
  const contents = new Map<string, Uint8Array>();
  const unpack = extract();
  const input = createReadStream(archive);
  const source = gzipped ? pipeline(input, createGunzip(), unpack) : pipeline(input, unpack);
  const read = (async () => {
    const meter = archiveMeter(archive);
    for await (const entry of unpack) {
      meter.entry();
      const path = entry.header.type === 'file' ? entryPath(entry.header.name) : undefined;
      const wanted = path !== undefined && endsLikeSnapshotFile(path);
      const chunks: Uint8Array[] = [];
      for await (const chunk of entry as AsyncIterable<Uint8Array>) {
        meter.bytes(chunk.length);
        if (wanted) chunks.push(chunk);
      }
      if (wanted) contents.set(path, Buffer.concat(chunks));
    }
  })();
  const [reading, piping] = await Promise.allSettled([read, source]);
  if (reading.status === 'rejected' && reading.reason instanceof UserError) throw reading.reason;
  const failure =
    piping.status === 'rejected' ? piping.reason : reading.status === 'rejected' ? reading.reason : undefined;
  if (failure !== undefined) throw unreadableArchive(archive, failure);
  return underRoot(archive, contents.keys(), (path) => async () => contents.get(path) ?? new Uint8Array());
}

/** Counts what an archive unpacks to and throws where it is more than {@link LIMITS} allow. */
export function archiveMeter(archive: string): { entry(): void; bytes(count: number): void } {
  let entries = 0;
  let total = 0;
  const refuse = (what: string): never => {
    throw new UserError(`${archive} unpacks to more than ${what}; it is not read further.`, EXIT.unreadable);
  };
  return {
    entry: () => {
      entries += 1;
      if (entries > LIMITS.archiveEntries) refuse(`${LIMITS.archiveEntries} files`);
    },
    bytes: (count) => {
      total += count;
      if (total > LIMITS.archiveBytes) refuse(`${LIMITS.archiveBytes / 1024 ** 3} GiB`);
    },
  };
}

/** Cheap first look at an entry before the archive's root is known. */
export const endsLikeSnapshotFile = (path: string): boolean => /\.json(?:\.gz)?$/.test(path);

/** @throws UserError where several snapshots are in the archive */
export function underRoot(
  archive: string,
  paths: Iterable<string>,
  reader: (path: string) => () => Promise<Uint8Array>,
): StoredFile[] {
  const all = [...paths];
  const [root = '', ...others] = snapshotRoots(all);
  if (others.length > 0) {
    const shown = [root, ...others].slice(0, 5).join(', ');
    throw new UserError(`${archive} holds several snapshots: ${shown}. Unpack it and give one.`, EXIT.unreadable);
  }
  return all
    .filter((path) => path.startsWith(root) && isSnapshotFile(path.slice(root.length)))
    .sort()
    .map((path) => ({ path: path.slice(root.length), read: reader(path) }));
}

export const unreadableArchive = (archive: string, cause: unknown): UserError =>
  new UserError(
    `${archive} cannot be unpacked: ${(cause instanceof Error ? cause.message : String(cause)).replace(/\.+$/, '')}.`,
    EXIT.unreadable,
  );
