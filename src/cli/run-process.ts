import { createInterface } from 'node:readline';
import { EXIT, UserError } from '../model/index.js';
import type { Io } from './io.js';
import { run } from './run.js';

/** Runs the program on this process's arguments, streams and clock, and sets its exit code. */
export async function runProcess(args: readonly string[]): Promise<void> {
  const io = processIo();
  process.exitCode = await run(args, io);
}

function processIo(): Io {
  let isClosed = false;
  // Whoever writes is told of what fails.
  process.stdout.on('error', () => undefined);
  // There is nowhere left to tell it.
  process.stderr.on('error', () => undefined);
  return {
    writeOut: (text) =>
      new Promise((resolve, reject) => {
        if (isClosed) return resolve();
        process.stdout.write(text, (error: NodeJS.ErrnoException | null | undefined) => {
          // A reader such as `head` closes the pipe when it has enough: that is no error of ours.
          if (error?.code === 'EPIPE') isClosed = true;
          else if (error) return reject(new UserError(`cannot write the result: ${error.message}`, EXIT.usage));
          resolve();
        });
      }),
    writeError: (text) => void process.stderr.write(text),
    readLines: () => createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY }),
    get isClosed() {
      return isClosed;
    },
    env: process.env,
    cwd: process.cwd(),
    outIsTerminal: process.stdout.isTTY,
    errorIsTerminal: process.stderr.isTTY,
    columns: process.stdout.columns,
    now: () => readClock(process.env['SOURCE_DATE_EPOCH']),
  };
}

/**
 * The time, or the one that a reproducible run states.
 * @see https://reproducible-builds.org/docs/source-date-epoch/
 */
function readClock(sourceDateEpoch: string | undefined): Date {
  const seconds = sourceDateEpoch === undefined ? Number.NaN : Number(sourceDateEpoch);
  return Number.isFinite(seconds) ? new Date(seconds * 1000) : new Date();
}
