import { EXIT, UserError } from '../../model/index.js';
import {
  addCommonFlags,
  allOption,
  alsoOption,
  failOnOption,
  parseSeverity,
  pathsPerPairOption,
  preparedOption,
  vulnerabilitiesOption,
} from '../flags.js';
import { reportSeverity, REPORT_FORMATS, type ReportOptions, renderReport, reportViolations } from '../print-report.js';
import { readText } from '../read-text.js';
import { openSession } from '../session.js';
import { openPreparedFirst } from '../snapshot.js';
import type { AddCommand } from './command.js';

interface CheckFlags extends ReportOptions {
  readonly baseline?: string;
  readonly reference?: string;
  readonly allowGaps?: boolean;
}

const EXIT_OF_VERDICT = { passed: EXIT.fine, failed: EXIT.checkFailed, gaps: EXIT.gaps } as const;

export const addCheck: AddCommand = (program, { io, finish }) =>
  addCommonFlags(program.command('check'), REPORT_FORMATS)
    .description('fail when there is an exposure path that the baseline does not hold')
    .argument('<snapshot>', 'a snapshot folder, or a .tar.gz or .zip of one')
    .option('--baseline <file>', 'what is accepted, as `trespass baseline` wrote it')
    .option(
      '--reference <snapshot>',
      'an earlier snapshot: says what is new in it; without --baseline, what is accepted',
    )
    .option('--allow-gaps', 'do not fail because something could not be seen')
    .addOption(failOnOption())
    .addOption(allOption())
    .addOption(alsoOption(REPORT_FORMATS))
    .addOption(pathsPerPairOption())
    .addOption(preparedOption())
    .addOption(vulnerabilitiesOption())
    .action(async (snapshot: string, options: CheckFlags) => {
      const session = openSession(io, options);
      const config = await session.config();
      const baselineFile = options.baseline ?? (options.reference === undefined ? config.baseline : undefined);
      if (baselineFile === undefined && options.reference === undefined) {
        throw new UserError('check needs --baseline FILE or --reference SNAPSHOT', EXIT.usage);
      }
      const { pathsPerPair } = options;
      const { parseBaseline, checkReport, finishReport } = await import('../../main/index.js');
      const baseline =
        baselineFile === undefined ? undefined : parseBaseline(await readText(baselineFile), baselineFile);
      const { analysis, reads } = await openPreparedFirst(session, snapshot, options);
      const report = finishReport(analysis, config);
      const reference =
        options.reference === undefined
          ? undefined
          : (
              await openPreparedFirst(session, options.reference, {
                ...(pathsPerPair !== undefined && { pathsPerPair }),
              })
            ).analysis;
      session.progress('comparing');
      const compared = checkReport(report, {
        ...(baseline && { baseline }),
        ...(reference && { reference }),
        now: io.now(),
        allowGaps: options.allowGaps === true,
        reads,
      });
      await renderReport(session, compared, analysis, snapshot, options.also);
      const isGuarded = await reportViolations(session, report);
      const failOn = options.failOn === undefined ? undefined : parseSeverity(options.failOn);
      const isMild = reportSeverity(session, compared, failOn);
      finish(!isMild || !isGuarded ? EXIT.checkFailed : EXIT_OF_VERDICT[compared.comparison.verdict]);
    });
