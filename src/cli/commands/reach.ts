import { EXIT, UserError } from '../../model/index.js';
import { answerBatch, optionalText, questionText, refuseUnknownKeys } from '../batch.js';
import { addCommonFlags } from '../flags.js';
import { printAnswer } from '../print-answer.js';
import { type CommonOptions, openSession } from '../session.js';
import { openSnapshot } from '../snapshot.js';
import type { AddCommand } from './command.js';

interface ReachFlags extends CommonOptions {
  readonly from?: string;
  readonly to?: string;
  readonly port?: string;
  readonly batch?: string;
}

export const addReach: AddCommand = (program, { io, finish }) =>
  addCommonFlags(program.command('reach'), ['table', 'json'])
    .description('one network question, with what lets it through or what blocks it')
    .argument('<snapshot>', 'a snapshot folder, or a .tar.gz or .zip of one')
    .option('--from <source>', '`internet`, an address or CIDR, or an asset')
    .option('--to <target>', 'an asset or an address')
    .option('--port <port>', 'tcp/443, tcp/8000-8080, udp/53, icmp, tcp, all (default: every protocol and port)')
    .option('--batch <file>', 'questions {"from", "to", "port"}, one a line; - for standard input')
    .action(async (snapshot: string, options: ReachFlags) => {
      const { from, to, port, batch } = options;
      if (batch !== undefined && (from ?? to ?? port) !== undefined) {
        throw new UserError('--batch stands for --from, --to and --port: give one or the other', EXIT.usage);
      }
      if (batch === undefined && (from === undefined || to === undefined)) {
        throw new UserError('reach needs --from and --to, or --batch', EXIT.usage);
      }
      const session = openSession(io, options);
      const { analysis } = await openSnapshot(session, snapshot);
      const { askReach } = await import('../../main/index.js');
      if (batch !== undefined) {
        const code = await answerBatch(session, batch, (question) => {
          refuseUnknownKeys(question, ['from', 'to', 'port']);
          const asked = optionalText(question, 'port');
          return askReach(analysis, {
            from: questionText(question, 'from'),
            to: questionText(question, 'to'),
            ...(asked !== undefined && { port: asked }),
          });
        });
        finish(code);
        return;
      }
      const answer = askReach(analysis, { from: from ?? '', to: to ?? '', ...(port !== undefined && { port }) });
      await printAnswer(session, answer, async () => (await import('../../reporters/answers/reach.js')).renderReach);
      finish(EXIT.fine);
    });
