import { EXIT } from '../../model/index.js';
import { questionAssets, requireAssets } from '../asset-question.js';
import { answerBatch } from '../batch.js';
import { addCommonFlags, vulnerabilitiesOption } from '../flags.js';
import { printAnswer } from '../print-answer.js';
import { type CommonOptions, openSession } from '../session.js';
import { openSnapshot } from '../snapshot.js';
import type { AddCommand } from './command.js';

export const addBlastRadius: AddCommand = (program, { io, finish }) =>
  addCommonFlags(program.command('blast-radius'), ['table', 'json'])
    .description('what an intruder on the assets can reach, and how to contain it')
    .argument('<snapshot>', 'a snapshot folder, or a .tar.gz or .zip of one')
    .argument('[asset...]', 'ids, ARNs or names')
    .addOption(vulnerabilitiesOption())
    .option('--batch <file>', 'questions {"assets": […]}, one a line; - for standard input')
    .action(
      async (
        snapshot: string,
        assets: readonly string[],
        options: CommonOptions & { batch?: string; vulnerabilities?: readonly string[] },
      ) => {
        requireAssets(assets, options.batch);
        const session = openSession(io, options);
        const { analysis } = await openSnapshot(session, snapshot, options);
        const { askBlastRadius } = await import('../../main/index.js');
        if (options.batch !== undefined) {
          finish(
            await answerBatch(session, options.batch, (question) => askBlastRadius(analysis, questionAssets(question))),
          );
          return;
        }
        await printAnswer(
          session,
          askBlastRadius(analysis, assets),
          async () => (await import('../../reporters/answers/blast-radius.js')).renderBlastRadius,
        );
        finish(EXIT.fine);
      },
    );
