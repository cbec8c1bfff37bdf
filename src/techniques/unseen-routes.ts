import { type Asset, type Condition, groupBy, parseArn, unknown } from '../model/index.js';
import { opensAction } from './public-opening.js';
import type { OpenRoute } from './open-routes.js';
import type { World } from './world.js';

/** An API of which it was not collected what some route calls, or whom it asks. */
export interface UnseenRoutes {
  readonly api: Asset;
  readonly conditions: readonly Condition[];
}

const LISTINGS = ['api-gateway/GetRestApis', 'apigatewayv2/GetApis'];
const INVOKE = 'lambda:InvokeFunction';
const GATEWAY = 'apigateway.amazonaws.com';

/** An API, by what the ARNs of its calls say of it; each part `undefined` where a pattern leaves it open. */
interface Caller {
  readonly region: string | undefined;
  readonly account: string | undefined;
  readonly id: string | undefined;
}

const ANY: Caller = { region: undefined, account: undefined, id: undefined };

/**
 * The functions that APIs may call by routes that were not collected, or APIs that were not listed: those whose policy lets API Gateway invoke them for
 * such an API, as far as it names one, or was not collected either, where AWS refused to say.
 */
export function routesUnseen(world: World, unseen: readonly UnseenRoutes[]): readonly OpenRoute[] {
  const places = groupBy(unseen, ({ api }) => `${api.account} ${api.region}`);
  const byId = new Map(unseen.map((one) => [keyOf(one.api.account, one.api.region, bareId(one.api.id)), one]));
  const listed = new Set(
    ['apigateway:rest-api', 'apigateway:api']
      .flatMap((type) => world.graph.assetsOfType(type))
      .map(({ id, account, region }) => keyOf(account, region, bareId(id))),
  );
  return world.graph.assetsOfType('lambda:function').flatMap((target): readonly OpenRoute[] => {
    const callers = callersOf(world, target.id);
    // Of functions of which nobody asked the one or the other, as of all that was not collected, the coverage tells.
    const mayBeCalled =
      callers !== undefined ||
      ['lambda/GetPolicy', ...LISTINGS].some((operation) => world.observed.wasRefused(operation, target.id));
    for (const { account = target.account, region = target.region, id } of callers ?? [ANY]) {
      const one = id === undefined ? places.get(`${account} ${region}`)?.[0] : byId.get(keyOf(account, region, id));
      if (one) return [byApi(one, target)];
      const isListed = id !== undefined && listed.has(keyOf(account, region, id));
      if (mayBeCalled && !isListed && !areListed(world, account, region)) return [byNone(target, account, region)];
    }
    return [];
  });
}

const keyOf = (account: string, region: string, id: string): string => `${account} ${region} ${id}`;

const bareId = (api: string): string => api.slice(api.lastIndexOf('/') + 1);

const areListed = ({ observed }: World, account: string, region: string): boolean =>
  LISTINGS.every((operation) => observed.answer(operation, account, region) !== undefined);

const byApi = ({ api, conditions }: UnseenRoutes, target: Asset): OpenRoute => ({
  api: api.id,
  route: 'a route that was not collected',
  function: target.id,
  states: 'has routes of which it was not collected what they call, or whom they ask',
  conditions: [
    ...conditions,
    unknown('API route', `whether ${api.id} calls ${target.id} for whoever asks was not collected`),
  ],
});

const byNone = (target: Asset, account: string, region: string): OpenRoute => ({
  api: undefined,
  route: 'a route that was not collected',
  function: target.id,
  states: 'may be invoked by API Gateway, for all that was collected',
  conditions: [
    unknown('API', `whether an API calls ${target.id} for whoever asks was not collected in ${account}/${region}`),
  ],
});

/** For which APIs the policy of a function lets API Gateway invoke it; `undefined` where the policy was not collected. */
function callersOf(world: World, target: string): readonly Caller[] | undefined {
  const policy = world.observed.detail('lambda/GetPolicy', target);
  if (policy === undefined) return undefined;
  // Most functions have none, or one for another service: those are not judged.
  if (!/apigateway|"\*\\?"/.test(JSON.stringify(policy))) return [];
  return world.iam
    .openings(target)
    .filter((opening) => opening.to === 'service' && (opening.who === GATEWAY || opening.who === '*'))
    .filter((opening) => opensAction(opening, INVOKE))
    .flatMap(({ conditions }): readonly Caller[] => {
      const sources = conditions.find(
        ({ key, operator }) => key.toLowerCase() === 'aws:sourcearn' && !/not/i.test(operator),
      );
      return sources ? sources.values.map(callerIn) : [ANY];
    });
}

/** `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<verb>/<path>`, with wildcards. */
function callerIn(pattern: string): Caller {
  const arn = parseArn(pattern);
  const literal = (part: string | undefined): string | undefined =>
    part === undefined || part === '' || /[*?]/.test(part) ? undefined : part;
  return { region: literal(arn?.region), account: literal(arn?.account), id: literal(arn?.resource.split('/')[0]) };
}
