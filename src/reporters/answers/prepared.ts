import { printable } from '../printable.js';

/** What `prepare` wrote. */
export interface PreparedSummary {
  readonly file: string;
  readonly assets: number;
  readonly steps: number;
}

export const renderPrepared = ({ file, assets, steps }: PreparedSummary): string =>
  `${printable(file)} holds ${assets} assets and ${steps} possible steps\n`;
