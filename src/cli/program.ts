import { Command } from 'commander';
import { EXIT, type ExitCode, UserError } from '../model/index.js';
import { COMMANDS } from './commands/index.js';
import type { Io } from './io.js';
import { readVersion } from './version.js';

const AFTER_HELP = `
Start here:
  trespass scan --profile NAME          collect an account and show its attack paths
  trespass analyze SNAPSHOT             the same from a snapshot folder, offline
  trespass explain SNAPSHOT PATH-ID     one path, every step with evidence and fix

Exit codes: 0 fine, 1 check failed, 2 command line or config wrong, 3 input unreadable,
4 gaps that the result depends on, 5 AWS refused or unreachable, 70 a defect of the program.`;

/** The command line as commander sees it. `finish` is told the exit code of the command that ran. */
export function createProgram(io: Io, finish: (code: ExitCode) => void): Command {
  const program = new Command('trespass');
  program
    .description('Finds the attack paths from internet-exposed EC2 instances to data stores in AWS accounts.')
    .version(readVersion(), '-V, --version')
    .helpCommand('help [COMMAND]', 'display help for a command')
    .addHelpText('after', AFTER_HELP)
    .showSuggestionAfterError()
    .exitOverride()
    .hook('preAction', (_program, command) => refuseEmptyValues(command))
    .configureOutput({
      writeOut: (text) => void io.writeOut(text),
      writeErr: (text) => io.writeError(text),
      ...(io.columns !== undefined && { getOutHelpWidth: () => io.columns ?? 80 }),
    });
  for (const add of COMMANDS) {
    const command = add(program, { io, finish });
    command.copyInheritedSettings(program);
  }
  return program;
}

/** An empty value is that of a variable that a script did not set, and never meant. */
function refuseEmptyValues(command: Command): void {
  for (const option of command.options) {
    const value: unknown = command.getOptionValue(option.attributeName());
    if ([value].flat().includes('')) throw new UserError(`${option.long} is empty`, EXIT.usage);
  }
}
