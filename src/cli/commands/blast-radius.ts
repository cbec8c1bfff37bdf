import type { Analysis } from '../../main/analysis.js';
import { EXIT, sortedUnique, UserError } from '../../model/index.js';
import { questionAssets, requireAssets } from '../asset-question.js';
import { answerBatch } from '../batch.js';
import { addCommonFlags, allOption, preparedOption, vulnerabilitiesOption } from '../flags.js';
import { printAnswer } from '../print-answer.js';
import { readBytes } from '../read-text.js';
import { type CommonOptions, openSession } from '../session.js';
import { openPreparedFirst } from '../snapshot.js';
import type { AddCommand } from './command.js';

export const addBlastRadius: AddCommand = (program, { io, finish }) =>
  addCommonFlags(program.command('blast-radius'), ['table', 'json'])
    .description('what an intruder on the assets can reach, and how to contain it')
    .argument('<snapshot>', 'a snapshot folder, or a .tar.gz or .zip of one')
    .argument('[asset...]', 'ids, ARNs or names')
    .addOption(allOption())
    .addOption(vulnerabilitiesOption())
    .option(
      '--finding <file>',
      'the assets that findings of Amazon GuardDuty are about: JSON as exported, or as the AWS CLI prints it',
    )
    .addOption(preparedOption())
    .option('--batch <file>', 'questions {"assets": […]}, one a line; - for standard input')
    .action(
      async (
        snapshot: string,
        assets: readonly string[],
        options: CommonOptions & {
          batch?: string;
          prepared?: string;
          finding?: string;
          vulnerabilities?: readonly string[];
        },
      ) => {
        if (options.finding === undefined) requireAssets(assets, options.batch);
        else if (options.batch !== undefined)
          throw new UserError('--batch stands for --finding: give one or the other', EXIT.usage);
        const session = openSession(io, options);
        const { analysis } = await openPreparedFirst(session, snapshot, options);
        const { askBlastRadius } = await import('../../main/index.js');
        if (options.batch !== undefined) {
          finish(
            await answerBatch(session, options.batch, (question) => askBlastRadius(analysis, questionAssets(question))),
          );
          return;
        }
        const found = options.finding === undefined ? [] : await readFinding(options.finding, analysis);
        await printAnswer(
          session,
          askBlastRadius(analysis, sortedUnique([...assets, ...found])),
          async () => (await import('../../reporters/answers/blast-radius.js')).renderBlastRadius,
        );
        finish(EXIT.fine);
      },
    );

async function readFinding(path: string, { graph }: Analysis): Promise<readonly string[]> {
  const { assetsOfFindings } = await import('../../main/guardduty.js');
  return assetsOfFindings({ name: path, content: await readBytes(path, path) }, graph);
}
