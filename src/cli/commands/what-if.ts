import { EXIT, UserError } from '../../model/index.js';
import { addCommonFlags } from '../flags.js';
import { printAnswer } from '../print-answer.js';
import { type CommonOptions, openSession } from '../session.js';
import { analyzeOptions, openSnapshot } from '../snapshot.js';
import type { AddCommand } from './command.js';

const several = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

export const addWhatIf: AddCommand = (program, { io, finish }) =>
  addCommonFlags(program.command('what-if'), ['table', 'json'])
    .description('which attack paths your own changes would end or open')
    .argument('<snapshot>', 'a snapshot folder, or a .tar.gz or .zip of one')
    .option(
      '--remove <change>',
      '"rule sg-0abc tcp/22 from 0.0.0.0/0", "profile i-0abc", …; docs/fixes.md lists the forms (repeatable)',
      several,
    )
    .option(
      '--add <change>',
      '"rule sg-0abc tcp/443 from 0.0.0.0/0", "policy POLICY-ARN of ROLE", … (repeatable)',
      several,
    )
    .action(
      async (snapshot: string, options: CommonOptions & { remove?: readonly string[]; add?: readonly string[] }) => {
        const { remove = [], add = [] } = options;
        if (remove.length + add.length === 0) throw new UserError('what-if needs --remove or --add', EXIT.usage);
        const session = openSession(io, options);
        const { analysis } = await openSnapshot(session, snapshot);
        const { askWhatIf } = await import('../../main/index.js');
        const { toolVersion } = await analyzeOptions(session, {});
        const answer = askWhatIf(analysis, { remove, add }, { toolVersion });
        await printAnswer(session, answer, async () => (await import('../../reporters/answers/plan.js')).renderWhatIf);
        finish(EXIT.fine);
      },
    );
