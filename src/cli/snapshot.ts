import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { AnalyzeOptions } from '../main/analysis.js';
import type { OpenedAnalysis } from '../main/open-snapshot.js';
import { EXIT, UserError } from '../model/index.js';
import type { PreparedSummary } from '../reporters/answers/prepared.js';
import { readBytes } from './read-text.js';
import type { Session } from './session.js';
import { readVersion } from './version.js';

export interface OpenOptions {
  readonly pathsPerPair?: number;
  readonly vulnerabilities?: readonly string[];
}

/** For what is answered from a prepared analysis too. */
export interface OpenPreparedOptions extends OpenOptions {
  /** The file of it, where it is not beside the snapshot. */
  readonly prepared?: string;
}

/** Reads a snapshot (a folder or an archive of one) and opens it for questions. @throws UserError where it is none. */
export async function openSnapshot(session: Session, path: string, options: OpenOptions = {}): Promise<OpenedAnalysis> {
  requirePath(path);
  session.progress(`reading ${path}`);
  const { openSnapshotFile } = await import('../main/open-snapshot.js');
  return openSnapshotFile(path, await analyzeOptions(session, options));
}

/** @throws UserError for an empty path, which would be the current folder */
export function requirePath(snapshot: string): void {
  if (snapshot === '') throw new UserError('SNAPSHOT is empty', EXIT.usage);
}

/** Where the analysis that was prepared of a snapshot stands, unless it is named: beside it. */
export const preparedFile = (snapshot: string): string => `${resolve(snapshot)}.prepared`;

/** Works a snapshot out beforehand. @throws UserError where it cannot be read, or the file not be written */
export async function prepareInto(session: Session, snapshot: string, file: string): Promise<PreparedSummary> {
  session.progress(`reading ${snapshot}`);
  const { prepareSnapshot } = await import('../main/prepared/prepare.js');
  return { file, ...(await prepareSnapshot(snapshot, file, await analyzeOptions(session))) };
}

/**
 * The analysis that was prepared of a snapshot, where there is one and it fits; else that of the snapshot itself.
 * @throws UserError where the snapshot or the file that is named cannot be read
 */
export async function openPreparedFirst(
  session: Session,
  path: string,
  options: OpenPreparedOptions,
): Promise<OpenedAnalysis> {
  requirePath(path);
  const file = options.prepared ?? preparedFile(path);
  // What a scanner found counts among the steps, and was not known when these were prepared.
  const isUsable = (options.vulnerabilities ?? []).length === 0;
  const isThere = options.prepared !== undefined || (await exists(file));
  const prepared = isUsable && isThere ? await readPrepared(session, path, file, options) : undefined;
  return prepared ?? openSnapshot(session, path, options);
}

/** None, and a note that says why, where the file does not fit or cannot be read; the latter is an error where the file was named. */
async function readPrepared(
  session: Session,
  path: string,
  file: string,
  options: OpenPreparedOptions,
): Promise<OpenedAnalysis | undefined> {
  session.progress(`reading ${file}`);
  const { openPrepared } = await import('../main/prepared/open-prepared.js');
  try {
    const opened = await openPrepared(path, file, await analyzeOptions(session, options));
    if (!opened)
      session.note(`${file} is of another snapshot or version, and is not used: trespass prepare writes it anew`);
    return opened;
  } catch (error) {
    if (!(error instanceof UserError) || options.prepared !== undefined) throw error;
    session.note(error.message);
    return undefined;
  }
}

/** Whether there is something under a path. */
export const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

export async function analyzeOptions(session: Session, options: OpenOptions = {}): Promise<AnalyzeOptions> {
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
