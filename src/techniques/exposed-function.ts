import type { PolicyOpening } from '../iam/index.js';
import { at, type Condition, objects, text, unknown } from '../model/index.js';
import { fact, INTERNET_FACT } from './fact.js';
import { isForSome, opensAction } from './public-opening.js';
import type { Technique } from './technique.js';
import { nameOf, stated, type World } from './world.js';

/** Says how the function was called; what a caller meets by calling it so. */
const BY_URL = /^lambda:(functionurlauthtype|invokedviafunctionurl)$/i;

/** The condition of every way in by what a function is sent. */
export const codeGivesWay = (id: string): Condition =>
  unknown('function code', `whether the code of ${id} gives way to what it is sent is not in the API`);

/** Functions that anybody may call: by a URL without authentication, or by a policy that lets everybody in. */
export const exposedFunction: Technique = {
  id: 'exposed-function',
  title: 'Enter a function that everybody may call',
  tactic: 'Initial Access',
  attack: ['T1190', 'T1648'],
  references: [
    'https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html',
    'https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html',
  ],
  premises: [
    'The function has a URL with AuthType NONE and a policy that lets everybody call it; or its policy lets every account invoke it.',
  ],
  assumptions: ['The code of the function gives way to what it is sent: an injection, or an unsafe use of its input.'],
  difficulty: { cost: 4, reason: 'a flaw in the code of the function is presumed' },
  detection: ['CloudWatch Logs of the function', 'lambda:Invoke (data event)'],
  remediation: 'Set the AuthType of the URL to AWS_IAM, and name who may call it in the policy.',
  steps: (world, emit) => {
    for (const { id } of world.graph.assetsOfType('lambda:function')) {
      const openings = world.iam.openings(id).filter((o) => o.to === 'public' && !isForSome(o));
      for (const { way, conditions, evidence, source } of waysIn(world, id, openings)) {
        emit({
          head: fact('exec', id),
          body: [INTERNET_FACT],
          conditions: [...conditions.filter((c) => !BY_URL.test(c.key)), codeGivesWay(id)],
          label: {
            technique: exposedFunction,
            detail: () => ({
              text: `Call ${nameOf(world, id)} ${way}, and make its code run what it is sent.`,
              evidence: [
                ...evidence.map((d) => d.evidence ?? stated(world, id, `statement ${d.statement} lets all call`)),
                stated(world, id, source),
              ],
              fix: exposedFunction.remediation,
            }),
          },
        });
      }
    }
  },
};

interface WayIn {
  readonly way: string;
  readonly conditions: readonly Condition[];
  readonly evidence: PolicyOpening['decidedBy'];
  readonly source: string;
}

const INVOKE = 'lambda:InvokeFunction';
const OPEN_URL = { way: 'by its URL', source: 'has a URL without authentication' };
const URL_UNSEEN = { way: 'by a URL', source: 'may have a URL without authentication' };
/** What says of a function whether its URL is open. */
const URL_OPERATIONS = ['lambda/GetPolicy', 'lambda/GetFunctionUrlConfig', 'lambda/ListFunctionUrlConfigs'];

function waysIn(world: World, id: string, openings: readonly PolicyOpening[]): readonly WayIn[] {
  const opensFor = (action: string) => openings.find((opening) => opensAction(opening, action));
  const byUrl = opensFor('lambda:InvokeFunctionUrl');
  const direct = openings.find(
    (opening) => opensAction(opening, INVOKE) && !opening.conditions.some((c) => BY_URL.test(c.key)),
  );
  const by = ({ conditions, decidedBy }: PolicyOpening, more: readonly Condition[] = []) => ({
    conditions: [...conditions, ...more],
    evidence: decidedBy,
  });
  const isPolicyUnseen = world.observed.detail('lambda/GetPolicy', id) === undefined;
  const unseen = unknown('function policy', `whether the policy of ${id} lets everybody call it was not collected`);
  const url = openUrl(world, id, isPolicyUnseen || opensFor(INVOKE) !== undefined);
  const opened = url?.length === 0 ? OPEN_URL : URL_UNSEEN;
  // Of functions of which nobody asked the one or the other, as of all that was not collected, the coverage tells.
  const mayBeOpen = url?.length === 0 || URL_OPERATIONS.some((operation) => world.observed.wasRefused(operation, id));
  return [
    ...(byUrl && url ? [{ ...opened, ...by(byUrl, url) }] : []),
    ...(isPolicyUnseen && url && mayBeOpen ? [{ ...opened, conditions: [unseen, ...url], evidence: [] }] : []),
    ...(direct ? [{ way: 'from any AWS account', source: 'may be invoked by everybody', ...by(direct) }] : []),
  ];
}

/** The month after which a new URL needs lambda:InvokeFunction to be allowed beside lambda:InvokeFunctionUrl. */
export const BOTH_SINCE = '2025-11';

/**
 * What has to hold for a function to have a URL that asks for nothing; `undefined` where it has none.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
 */
function openUrl(world: World, id: string, mayInvoke: boolean): readonly Condition[] | undefined {
  const own = world.observed.detail('lambda/GetFunctionUrlConfig', id);
  const listed = world.observed.detail('lambda/ListFunctionUrlConfigs', id);
  if (own === undefined && listed === undefined)
    return [unknown('function URL', `whether ${id} has one that asks for nothing was not collected`)];
  const isOpen = [own, ...objects(at(listed, 'FunctionUrlConfigs'))].some(
    (config) =>
      text(at(config, 'AuthType')) === 'NONE' && (mayInvoke || (text(at(config, 'CreationTime')) ?? '') < BOTH_SINCE),
  );
  return isOpen ? [] : undefined;
}
