/** The exit codes of the command line (see README, "Exit codes"). */
export const EXIT = {
  fine: 0,
  checkFailed: 1,
  usage: 2,
  unreadable: 3,
  gaps: 4,
  aws: 5,
  defect: 70,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A mistake of the user or of the input, said in a sentence and caught once, in `cli/`. */
export class UserError extends Error {
  override readonly name = 'UserError';
  constructor(
    message: string,
    readonly exitCode: ExitCode,
    /** Lines that stand below the sentence. */
    readonly details: readonly string[] = [],
  ) {
    super(message);
  }
}
