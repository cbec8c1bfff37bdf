import { type HeldSnapshot, holdSnapshot, outlineOf, type SnapshotOutline } from '../../snapshot/index.js';
import type { Gap } from '../../model/index.js';
import type { AnalyzeOptions } from '../analysis.js';
import { openAnalysis } from '../analyze.js';
import { writeSections } from './sections.js';
import { writeGraph } from './stored-graph.js';
import { writeSteps } from './stored-steps.js';

/** What must be the same where a prepared analysis is used. */
export interface PreparedFor {
  readonly toolVersion: string;
  /** Of the snapshot's files. */
  readonly digest: string;
  /** Of numbers in columns. */
  readonly isLittleEndian: boolean;
}

export interface PreparedHeader extends PreparedFor {
  readonly outline: SnapshotOutline;
  readonly unreadable: readonly Gap[];
}

/** How much was written. */
export interface PreparedCounts {
  readonly assets: number;
  readonly steps: number;
}

export const preparedFor = ({ digest }: HeldSnapshot, toolVersion: string): PreparedFor => ({
  toolVersion,
  digest,
  isLittleEndian: new Uint8Array(Uint32Array.of(1).buffer)[0] === 1,
});

/**
 * Works out the asset graph and every step that is possible, and writes them into a file, with which questions about the snapshot are
 * answered sooner. @throws UserError where the snapshot cannot be read, or the file not be written
 */
export async function prepareSnapshot(path: string, file: string, options: AnalyzeOptions): Promise<PreparedCounts> {
  const held = await holdSnapshot(path);
  const snapshot = await held.parse();
  const { graph, attack, unreadable } = openAnalysis(snapshot, options);
  const ids = graph.assets.map(({ id }) => id);
  const header: PreparedHeader = {
    ...preparedFor(held, options.toolVersion),
    outline: outlineOf(snapshot),
    unreadable,
  };
  writeSections(file, (sections) => {
    writeGraph(sections, graph);
    sections.json('names', writeSteps(sections, attack, ids));
    sections.finish(header);
  });
  return { assets: graph.size, steps: attack.engine.clauses.clauseCount };
}
