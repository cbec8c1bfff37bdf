import type { Dirent } from 'node:fs';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { byKey, EXIT, UserError } from '../model/index.js';
import { isSnapshotFile, LIMITS, type StoredFile } from './stored-file.js';

/** The files of a snapshot that is a folder. Only the four levels of the format are looked at, and no link is followed. */
export async function listFolder(root: string): Promise<StoredFile[]> {
  const files: StoredFile[] = [];
  const walk = async (path: string, depth: number): Promise<void> => {
    const entries = await readdir(join(root, path), { withFileTypes: true });
    await Promise.all(
      entries.map(async (entry) => {
        const inner = path === '' ? entry.name : `${path}/${entry.name}`;
        if (isLevel(entry, depth)) await walk(inner, depth + 1);
        else if (isSnapshotFile(inner)) files.push(storedFile(root, inner, entry));
      }),
    );
  };
  await walk('', 0);
  return files.sort(byKey((file) => file.path));
}

const isLevel = (entry: Dirent, depth: number): boolean =>
  entry.isDirectory() && depth < 3 && (depth === 0 ? /^\d{12}$/ : /^[a-z0-9-]+$/).test(entry.name);

function storedFile(root: string, path: string, entry: Dirent): StoredFile {
  return {
    path,
    read: async () => {
      const full = join(root, path);
      if (!entry.isFile()) {
        throw new UserError(`${full} is a link or a special file; a snapshot holds plain files only.`, EXIT.unreadable);
      }
      const handle = await open(full);
      try {
        const { size } = await handle.stat();
        if (size > LIMITS.fileBytes) throw tooLarge(full);
        return await readWhole(handle, size);
      } finally {
        await handle.close();
      }
    },
  };
}

/**
 * In one piece, where the system gives it so; `readFile` would ask for half a megabyte at a time. Into memory that threads could share: of other memory outside of
 * its heap, V8 counts every byte as a reason to look for garbage, and there is none yet.
 */
async function readWhole(handle: FileHandle, size: number): Promise<Uint8Array> {
  const bytes = Buffer.from(new SharedArrayBuffer(size));
  let end = 0;
  while (end < size) {
    const { bytesRead } = await handle.read(bytes, end, size - end);
    if (bytesRead === 0) break;
    end += bytesRead;
  }
  return bytes.subarray(0, end);
}

export const tooLarge = (path: string): UserError =>
  new UserError(
    `${path} is larger than ${Math.floor(LIMITS.fileBytes / 1024 ** 2)} MiB, more than one JSON text can hold here. Split it into parts: X.json, X.2.json, …`,
    EXIT.unreadable,
  );
