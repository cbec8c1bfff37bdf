import { EXIT } from '../../model/index.js';
import { addCommonFlags, wholeNumber } from '../flags.js';
import { printAnswer } from '../print-answer.js';
import { type CommonOptions, openSession } from '../session.js';
import { openSnapshot } from '../snapshot.js';
import type { AddCommand } from './command.js';

export const addConnection: AddCommand = (program, { io, finish }) =>
  addCommonFlags(program.command('connection'), ['table', 'json'])
    .description('how two assets are related: the shortest chains of relationships')
    .argument('<snapshot>', 'a snapshot folder, or a .tar.gz or .zip of one')
    .argument('<asset>', 'an id, an ARN or a name')
    .argument('<other>', 'another')
    .option('--count <count>', 'how many chains', wholeNumber(1, 100), 3)
    .action(async (snapshot: string, from: string, to: string, options: CommonOptions & { count: number }) => {
      const session = openSession(io, options);
      const { analysis } = await openSnapshot(session, snapshot);
      const { askConnection } = await import('../../main/index.js');
      await printAnswer(
        session,
        askConnection(analysis, { from, to, count: options.count }),
        async () => (await import('../../reporters/answers/connection.js')).renderConnection,
      );
      finish(EXIT.fine);
    });
