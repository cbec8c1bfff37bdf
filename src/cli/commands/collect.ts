import { EXIT } from '../../model/index.js';
import { addCollectFlags, type CollectFlags, collectOptions } from '../collect-flags.js';
import { addCommonFlags } from '../flags.js';
import { type CommonOptions, openSession } from '../session.js';
import type { AddCommand } from './command.js';

export const addCollect: AddCommand = (program, { io, finish }) =>
  addCollectFlags(addCommonFlags(program.command('collect'), ['table', 'json']))
    .description('collect a live account into a snapshot')
    .option('--out <folder>', 'where the snapshot goes', 'trespass-snapshot')
    .action(async (options: CommonOptions & CollectFlags & { out: string }) => {
      const session = openSession(io, options);
      const { collect } = await import('../../main/scan.js');
      const snapshot = await collect({
        collect: collectOptions(io, options),
        out: options.out,
        onProgress: (text) => session.progress(text),
      });
      const { renderCollected } = await import('../../reporters/answers/collected.js');
      const { formatJson } = await import('../../reporters/json.js');
      const summary = {
        schemaVersion: 1,
        snapshot: options.out,
        accounts: snapshot.accounts,
        gaps: snapshot.gaps,
      };
      await session.print(session.format === 'json' ? formatJson(summary) : renderCollected(summary));
      finish(EXIT.fine);
    });
