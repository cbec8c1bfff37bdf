import { addCommonFlags, pathsPerPairOption, preparedOption } from '../flags.js';
import type { ReportOptions } from '../print-report.js';
import { openSession } from '../session.js';
import { openPreparedFirst } from '../snapshot.js';
import type { AddCommand } from './command.js';

export const addExplain: AddCommand = (program, { io, finish }) =>
  addCommonFlags(program.command('explain'), ['table', 'json', 'markdown', 'mermaid'])
    .description('one path, every step with its evidence and its fix')
    .argument('<snapshot>', 'a snapshot folder, or a .tar.gz or .zip of one')
    .argument('<path-id>', 'the id of a path (p-…), or as much of it as is unique')
    .addOption(pathsPerPairOption())
    .addOption(preparedOption())
    .action(async (snapshot: string, pathId: string, options: ReportOptions) => {
      const session = openSession(io, options);
      const { analysis } = await openPreparedFirst(session, snapshot, options);
      const { finishReport, findPath } = await import('../../main/index.js');
      const report = finishReport(analysis, await session.config());
      const path = findPath(report, pathId);
      const { explainPath } = await import('../../reporters/explain.js');
      await session.print(await explainPath(report, path, session.format, { ...session.render, snapshot }));
      finish(0);
    });
