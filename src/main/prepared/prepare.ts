import { type HeldSnapshot, holdSnapshot, outlineOf, type SnapshotOutline } from '../../snapshot/index.js';
import type { Gap } from '../../model/index.js';
import type { AnalyzeOptions } from '../analysis.js';
import { openAnalysis } from '../analyze.js';
import { recordReads } from '../check.js';
import { notCollected } from '../not-collected.js';
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
  readonly exposureCount: number;
  /** Operations (`service/Operation`) that a report is made of. */
  readonly reads: readonly string[];
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
 * Works out the asset graph, what is exposed and every step that is possible, and writes them into a file, with which questions about the
 * snapshot are answered sooner. @throws UserError where the snapshot cannot be read, or the file not be written
 */
export async function prepareSnapshot(path: string, file: string, options: AnalyzeOptions): Promise<PreparedCounts> {
  const { whole, wanted } = await readWhole(path, options.toolVersion);
  const { snapshot, reads } = recordReads(whole);
  const analysis = openAnalysis(snapshot, options);
  const { graph, attack } = analysis;
  const ids = graph.assets.map(({ id }) => id);
  const exposures = analysis.network.exposures();
  // Read by a report besides.
  notCollected(snapshot);
  writeSections(file, (sections) => {
    writeGraph(sections, graph);
    sections.values('exposures', exposures.length, (at) => exposures[at]);
    sections.json('names', writeSteps(sections, attack, ids));
    const header: PreparedHeader = {
      ...wanted,
      outline: outlineOf(whole),
      unreadable: analysis.unreadable,
      exposureCount: exposures.length,
      reads: [...reads],
    };
    sections.finish(header);
  });
  return { assets: graph.size, steps: attack.engine.clauses.clauseCount };
}

/** The snapshot, without the bytes of its files, which nobody needs any more. */
async function readWhole(path: string, toolVersion: string) {
  const held = await holdSnapshot(path);
  return { whole: await held.parse(), wanted: preparedFor(held, toolVersion) };
}
