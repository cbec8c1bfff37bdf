import { EXIT, UserError } from '../../model/index.js';
import { answerBatch, optionalText, questionText, refuseUnknownKeys } from '../batch.js';
import { type Context, parseContext, questionContext } from '../context.js';
import { addCommonFlags } from '../flags.js';
import { printAnswer } from '../print-answer.js';
import { readText } from '../read-text.js';
import { type CommonOptions, openSession, type Session } from '../session.js';
import { openSnapshot } from '../snapshot.js';
import type { AddCommand } from './command.js';

interface CanFlags extends CommonOptions {
  readonly who?: string;
  readonly what?: readonly string[];
  readonly administrator?: true;
  readonly opens?: string;
  readonly from?: string;
  readonly context?: readonly string[];
  readonly sessionPolicy?: readonly string[];
  readonly batch?: string;
}

type Analysis = Awaited<ReturnType<typeof openSnapshot>>['analysis'];

/** Asks the one question that the arguments are, and prints its answer. */
type Ask = (analysis: Analysis, session: Session, context: Context) => Promise<void>;

export const addCan: AddCommand = (program, { io, finish }) =>
  addCommonFlags(program.command('can'), ['table', 'json'])
    .description('one authorization question, with the statements that decide it and, for a denial, what stops it')
    .argument('<snapshot>', 'a snapshot folder, or a .tar.gz or .zip of one')
    .argument(
      '[principal]',
      "a user's or role's ARN or name, a service, aws:account/<number>, or aws:any-principal (with --who: the resource)",
    )
    .argument('[action]', 'for example rds:CreateDBSnapshot')
    .argument('[resource]', 'an ARN or an asset (default: *)')
    .option('--who <action>', 'who may do ACTION, on the resource that is named after it (default: *)')
    .option('--what <action...>', 'on which resources the principal may do each ACTION')
    .option('--administrator', 'whether the principal administers its account, by policy or by what it can give itself')
    .option('--opens <resource>', 'whom the own policy of RESOURCE lets in: the public, other accounts, organizations')
    .option('--from <host>', 'the call is made on this instance or function: its network and credentials count')
    .option('--context <key=value...>', 'values of condition keys; a key that is given twice has two values')
    .option('--session-policy <file...>', "JSON policies passed when the principal's session was made")
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
        const named = [principal, action, resource].filter((argument) => argument !== undefined);
        const ask = options.batch === undefined ? chooseQuestion(named, options) : undefined;
        if (!ask) refuseBeside(named, options);
        const context = parseContext(options.context ?? []);
        const session = openSession(io, options);
        const { analysis } = await openSnapshot(session, snapshot);
        if (ask) await ask(analysis, session, context);
        finish(ask ? EXIT.fine : await answerQuestions(analysis, session, options.batch ?? '-'));
      },
    );

function refuseBeside(named: readonly string[], { who, what, administrator, opens }: CanFlags): void {
  if (named.length === 0 && [who, what, administrator, opens].every((flag) => flag === undefined)) return;
  throw new UserError('--batch stands for PRINCIPAL, ACTION and RESOURCE: give one or the other', EXIT.usage);
}

/** @throws UserError where the arguments are no question */
function chooseQuestion(named: readonly string[], options: CanFlags): Ask {
  const { who, what, administrator, opens } = options;
  const [first, second, third] = named;
  const kinds = [who, what, administrator, opens].filter((flag) => flag !== undefined).length;
  if (kinds > 1) throw new UserError('give one of --who, --what, --administrator and --opens', EXIT.usage);
  const expect = (count: number, form: string): void => {
    if (named.length !== count) throw new UserError(`write it as: trespass can SNAPSHOT ${form}`, EXIT.usage);
  };
  if (who !== undefined) {
    if (named.length > 1) expect(1, '--who ACTION [RESOURCE]');
    return askWho(who, first);
  }
  if (opens !== undefined) {
    expect(0, '--opens RESOURCE');
    return askOpens(opens);
  }
  if (administrator) {
    expect(1, 'PRINCIPAL --administrator');
    return askAdministrator(first ?? '');
  }
  if (what !== undefined) {
    expect(1, 'PRINCIPAL --what ACTION…');
    return askWhat(first ?? '', what);
  }
  if (first === undefined || second === undefined)
    throw new UserError(
      'can needs PRINCIPAL and ACTION, --who, --what, --administrator, --opens or --batch',
      EXIT.usage,
    );
  return askOne(first, second, third, options);
}

const askOne =
  (principal: string, action: string, resource: string | undefined, options: CanFlags): Ask =>
  async (analysis, session, context) => {
    const { from, sessionPolicy: files = [] } = options;
    const { askCan } = await import('../../main/index.js');
    const sessionPolicies = await Promise.all(
      files.map(async (name) => ({ name, document: await readText(name, EXIT.usage) })),
    );
    const answer = askCan(analysis, {
      principal,
      action,
      ...(resource !== undefined && { resource }),
      ...(from !== undefined && { from }),
      context,
      ...(files.length > 0 && { sessionPolicies }),
    });
    await printAnswer(session, answer, async () => (await import('../../reporters/answers/can.js')).renderCan);
  };

const askWho =
  (action: string, resource: string | undefined): Ask =>
  async (analysis, session, context) => {
    const { askWhoCan } = await import('../../main/index.js');
    const answer = askWhoCan(analysis, { action, ...(resource !== undefined && { resource }), context });
    await printAnswer(session, answer, async () => (await import('../../reporters/answers/who-can.js')).renderWhoCan);
  };

const askWhat =
  (principal: string, actions: readonly string[]): Ask =>
  async (analysis, session, context) => {
    const { askWhatCan } = await import('../../main/index.js');
    const answer = askWhatCan(analysis, { principal, actions, context });
    await printAnswer(session, answer, async () => (await import('../../reporters/answers/what-can.js')).renderWhatCan);
  };

const askAdministrator =
  (principal: string): Ask =>
  async (analysis, session) => {
    const main = await import('../../main/index.js');
    await printAnswer(session, main.askAdministrator(analysis, principal), async () => {
      return (await import('../../reporters/answers/administrator.js')).renderAdministrator;
    });
  };

const askOpens =
  (resource: string): Ask =>
  async (analysis, session) => {
    const main = await import('../../main/index.js');
    await printAnswer(session, main.askOpens(analysis, resource), async () => {
      return (await import('../../reporters/answers/opens.js')).renderOpens;
    });
  };

async function answerQuestions(analysis: Analysis, session: Session, file: string) {
  const { askCan } = await import('../../main/index.js');
  return answerBatch(session, file, (question) => {
    refuseUnknownKeys(question, ['principal', 'action', 'resource', 'context', 'from']);
    const asked = optionalText(question, 'resource');
    const from = optionalText(question, 'from');
    return askCan(analysis, {
      principal: questionText(question, 'principal'),
      action: questionText(question, 'action'),
      ...(asked !== undefined && { resource: asked }),
      ...(from !== undefined && { from }),
      context: questionContext(question),
    });
  });
}
