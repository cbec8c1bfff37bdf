import type { Snapshot } from '../snapshot/index.js';
import type { Analysis, AnalyzeOptions } from './analysis.js';
import { openAnalysis } from './analyze.js';
import { type CollectOptions, collectSnapshot, requiredPermissions, writeSnapshot } from './pending.js';

export interface ScanOptions {
  readonly collect: CollectOptions;
  readonly analyze: AnalyzeOptions;
  /** Where the snapshot is kept; nowhere when absent. */
  readonly out?: string;
  readonly onProgress: (text: string) => void;
}

/** Collects a live account. @throws UserError where AWS refuses everything or cannot be reached. */
export async function collect(options: Omit<ScanOptions, 'analyze'>): Promise<Snapshot> {
  const snapshot = await collectSnapshot(options.collect, options.onProgress);
  if (options.out !== undefined) await writeSnapshot(options.out, snapshot);
  return snapshot;
}

/** Collects a live account and opens it for questions. @throws UserError as {@link collect}. */
export async function scan(options: ScanOptions): Promise<Analysis> {
  return openAnalysis(await collect(options), options.analyze);
}

/** The read-only IAM policy that collecting needs. */
export const requiredPolicy = (): Promise<object> => requiredPermissions();
