import { EXIT } from '../../model/index.js';
import { addCommonFlags } from '../flags.js';
import { printAnswer } from '../print-answer.js';
import { type CommonOptions, openSession } from '../session.js';
import { preparedFile, prepareInto, requirePath } from '../snapshot.js';
import type { AddCommand } from './command.js';

export const addPrepare: AddCommand = (program, { io, finish }) =>
  addCommonFlags(program.command('prepare'), ['table', 'json'])
    .description('work a snapshot out beforehand, so that analyze, check, blast-radius and others answer sooner')
    .argument('<snapshot>', 'a snapshot folder, or a .tar.gz or .zip of one')
    .option('--out <file>', 'the file to write (default: SNAPSHOT.prepared)')
    .action(async (snapshot: string, options: CommonOptions & { out?: string }) => {
      requirePath(snapshot);
      const session = openSession(io, options);
      const file = options.out ?? preparedFile(snapshot);
      const prepared = await prepareInto(session, snapshot, file);
      await printAnswer(
        session,
        { schemaVersion: 1, ...prepared },
        async () => (await import('../../reporters/answers/prepared.js')).renderPrepared,
      );
      finish(EXIT.fine);
    });
