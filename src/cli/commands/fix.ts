import { addCommonFlags } from '../flags.js';
import { EXIT, UserError } from '../../model/index.js';
import { printAnswer } from '../print-answer.js';
import { type CommonOptions, openSession } from '../session.js';
import { analyzeOptions, openSnapshot } from '../snapshot.js';
import type { AddCommand } from './command.js';

export const addFix: AddCommand = (program, { io, finish }) =>
  addCommonFlags(program.command('fix'), ['table', 'json'])
    .description('the few changes that end most attack paths, each tried on the snapshot')
    .argument('<snapshot>', 'a snapshot folder, or a .tar.gz or .zip of one')
    .option('--limit <count>', 'how many changes at most', '10')
    .action(async (snapshot: string, options: CommonOptions & { limit: string }) => {
      const limit = Number(options.limit);
      if (!Number.isInteger(limit) || limit < 1) {
        throw new UserError(`--limit: ${options.limit} is no whole number above 0`, EXIT.usage);
      }
      const session = openSession(io, options);
      const { analysis } = await openSnapshot(session, snapshot);
      const { planFixes } = await import('../../main/index.js');
      const { toolVersion } = await analyzeOptions(session, {});
      const plan = planFixes(analysis, {
        toolVersion,
        limit,
        onTry: (text) => session.progress(`trying: ${text}`),
      });
      await printAnswer(session, plan, async () => (await import('../../reporters/answers/plan.js')).renderFixPlan);
      finish(EXIT.fine);
    });
