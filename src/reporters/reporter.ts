import type { ComparedReport, Report } from '../findings/index.js';
import type { PageFiles } from './html/html.js';
import type { PageData } from './html/page-data.js';

/** What a reporter is told of where its text goes. */
export interface RenderOptions {
  readonly color: boolean;
  /** Columns. */
  readonly width: number;
  /** Shows everything where a text would only count it. */
  readonly all?: boolean;
  /** How the snapshot is called on the command line, for the commands that a text suggests. */
  readonly snapshot?: string;
  /** What the interactive report is made of; for it alone. */
  readonly page?: {
    readonly files: PageFiles;
    readonly data: (report: Reportable) => PageData;
  };
}

/** A report, or one that knows what is new in it. */
export type Reportable = Report & Partial<Pick<ComparedReport, 'comparison'>>;

/** Gives the whole text, with a newline at its end. */
export type Render = (report: Reportable, options: RenderOptions) => string;

export type RenderInParts = (report: Reportable, options: RenderOptions) => Iterable<string>;

/** A format. Its code is loaded when it is chosen. */
export interface Reporter {
  readonly name: string;
  /** What it is for: a half-sentence. */
  readonly description: string;
  readonly load: () => Promise<Render>;
  /** Gives the same text in parts, where it may be longer than one string can be. */
  readonly loadInParts?: () => Promise<RenderInParts>;
  /** True where it shows more than the report holds, and has to be given `RenderOptions.page`. */
  readonly needsPage?: boolean;
}
