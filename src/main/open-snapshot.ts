import { readSnapshot } from '../snapshot/index.js';
import type { Analysis, AnalyzeOptions } from './analysis.js';
import { openAnalysis } from './analyze.js';
import { recordReads } from './check.js';

/** Reads a snapshot and opens it for questions. @throws UserError where it cannot be read or is none. */
export async function openSnapshotFile(
  path: string,
  options: AnalyzeOptions,
): Promise<{ readonly analysis: Analysis; readonly reads: ReadonlySet<string> }> {
  const { snapshot, reads } = recordReads(await readSnapshot(path));
  return { analysis: openAnalysis(snapshot, options), reads };
}
