import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { run } from '../../src/cli/run.js';
import type { Io } from '../../src/cli/io.js';

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export const WEB_SHOP = fileURLToPath(new URL('../../fixtures/web-shop', import.meta.url));

/** Runs the command line in this process, with streams and a clock of its own. */
export async function runCli(
  args: readonly string[],
  io: Partial<Io> = {},
  input: readonly string[] = [],
): Promise<Outcome> {
  let out = '';
  let err = '';
  const code = await run(args, {
    writeOut: (text) => {
      out += text;
      return Promise.resolve();
    },
    writeError: (text) => {
      err += text;
    },
    readLines: async function* () {
      yield* input;
    },
    isClosed: false,
    env: {},
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    outIsTerminal: false,
    errorIsTerminal: false,
    columns: undefined,
    now: () => new Date('2026-06-01T00:00:00Z'),
    ...io,
  });
  return { code, out, err };
}

/** Runs the program as a process of its own from its sources; `command` is what a shell would pipe it into. */
export function spawnCli(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  const bin = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', bin, ...args], { env: { ...process.env, ...env } });
  return collect(child);
}

export function collect(child: ReturnType<typeof spawn>): Promise<Outcome> {
  let out = '';
  let err = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}
