import type { ComparedReport, Report } from '../findings/index.js';

/** What a reporter is told of where its text goes. */
export interface RenderOptions {
  readonly color: boolean;
  /** Columns. */
  readonly width: number;
  /** Shows everything where a text would only count it. */
  readonly all?: boolean;
  /** How the snapshot is called on the command line, for the commands that a text suggests. */
  readonly snapshot?: string;
}

/** A report, or one that knows what is new in it. */
export type Reportable = Report & Partial<Pick<ComparedReport, 'comparison'>>;

/** Gives the whole text, with a newline at its end. */
export type Render = (report: Reportable, options: RenderOptions) => string;

/** A format. Its code is loaded when it is chosen. */
export interface Reporter {
  readonly name: string;
  /** What it is for: a half-sentence. */
  readonly description: string;
  readonly load: () => Promise<Render>;
}
