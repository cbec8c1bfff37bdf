import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { installEmulator } from './install-emulator.js';

// The SDK warns about Node's age when the first client is made, over the reporter's lines.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

/** A running emulator, of one test file. */
export interface Emulator {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** The environment of a program that is to talk to it, and to nothing else. */
  readonly env: Readonly<Record<string, string>>;
  /** Forgets everything, and draws the same ids again for the same calls. */
  reset(): Promise<void>;
  /** From now on signatures and IAM policies are checked, as AWS does; or no longer. */
  enforceIam(on: boolean): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Installs and starts the emulator. Where that is impossible: an error in CI (`CI` is set), else a printed notice and `undefined`,
 * for the tests to be skipped.
 */
export async function startEmulator(): Promise<Emulator | undefined> {
  try {
    return await start();
  } catch (cause) {
    if ((process.env['CI'] ?? '') !== '') throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    process.stderr.write(
      `The tests against the AWS emulator are skipped: it cannot be started (${reason.split('\n')[0]}).\n`,
    );
    return undefined;
  }
}

async function start(): Promise<Emulator> {
  const python = await installEmulator();
  const child = spawn(python.command, ['-u', '-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...python.env,
      MOTO_IAM_LOAD_MANAGED_POLICIES: 'true',
      MOTO_EC2_LOAD_DEFAULT_AMIS: 'false',
    },
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const url = await readUrl(child);
  await waitUntilReady(url);
  const post = async (path: string, body?: string): Promise<void> => {
    const answer = await fetch(`${url}/moto-api/${path}`, { method: 'POST', ...(body !== undefined && { body }) });
    if (!answer.ok) throw new Error(`the emulator answers ${answer.status} to ${path}`);
  };
  const reset = async (): Promise<void> => {
    await post('reset-auth', 'inf');
    await post('reset');
    await post('seed?a=42');
  };
  await reset();
  return {
    url,
    env: emulatorEnvironment(url),
    reset,
    enforceIam: (on) => post('reset-auth', on ? '0' : 'inf'),
    stop: async () => {
      process.removeListener('exit', kill);
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await Promise.race([ended, sleep(5000, undefined, { ref: false })]);
      child.kill('SIGKILL');
    },
  };
}

const emulatorEnvironment = (url: string): Record<string, string> => ({
  AWS_ENDPOINT_URL: url,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'us-east-1',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
});

/** The port is free when the server takes it, and the server says which it was. */
async function readUrl(child: ChildProcess): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output = `${output}${chunk.toString()}`.slice(-10_000);
      const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(output) ?? [];
      if (url !== undefined) resolve(url);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the emulator ended with code ${code}: ${output}`)));
  });
}

async function waitUntilReady(url: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const answer = await fetch(`${url}/moto-api/data.json`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(100);
  }
  throw new Error(`the emulator at ${url} does not answer`);
}
