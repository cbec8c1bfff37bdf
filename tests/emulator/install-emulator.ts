import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CACHE = fileURLToPath(new URL('../../.cache', import.meta.url));
const HOME = join(CACHE, 'emulator');
const LOCK = join(CACHE, 'emulator.lock');
const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));

/** How the emulator's Python is started. */
export interface Python {
  readonly command: string;
  readonly env: Record<string, string>;
}

/** Installs the emulator into `.cache/emulator`, once for each content of requirements.txt. Test files may ask at the same time. */
export async function installEmulator(): Promise<Python> {
  const stamp = createHash('sha256')
    .update(await readFile(REQUIREMENTS))
    .digest('hex');
  await mkdir(CACHE, { recursive: true });
  await takeLock();
  try {
    const known = await readFile(join(HOME, 'stamp'), 'utf8').catch(() => '');
    if (known !== stamp) {
      await rm(HOME, { recursive: true, force: true });
      await install();
      await writeFile(join(HOME, 'stamp'), stamp);
    }
    return python();
  } finally {
    await rm(LOCK, { recursive: true, force: true });
  }
}

function python(): Python {
  const venv = join(HOME, 'bin', 'python');
  return existsSync(venv)
    ? { command: venv, env: {} }
    : { command: 'python3', env: { PYTHONPATH: join(HOME, 'site') } };
}

async function install(): Promise<void> {
  const options = ['--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS];
  try {
    await run('python3', ['-m', 'venv', HOME]);
  } catch {
    // A Python without the venv module, as Debian packages it; its pip may still be there.
    await rm(HOME, { recursive: true, force: true });
    await mkdir(HOME, { recursive: true });
    await run('python3', ['-m', 'pip', 'install', '--target', join(HOME, 'site'), ...options]);
    return;
  }
  await run(join(HOME, 'bin', 'python'), ['-m', 'pip', 'install', ...options]);
}

/** A folder is made by one process only. One that is older than any installation was left behind. */
async function takeLock(): Promise<void> {
  for (;;) {
    const isMine = await mkdir(LOCK).then(
      () => true,
      () => false,
    );
    if (isMine) return;
    const made = await stat(LOCK).catch(() => undefined);
    if (made && Date.now() - made.mtimeMs > 600_000) await rm(LOCK, { recursive: true, force: true });
    await sleep(200);
  }
}
