import { CommanderError } from 'commander';
import { EXIT, type ExitCode, UserError } from '../model/index.js';
import { printable } from '../reporters/index.js';
import type { Io } from './io.js';
import { createProgram } from './program.js';

/** Runs one command line and gives its exit code; the one place where errors end. */
export async function run(args: readonly string[], io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.fine;
  try {
    const program = createProgram(io, (code) => {
      exitCode = code;
    });
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    return explainFailure(error, io);
  }
}

function explainFailure(error: unknown, io: Io): ExitCode {
  // Commander has already printed its message, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.usage;
  if (error instanceof UserError) {
    io.writeError(`trespass: ${printable(error.message)}\n`);
    for (const line of error.details) io.writeError(`  ${printable(line)}\n`);
    return error.exitCode;
  }
  const isAsked = (io.env['TRESPASS_DEBUG'] ?? '') !== '';
  const message = error instanceof Error ? error.message : String(error);
  io.writeError(`trespass: this is a defect of the program: ${printable(message).slice(0, 500)}\n`);
  if (isAsked && error instanceof Error) io.writeError(`${printable(error.stack ?? '', { keepLines: true })}\n`);
  else io.writeError('Run again with TRESPASS_DEBUG=1 to see where, and please report it.\n');
  return EXIT.defect;
}
