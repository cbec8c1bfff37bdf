import { EXIT, UserError } from '../model/index.js';
import { printable, type RenderOptions } from '../reporters/index.js';
import type { Config } from '../main/config.js';
import type { Io } from './io.js';
import { startProgress } from './progress.js';

/** The flags that every command has. */
export interface CommonOptions {
  readonly format: string;
  readonly output?: string;
  readonly config?: string;
  readonly quiet?: boolean;
  readonly color: boolean;
  readonly all?: boolean;
}

/** One run of one command: where its results and its diagnostics go, and its configuration. */
export interface Session {
  readonly io: Io;
  readonly format: string;
  readonly render: RenderOptions;
  /** To `--output` where given, else to standard output. */
  print(text: string): Promise<void>;
  /** To a file that is named besides. */
  write(path: string, parts: Iterable<string>): Promise<void>;
  /** A diagnostic on standard error, unless `--quiet`. */
  note(text: string): void;
  /** What makes the command fail, on standard error; `--quiet` does not silence it. */
  alarm(text: string): void;
  /** Progress: `text` on a terminal, `line` in a log (nothing there without it). */
  progress(text: string, line?: string): void;
  config(): Promise<Config>;
}

const DEFAULT_WIDTH = 100;

export function openSession(io: Io, options: CommonOptions): Session {
  const isQuiet = options.quiet === true;
  const progress = isQuiet ? undefined : startProgress(io);
  let config: Promise<Config> | undefined;
  let hasPrinted = false;
  return {
    io,
    format: options.format,
    render: {
      color: hasColor(io, options),
      width: Math.max(40, io.columns ?? DEFAULT_WIDTH),
      ...(options.all !== undefined && { all: options.all }),
    },
    print: async (text) => {
      progress?.end();
      if (options.output === undefined) await io.writeOut(text);
      else await writeResult(options.output, text, hasPrinted);
      hasPrinted = true;
    },
    write: async (path, parts) => {
      progress?.end();
      let isContinued = false;
      for (const part of parts) {
        await writeResult(path, part, isContinued);
        isContinued = true;
      }
    },
    note: (text) => {
      progress?.end();
      if (!isQuiet) io.writeError(`${printable(text)}\n`);
    },
    alarm: (text) => {
      progress?.end();
      io.writeError(`trespass: ${printable(text)}\n`);
    },
    progress: (text, line) => progress?.show(text, line ?? null),
    config: () => {
      config ??= import('./config/load-config.js').then(({ loadConfig }) => loadConfig(io, options.config));
      return config;
    },
  };
}

/** @see https://no-color.org and https://force-color.org */
function hasColor(io: Io, options: CommonOptions): boolean {
  if (!options.color || options.output !== undefined || isSet(io, 'NO_COLOR')) return false;
  if (isSet(io, 'FORCE_COLOR')) return io.env['FORCE_COLOR'] !== '0';
  return io.outIsTerminal && io.env['TERM'] !== 'dumb';
}

const isSet = (io: Io, name: string): boolean => (io.env[name] ?? '') !== '';

/** Results name an account's weak points, so a file of them is for its owner alone. */
async function writeResult(path: string, text: string, isContinued: boolean): Promise<void> {
  const { writeFile } = await import('node:fs/promises');
  try {
    await writeFile(path, text, { mode: 0o600, flag: isContinued ? 'a' : 'w' });
  } catch (error) {
    throw new UserError(`cannot write ${path}: ${(error as Error).message}`, EXIT.usage);
  }
}
