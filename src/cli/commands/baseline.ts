import { addCommonFlags, pathsPerPairOption, preparedOption } from '../flags.js';
import type { ReportOptions } from '../print-report.js';
import { readText } from '../read-text.js';
import { openSession } from '../session.js';
import { exists, openPreparedFirst } from '../snapshot.js';
import type { AddCommand } from './command.js';

interface BaselineFlags extends ReportOptions {
  readonly out?: string;
  readonly allowGaps?: boolean;
}

export const addBaseline: AddCommand = (program, { io, finish }) =>
  addCommonFlags(program.command('baseline'), ['json'])
    .description('write the accepted state')
    .argument('<snapshot>', 'a snapshot folder, or a .tar.gz or .zip of one')
    .option('--out <file>', 'the baseline file; reasons, owners and expiry dates that it holds are kept')
    .option('--allow-gaps', 'accept what could not be seen: check will not fail because of it')
    .addOption(pathsPerPairOption())
    .addOption(preparedOption())
    .action(async (snapshot: string, options: BaselineFlags) => {
      const target = options.out ?? options.output;
      const session = openSession(io, { ...options, ...(target !== undefined && { output: target }) });
      const { acceptState, checkReport, parseBaseline, formatBaseline, finishReport } = await import(
        '../../main/index.js'
      );
      const previous =
        target !== undefined && (await exists(target)) ? parseBaseline(await readText(target), target) : undefined;
      const { analysis, reads } = await openPreparedFirst(session, snapshot, options);
      const report = finishReport(analysis, await session.config());
      session.progress('working out what stands behind');
      const baseline = acceptState(analysis, report, {
        acceptGaps: options.allowGaps === true,
        ...(previous && { previous }),
      });
      await session.print(formatBaseline(baseline));
      const gaps = report.snapshot.gaps.length;
      if (target !== undefined) session.note(`${target} holds ${baseline.paths.length} paths`);
      const { missing } = previous
        ? checkReport(report, { baseline: previous, now: io.now(), reads }).comparison
        : { missing: [] };
      const unseen = missing.filter(({ state }) => state === 'unverified');
      if (unseen.length > 0)
        session.note(
          `${unseen.length} paths that it held could not be looked for, and are no longer in it: ${unseen.map(({ id }) => id).join(', ')}`,
        );
      if (gaps > 0 && options.allowGaps !== true) {
        session.note(`${gaps} gaps are not accepted; check will report them (accept them with --allow-gaps)`);
      }
      finish(0);
    });
