import { EXIT } from '../../model/index.js';
import { questionAssets, requireAssets } from '../asset-question.js';
import { answerBatch } from '../batch.js';
import { addCommonFlags, preparedOption } from '../flags.js';
import { printAnswer } from '../print-answer.js';
import { type CommonOptions, openSession } from '../session.js';
import { openPreparedFirst } from '../snapshot.js';
import type { AddCommand } from './command.js';

export const addWhoCanReach: AddCommand = (program, { io, finish }) =>
  addCommonFlags(program.command('who-can-reach'), ['table', 'json'])
    .description('from which hosts and principals the assets can be reached')
    .argument('<snapshot>', 'a snapshot folder, or a .tar.gz or .zip of one')
    .argument('[asset...]', 'ids, ARNs or names')
    .addOption(preparedOption())
    .option('--batch <file>', 'questions {"assets": […]}, one a line; - for standard input')
    .action(
      async (
        snapshot: string,
        assets: readonly string[],
        options: CommonOptions & { batch?: string; prepared?: string },
      ) => {
        requireAssets(assets, options.batch);
        const session = openSession(io, options);
        const { analysis } = await openPreparedFirst(session, snapshot, options);
        const { askWhoCanReach } = await import('../../main/index.js');
        if (options.batch !== undefined) {
          finish(
            await answerBatch(session, options.batch, (question) => askWhoCanReach(analysis, questionAssets(question))),
          );
          return;
        }
        await printAnswer(
          session,
          askWhoCanReach(analysis, assets),
          async () => (await import('../../reporters/answers/blast-radius.js')).renderWhoCanReach,
        );
        finish(EXIT.fine);
      },
    );
