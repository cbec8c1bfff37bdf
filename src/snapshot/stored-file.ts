/** One file of a snapshot, wherever the snapshot is kept. */
export interface StoredFile {
  /** Inside the snapshot, with forward slashes: `111122223333/us-east-1/ec2/DescribeInstances.json`. */
  readonly path: string;
  /** Its bytes, unpacked. Throws a `UserError` where a limit of {@link LIMITS} is passed. */
  readonly read: () => Promise<Uint8Array>;
}

/**
 * What a snapshot may ask of this machine. A JSON text longer than `fileBytes` cannot be a string in V8; the writer splits
 * answers long before. The others stop archives that unpack without end and documents made to overflow the stack.
 */
export const LIMITS = {
  fileBytes: 0x1fff_ffe8,
  archiveBytes: 4 * 1024 ** 3,
  archiveEntries: 500_000,
  jsonDepth: 500,
} as const;

const PLACE = /^\d{12}\/[a-z0-9-]+\/[a-z0-9-]+\/[A-Za-z0-9]+(?:\.\d+)?\.json(?:\.gz)?$/;

/** Whether a path inside a snapshot is the manifest or an answer; every other file there is not ours to read. */
export const isSnapshotFile = (path: string): boolean => path === 'manifest.json' || PLACE.test(path);

/**
 * The folders inside an archive that are a snapshot, sorted: archives are packed with the folder's own name in front as often
 * as without it. A snapshot is where a manifest or account folders stand; those that are least deep count.
 */
export function snapshotRoots(paths: Iterable<string>): readonly string[] {
  const roots = new Set<string>();
  for (const path of paths) {
    const [, root] = /^((?:[^/]+\/)*?)(?:manifest\.json|\d{12}\/[^/]+\/[^/]+\/[^/]+)$/.exec(path) ?? [];
    if (root !== undefined) roots.add(root);
  }
  const depth = [...roots].reduce((least, root) => Math.min(least, depthOf(root)), Infinity);
  return [...roots].filter((root) => depthOf(root) === depth).sort();
}

const depthOf = (root: string): number => root.split('/').length;

/** An archive entry's name without `./`; `undefined` where it would lead out of the archive. */
export function entryPath(name: string): string | undefined {
  const parts = name.replaceAll('\\', '/').split('/');
  if (name.startsWith('/') || name.includes('\0') || parts.includes('..')) return undefined;
  return parts.filter((part) => part !== '' && part !== '.').join('/');
}
