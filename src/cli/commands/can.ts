import { EXIT, field, isObject, type JsonObject, UserError } from '../../model/index.js';
import { answerBatch, optionalText, questionText, refuseUnknownKeys } from '../batch.js';
import { addCommonFlags } from '../flags.js';
import { printAnswer } from '../print-answer.js';
import { type CommonOptions, openSession } from '../session.js';
import { openSnapshot } from '../snapshot.js';
import type { AddCommand } from './command.js';

interface CanFlags extends CommonOptions {
  readonly context?: readonly string[];
  readonly batch?: string;
}

type Context = Readonly<Record<string, string | readonly string[]>>;

export const addCan: AddCommand = (program, { io, finish }) =>
  addCommonFlags(program.command('can'), ['table', 'json'])
    .description('one authorization question, with the statements that decide it')
    .argument('<snapshot>', 'a snapshot folder, or a .tar.gz or .zip of one')
    .argument('[principal]', "a user's or role's ARN or name, a service, or aws:any-principal")
    .argument('[action]', 'for example rds:CreateDBSnapshot')
    .argument('[resource]', 'an ARN or an asset (default: *)')
    .option('--context <key=value...>', 'values of condition keys; a key that is given twice has two values')
    .option(
      '--batch <file>',
      'questions {"principal", "action", "resource", "context"}, one a line; - for standard input',
    )
    .action(
      async (
        snapshot: string,
        principal: string | undefined,
        action: string | undefined,
        resource: string | undefined,
        options: CanFlags,
      ) => {
        const { batch } = options;
        if (batch !== undefined && principal !== undefined) {
          throw new UserError('--batch stands for PRINCIPAL, ACTION and RESOURCE: give one or the other', EXIT.usage);
        }
        if (batch === undefined && (principal === undefined || action === undefined)) {
          throw new UserError('can needs PRINCIPAL and ACTION, or --batch', EXIT.usage);
        }
        const context = parseContext(options.context ?? []);
        const session = openSession(io, options);
        const { analysis } = await openSnapshot(session, snapshot);
        const { askCan } = await import('../../main/index.js');
        if (batch !== undefined) {
          const code = await answerBatch(session, batch, (question) => {
            refuseUnknownKeys(question, ['principal', 'action', 'resource', 'context']);
            const asked = optionalText(question, 'resource');
            return askCan(analysis, {
              principal: questionText(question, 'principal'),
              action: questionText(question, 'action'),
              ...(asked !== undefined && { resource: asked }),
              context: questionContext(question),
            });
          });
          finish(code);
          return;
        }
        const answer = askCan(analysis, {
          principal: principal ?? '',
          action: action ?? '',
          ...(resource !== undefined && { resource }),
          context,
        });
        await printAnswer(session, answer, async () => (await import('../../reporters/answers/can.js')).renderCan);
        finish(EXIT.fine);
      },
    );

/** `key=value` pairs; a key with nothing after `=` is stated to be absent. */
function parseContext(pairs: readonly string[]): Context {
  const values = new Map<string, string[]>();
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals < 1) throw new UserError(`--context ${pair}: write it as key=value`, EXIT.usage);
    const key = pair.slice(0, equals);
    const value = pair.slice(equals + 1);
    const known = values.get(key) ?? [];
    values.set(key, value === '' ? known : [...known, value]);
  }
  return Object.fromEntries(values);
}

function questionContext(question: JsonObject): Context {
  const context = field(question, 'context');
  if (context === undefined || context === null) return {};
  if (!isObject(context)) throw new UserError('"context" of the question is no object', EXIT.usage);
  return Object.fromEntries(
    Object.entries(context).map(([key, value]) => {
      if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return [key, value];
      if (typeof value === 'string') return [key, value];
      if (typeof value === 'number' || typeof value === 'boolean') return [key, String(value)];
      throw new UserError(`"context" has a value for "${key}" that is neither a text nor a list of texts`, EXIT.usage);
    }),
  );
}
