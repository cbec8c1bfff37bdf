import { readSnapshot } from '../snapshot/index.js';
import type { Analysis, AnalyzeOptions } from './analysis.js';
import { openAnalysis } from './analyze.js';
import { recordReads } from './check.js';

/** An analysis, and which operations (`service/Operation`) its report reads: those that it has read so far. */
export interface OpenedAnalysis {
  readonly analysis: Analysis;
  readonly reads: ReadonlySet<string>;
}

/** Reads a snapshot and opens it for questions. @throws UserError where it cannot be read or is none. */
export async function openSnapshotFile(path: string, options: AnalyzeOptions): Promise<OpenedAnalysis> {
  const { snapshot, reads } = recordReads(await readSnapshot(path));
  return { analysis: openAnalysis(snapshot, options), reads };
}
