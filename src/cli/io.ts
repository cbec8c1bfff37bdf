/** Everything that the command line takes from its surroundings, so that tests can give their own. */
export interface Io {
  /** Writes results. Resolves when the reader took them, or when the reader is gone. */
  writeOut(text: string): Promise<void>;
  /** Writes progress and diagnostics. */
  writeError(text: string): void;
  /** The lines of standard input. */
  readLines(): AsyncIterable<string>;
  /** True once whoever read standard output has closed it: nothing more needs to be worked out for it. */
  readonly isClosed: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly outIsTerminal: boolean;
  readonly errorIsTerminal: boolean;
  /** Columns of the terminal; undefined where there is none. */
  readonly columns: number | undefined;
  now(): Date;
}
