import { EXIT } from '../../model/index.js';
import { addCollectFlags, type CollectFlags, collectRun } from '../collect-flags.js';
import { addCommonFlags } from '../flags.js';
import { printAnswer } from '../print-answer.js';
import { type CommonOptions, openSession } from '../session.js';
import type { AddCommand } from './command.js';

export const addCollect: AddCommand = (program, { io, finish }) =>
  addCollectFlags(addCommonFlags(program.command('collect'), ['table', 'json']))
    .description('collect a live account into a snapshot')
    .option('--out <folder>', 'where the snapshot goes', 'trespass-snapshot')
    .action(async (options: CommonOptions & CollectFlags & { out: string }) => {
      const session = openSession(io, options);
      const { collect } = await import('../../main/scan.js');
      const { accounts, gaps } = await collect(collectRun(session, options, options.out));
      await printAnswer(
        session,
        { schemaVersion: 1, snapshot: options.out, accounts, gaps },
        async () => (await import('../../reporters/answers/collected.js')).renderCollected,
      );
      finish(EXIT.fine);
    });
