import { createHash } from 'node:crypto';
import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Tells when what is in a file or folder has become something else, and is no longer being written. */
export interface FileWatch {
  stop(): void;
}

/** How often is looked, in milliseconds. */
const EVERY = 700;

/**
 * Looks at sizes and times of change, again and again: that works on every file system, also on those of other machines.
 * @param seen what {@link signatureOf} said before the files were read
 * @param onChange awaited before the next look
 */
export function watchFiles(path: string, seen: string | undefined, onChange: () => Promise<void>): FileWatch {
  let known = seen;
  let before = seen;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const look = async (): Promise<void> => {
    const now = await signatureOf(path);
    // What changed since the last look may change on: it is told once a look finds it as it was.
    if (now !== known && now === before && now !== undefined) {
      known = now;
      await onChange();
    }
    before = now;
    if (!isStopped) timer = setTimeout(() => void look(), EVERY);
  };
  timer = setTimeout(() => void look(), EVERY);
  return {
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

/** Equal as long as no file changed; `undefined` while it cannot be read. */
export async function signatureOf(path: string): Promise<string | undefined> {
  try {
    const own = await stat(path);
    const names = own.isDirectory() ? await readdir(path, { recursive: true }) : [''];
    const hash = createHash('sha256');
    for (const name of names.sort()) {
      hash.update(`${name}\n${await stateOf(join(path, name))}\n`);
    }
    return hash.digest('hex');
  } catch {
    return undefined;
  }
}

/** What a link leads to; the link itself where that is not there; nothing for what is gone since the folder was listed. */
async function stateOf(path: string): Promise<string> {
  const found = await stat(path)
    .catch(() => lstat(path))
    .catch(() => undefined);
  return found ? `${found.size} ${found.mtimeMs} ${found.ino}` : 'gone';
}
