import { addCollectFlags, type CollectFlags, collectRun } from '../collect-flags.js';
import {
  addCommonFlags,
  allOption,
  alsoOption,
  failOnOption,
  pathsPerPairOption,
  vulnerabilitiesOption,
} from '../flags.js';
import { printReport, REPORT_FORMATS, type ReportOptions } from '../print-report.js';
import { openSession } from '../session.js';
import { analyzeOptions } from '../snapshot.js';
import type { AddCommand } from './command.js';

export const addScan: AddCommand = (program, { io, finish }) =>
  addCollectFlags(addCommonFlags(program.command('scan'), REPORT_FORMATS))
    .description('collect a live account, then find its attack paths')
    .option('--out <folder>', 'keep the snapshot here')
    .addOption(failOnOption())
    .addOption(allOption())
    .addOption(alsoOption(REPORT_FORMATS))
    .addOption(pathsPerPairOption())
    .addOption(vulnerabilitiesOption())
    .action(async (options: ReportOptions & CollectFlags & { out?: string }) => {
      const session = openSession(io, options);
      const { collect } = await import('../../main/scan.js');
      const snapshot = await collect(collectRun(session, options, options.out));
      const { openAnalysis } = await import('../../main/analyze.js');
      const analysis = openAnalysis(snapshot, await analyzeOptions(session, options));
      finish(await printReport(session, analysis, { ...options, snapshot: options.out ?? 'SNAPSHOT' }));
    });
