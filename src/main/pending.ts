import type { Snapshot } from '../snapshot/index.js';

// The collectors are loaded by name until their modules are here.
const COLLECTORS: string = '../collectors/index.js';
const WRITE: string = '../snapshot/index.js';

export interface CollectOptions {
  readonly profile?: string;
  readonly regions?: readonly string[];
  readonly endpointUrl?: string;
  readonly now: () => Date;
}

interface Parts {
  collectSnapshot(options: CollectOptions, onProgress: (text: string) => void): Promise<Snapshot>;
  requiredPermissions(): object;
  writeSnapshot(folder: string, snapshot: Snapshot): Promise<void>;
}

export const collectSnapshot: Parts['collectSnapshot'] = async (options, onProgress) =>
  ((await import(COLLECTORS)) as Parts).collectSnapshot(options, onProgress);

export const requiredPermissions = async (): Promise<object> =>
  ((await import(COLLECTORS)) as Parts).requiredPermissions();

export const writeSnapshot: Parts['writeSnapshot'] = async (folder, snapshot) =>
  ((await import(WRITE)) as Parts).writeSnapshot(folder, snapshot);
