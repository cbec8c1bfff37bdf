import { once } from '../../model/index.js';
import { holdSnapshot } from '../../snapshot/index.js';
import type { Exposure } from '../../network/index.js';
import type { AnalyzeOptions, PreparedParts } from '../analysis.js';
import { openAnalysis } from '../analyze.js';
import type { OpenedAnalysis } from '../open-snapshot.js';
import { preparedFor, type PreparedHeader } from './prepare.js';
import { openSections } from './sections.js';
import { readGraph } from './stored-graph.js';
import { readSteps } from './stored-steps.js';

/**
 * The analysis that was prepared of a snapshot; none where it is of another one, or was made by another version of the program.
 * @throws UserError where the snapshot or the file cannot be read
 */
export async function openPrepared(
  path: string,
  file: string,
  options: AnalyzeOptions,
): Promise<OpenedAnalysis | undefined> {
  const sections = openSections(file);
  const held = await holdSnapshot(path);
  const header = sections.header as PreparedHeader;
  const wanted = preparedFor(held, options.toolVersion);
  if (
    header.digest !== wanted.digest ||
    header.toolVersion !== wanted.toolVersion ||
    header.isLittleEndian !== wanted.isLittleEndian
  )
    return undefined;
  const names = once(() => sections.json('names') as readonly string[]);
  const graph = once(() => readGraph(sections, names()));
  const clauses = once(() => readSteps(sections, names()));
  const exposures = once(() => {
    const exposureAt = sections.values('exposures');
    return Array.from({ length: header.exposureCount }, (_, at) => exposureAt(at) as Exposure);
  });
  const parts: PreparedParts = {
    get graph() {
      return graph();
    },
    unreadable: header.unreadable,
    get clauses() {
      return clauses();
    },
    get exposures() {
      return exposures();
    },
  };
  return {
    analysis: openAnalysis(held.parseLater(header.outline), options, parts),
    reads: new Set(header.reads),
  };
}
