import { addCollectFlags, type CollectFlags, collectOptions } from '../collect-flags.js';
import { addCommonFlags, failOnOption, pathsPerPairOption } from '../flags.js';
import { printReport, REPORT_FORMATS, type ReportOptions } from '../print-report.js';
import { openSession } from '../session.js';
import { readVersion } from '../version.js';
import type { AddCommand } from './command.js';

export const addScan: AddCommand = (program, { io, finish }) =>
  addCollectFlags(addCommonFlags(program.command('scan'), REPORT_FORMATS))
    .description('collect a live account, then find its attack paths')
    .option('--out <folder>', 'keep the snapshot here')
    .addOption(failOnOption())
    .addOption(pathsPerPairOption())
    .action(async (options: ReportOptions & CollectFlags & { out?: string }) => {
      const session = openSession(io, options);
      const { scan } = await import('../../main/scan.js');
      const analysis = await scan({
        collect: collectOptions(io, options),
        analyze: {
          toolVersion: readVersion(),
          ...(options.pathsPerPair !== undefined && { pathsPerPair: options.pathsPerPair }),
          onStage: (stage) => session.progress(stage),
        },
        ...(options.out !== undefined && { out: options.out }),
        onProgress: (text) => session.progress(text),
      });
      finish(await printReport(session, analysis, { ...options, snapshot: options.out ?? 'SNAPSHOT' }));
    });
