import { EXIT } from '../../model/index.js';
import { addCollectFlags, type CollectFlags, collectRun } from '../collect-flags.js';
import { addCommonFlags } from '../flags.js';
import { printAnswer } from '../print-answer.js';
import type { PreparedSummary } from '../../reporters/answers/prepared.js';
import { type CommonOptions, openSession } from '../session.js';
import { preparedFile, prepareInto } from '../snapshot.js';
import type { AddCommand } from './command.js';

export const addCollect: AddCommand = (program, { io, finish }) =>
  addCollectFlags(addCommonFlags(program.command('collect'), ['table', 'json']))
    .description('collect a live account into a snapshot')
    .option('--out <folder>', 'where the snapshot goes', 'trespass-snapshot')
    .option('--prepare', 'work it out beforehand too, as `trespass prepare` does')
    .action(async (options: CommonOptions & CollectFlags & { out: string; prepare?: boolean }) => {
      const session = openSession(io, options);
      const { collect } = await import('../../main/scan.js');
      const { accounts, gaps } = await collect(collectRun(session, options, options.out));
      const print = (prepared?: PreparedSummary): Promise<void> =>
        printAnswer(
          session,
          { schemaVersion: 1, snapshot: options.out, accounts, gaps, ...(prepared && { prepared }) },
          async () => (await import('../../reporters/answers/collected.js')).renderCollected,
        );
      if (options.prepare !== true) await print();
      else {
        const prepared = prepareInto(session, options.out, preparedFile(options.out));
        // The snapshot is there, whatever becomes of the rest.
        await prepared.catch(() => print());
        await print(await prepared);
      }
      finish(EXIT.fine);
    });
