import {
  type CollectOptions,
  type CollectProgress,
  collectSnapshot,
  type PolicyDocument,
  requiredPermissions,
} from '../collectors/index.js';
import { requireSnapshotFolder, type WholeSnapshot, writeSnapshot } from '../snapshot/index.js';

export interface CollectRun {
  readonly collect: CollectOptions;
  readonly toolVersion: string;
  /** Where the snapshot is kept; nowhere when absent. */
  readonly out?: string;
  readonly onProgress: CollectProgress;
}

/** Collects live accounts and keeps the snapshot. @throws UserError where AWS refuses everything or cannot be reached. */
export async function collect({ collect, toolVersion, out, onProgress }: CollectRun): Promise<WholeSnapshot> {
  if (out !== undefined) await requireSnapshotFolder(out);
  const startedAt = collect.now?.().toISOString();
  const snapshot = await collectSnapshot(collect, onProgress);
  if (out !== undefined) {
    await writeSnapshot(out, snapshot, {
      tool: { name: 'trespass', version: toolVersion },
      ...(startedAt !== undefined && { startedAt }),
    });
  }
  return snapshot;
}

/** The read-only IAM policy that collecting needs. */
export const requiredPolicy = (): PolicyDocument => requiredPermissions();
