import type { Entry, ZipFile } from 'yauzl';
import { UserError } from '../model/index.js';
import { entryPath, LIMITS, type StoredFile } from './stored-file.js';
import { archiveMeter, endsLikeSnapshotFile, underRoot, unreadableArchive } from './tar-files.js';
import { tooLarge } from './folder-files.js';

/** The files of a snapshot that is a `.zip`. Read into memory; nothing is unpacked to disk. */
export async function listZip(archive: string): Promise<StoredFile[]> {
  try {
    return await readZip(archive);
  } catch (cause) {
    throw cause instanceof UserError ? cause : unreadableArchive(archive, cause);
  }
}

async function readZip(archive: string): Promise<StoredFile[]> {
  const { openPromise } = await import('yauzl');
  const zip: ZipFile = await openPromise(archive, { autoClose: false });
  try {
    const meter = archiveMeter(archive);
    const contents = new Map<string, Uint8Array>();
    for await (const entry of zip.eachEntry() as AsyncIterable<Entry>) {
      meter.entry();
      const path = isPlainFile(entry) ? entryPath(entry.fileName) : undefined;
      if (path === undefined || !endsLikeSnapshotFile(path)) continue;
      if (entry.uncompressedSize > LIMITS.fileBytes) throw tooLarge(`${archive}: ${path}`);
      const chunks: Uint8Array[] = [];
      for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Uint8Array>) {
        meter.bytes(chunk.length);
        chunks.push(chunk);
      }
      contents.set(path, Buffer.concat(chunks));
    }
    return underRoot(archive, contents.keys(), (path) => async () => contents.get(path) ?? new Uint8Array());
  } finally {
    zip.close();
  }
}

/** A Unix mode, where the archive has one, stands in the upper half of the external attributes; a link is 0o120000. */
function isPlainFile(entry: Entry): boolean {
  const kind = (entry.externalFileAttributes >>> 16) & 0o170000;
  return !entry.fileName.endsWith('/') && (kind === 0 || kind === 0o100000);
}
