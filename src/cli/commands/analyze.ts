import {
  addCommonFlags,
  allOption,
  alsoOption,
  failOnOption,
  pathsPerPairOption,
  preparedOption,
  vulnerabilitiesOption,
} from '../flags.js';
import { printReport, REPORT_FORMATS, type ReportOptions } from '../print-report.js';
import { openSession } from '../session.js';
import { openPreparedFirst } from '../snapshot.js';
import type { AddCommand } from './command.js';

export const addAnalyze: AddCommand = (program, { io, finish }) =>
  addCommonFlags(program.command('analyze'), REPORT_FORMATS)
    .description('find the attack paths in a snapshot, offline')
    .argument('<snapshot>', 'a snapshot folder, or a .tar.gz or .zip of one')
    .addOption(failOnOption())
    .addOption(allOption())
    .addOption(alsoOption(REPORT_FORMATS))
    .addOption(pathsPerPairOption())
    .addOption(preparedOption())
    .addOption(vulnerabilitiesOption())
    .action(async (snapshot: string, options: ReportOptions) => {
      const session = openSession(io, options);
      const { analysis } = await openPreparedFirst(session, snapshot, options);
      finish(await printReport(session, analysis, { ...options, snapshot }));
    });
