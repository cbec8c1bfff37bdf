import { resolve } from 'node:path';
import type { Analysis, AnalyzeOptions } from '../main/analysis.js';
import { EXIT, UserError } from '../model/index.js';
import { readBytes } from './read-text.js';
import type { Session } from './session.js';
import { readVersion } from './version.js';

export interface OpenOptions {
  readonly pathsPerPair?: number;
  readonly vulnerabilities?: readonly string[];
}

/** An analysis, and which operations (`service/Operation`) it has read so far. */
export interface OpenedAnalysis {
  readonly analysis: Analysis;
  readonly reads: ReadonlySet<string>;
}

/** Reads a snapshot (a folder or an archive of one) and opens it for questions. @throws UserError where it is none. */
export async function openSnapshot(session: Session, path: string, options: OpenOptions = {}): Promise<OpenedAnalysis> {
  if (path === '') throw new UserError('SNAPSHOT is empty', EXIT.usage);
  session.progress(`reading ${path}`);
  const { openSnapshotFile } = await import('../main/open-snapshot.js');
  return openSnapshotFile(path, await analyzeOptions(session, options));
}

export async function analyzeOptions(session: Session, options: OpenOptions): Promise<AnalyzeOptions> {
  const files = options.vulnerabilities ?? [];
  const vulnerabilities = await Promise.all(
    files.map(async (name) => ({ name, content: await readBytes(resolve(session.io.cwd, name), name) })),
  );
  const { classification } = await session.config();
  return {
    toolVersion: readVersion(),
    ...(classification && { classification }),
    ...(options.pathsPerPair !== undefined && { pathsPerPair: options.pathsPerPair }),
    vulnerabilities,
    onStage: (stage) => session.progress(`working out ${stage}`),
  };
}
