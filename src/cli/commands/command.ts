import type { Command } from 'commander';
import type { ExitCode } from '../../model/index.js';
import type { Io } from '../io.js';

/** What a command is given: its surroundings, and where to leave its exit code. */
export interface Surroundings {
  readonly io: Io;
  readonly finish: (code: ExitCode) => void;
}

/** Adds one command to the program and gives it back. */
export type AddCommand = (program: Command, surroundings: Surroundings) => Command;
