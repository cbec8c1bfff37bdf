import { type Asset, at, type Condition, flag, isObject, objects, text, unknown } from '../model/index.js';
import { type LinkQuestion, vpcLinkArn } from '../network/index.js';
import { routesUnseen, type UnseenRoutes } from './unseen-routes.js';
import type { World } from './world.js';

/** A way in by an API that asks nobody who calls. */
export interface OpenRoute extends OpenWay {
  /** The ARN of the function that answers. */
  readonly function: string;
}

/** A way through an API that asks nobody who calls into a VPC. */
export interface LinkedRoute extends OpenWay {
  /** The link by which it is sent on, and the listener or port that it is sent to. */
  readonly question: LinkQuestion;
}

interface OpenWay {
  /** `undefined`: one that was not listed. */
  readonly api: string | undefined;
  /** As in `GET /orders`. */
  readonly route: string;
  /** What is stated of the API; of the function, where the API was not listed. */
  readonly states: string;
  readonly conditions: readonly Condition[];
}

/** What is known of an API: routes that are open, and whether there are some of which it is not known. */
interface ReadRoutes {
  readonly open: readonly OpenRoute[];
  readonly linked: readonly LinkedRoute[];
  readonly unseen: readonly UnseenRoutes[];
}

const NO_ROUTES: ReadRoutes = { open: [], linked: [], unseen: [] };

const readRoutes = (world: World): readonly ReadRoutes[] => [
  ...world.graph.assetsOfType('apigateway:rest-api').map((api) => restRoutes(world, api)),
  ...world.graph.assetsOfType('apigateway:api').map((api) => httpRoutes(world, api)),
];

/** Routes of every API Gateway API in which anybody on the internet calls a function, or may for all that was collected. */
export function openRoutes(world: World): readonly OpenRoute[] {
  const all = readRoutes(world);
  const unseen = all.flatMap((of) => of.unseen);
  return [...all.flatMap(({ open }) => open), ...routesUnseen(world, unseen)];
}

/** Routes by which anybody on the internet has requests sent into a VPC. */
export const linkedRoutes = (world: World): readonly LinkedRoute[] => readRoutes(world).flatMap(({ linked }) => linked);

/** What a route leads to. */
type Integration = Pick<OpenRoute, 'function'> | Pick<LinkedRoute, 'question'>;

interface Route extends Omit<OpenWay, 'states'> {
  readonly integration: Integration;
}

/** What is stated of routes that are open, by what they lead to. */
function stating(routes: readonly Route[]): Pick<ReadRoutes, 'open' | 'linked'> {
  const told = routes.map(({ integration, ...way }) =>
    'function' in integration
      ? { ...way, ...integration, states: `${way.route} calls ${integration.function} and has no authorizer` }
      : {
          ...way,
          ...integration,
          states: `${way.route} is sent on by ${integration.question.link} and has no authorizer`,
        },
  );
  return {
    open: told.flatMap((route) => ('function' in route ? [route] : [])),
    linked: told.flatMap((route) => ('question' in route ? [route] : [])),
  };
}

/** `arn:…:apigateway:…:lambda:path/2015-03-31/functions/<function>/invocations`, or the function itself; with a version or alias after it. */
const FUNCTION = /(?:^|functions\/)(arn:[^:/]+:lambda:[^:/]+:\d+:function:[^:/]+)/;

const functionOf = (uri: string | undefined): string | undefined => FUNCTION.exec(uri ?? '')?.[1];

/** What is sent on by a link: of an API of which kind says what names the place. */
function integrationOf(
  { region }: Asset,
  uri: string | undefined,
  link: { readonly type: string | undefined; readonly id: string | undefined },
  readPlace: (uri: string) => LinkQuestion['to'] | undefined,
): Integration | undefined {
  const called = functionOf(uri);
  if (called !== undefined) return { function: called };
  const to = readPlace(uri ?? '');
  // A link that a stage's variable names is not looked up.
  if (link.type !== 'VPC_LINK' || to === undefined || !/^[\w-]+$/.test(link.id ?? '')) return undefined;
  return { question: { link: vpcLinkArn(region, link.id ?? ''), to } };
}

/**
 * `http://…:8080/orders`: the port is that of a listener; the balancer is the one that is named beside it, else that of the link.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-private-integration.html
 */
const portOf =
  (balancer: string | undefined) =>
  (uri: string): LinkQuestion['to'] | undefined => {
    const [, scheme, stated] = /^(https?):\/\/[^/:?#]+(?::(\d+))?(?:[/?#]|$)/.exec(uri) ?? [];
    if (scheme === undefined) return undefined;
    const port = stated === undefined ? (scheme === 'https' ? 443 : 80) : Number(stated);
    return balancer === undefined ? { kind: 'port', port } : { kind: 'balancer', arn: balancer, port };
  };

/** A listener, or a service of Cloud Map. */
function placeOf(uri: string): LinkQuestion['to'] | undefined {
  if (/^arn:[^:]+:elasticloadbalancing:[^:]+:\d+:listener\//.test(uri)) return { kind: 'listener', arn: uri };
  return /^arn:[^:]+:servicediscovery:[^:]+:\d+:service\//.test(uri) ? { kind: 'registry', arn: uri } : undefined;
}

/**
 * The methods of REST APIs. One with a resource policy is left open, as far as that lets anybody in at all.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html
 */
function restRoutes(world: World, api: Asset): ReadRoutes {
  const { id, record } = api;
  const types = at(record, 'endpointConfiguration', 'types');
  if (Array.isArray(types) && types.includes('PRIVATE')) return NO_ROUTES;
  const policy = policyConditions(id, text(at(record, 'policy')));
  const stages = stageConditions(world, id, 'api-gateway/GetStages', 'item');
  if (!policy || !stages) return NO_ROUTES;
  const conditions = [...policy, ...stages, ...domainConditions(id, flag(at(record, 'disableExecuteApiEndpoint')))];
  const listed = world.observed.detail('api-gateway/GetResources', id);
  const methods = objects(at(listed, 'items')).flatMap((resource) =>
    methodsOf(at(resource, 'resourceMethods')).map(([verb, method]) => ({
      route: `${verb} ${text(at(resource, 'path')) ?? '/'}`,
      asks: text(at(method, 'authorizationType')),
      key: keyConditions(id, flag(at(method, 'apiKeyRequired'))),
      integration: integrationOf(
        api,
        text(at(method, 'methodIntegration', 'uri')),
        {
          type: text(at(method, 'methodIntegration', 'connectionType')),
          id: text(at(method, 'methodIntegration', 'connectionId')),
        },
        portOf(text(at(method, 'methodIntegration', 'integrationTarget'))),
      ),
    })),
  );
  return {
    ...stating(
      methods.flatMap(({ route, asks, key, integration }) =>
        integration === undefined || asks !== 'NONE'
          ? []
          : [{ api: id, route, integration, conditions: [...conditions, ...key] }],
      ),
    ),
    // Who does not ask for the methods too gets their verbs alone.
    unseen: listed === undefined || methods.some(({ asks }) => asks === undefined) ? [{ api, conditions }] : [],
  };
}

/** The routes of HTTP and WebSocket APIs, which have no resource policies. */
function httpRoutes(world: World, api: Asset): ReadRoutes {
  const { id, record } = api;
  const stages = stageConditions(world, id, 'apigatewayv2/GetStages', 'Items');
  if (!stages) return NO_ROUTES;
  const listed = world.observed.detail('apigatewayv2/GetIntegrations', id);
  const integrations = new Map(
    objects(at(listed, 'Items')).map((integration) => [
      `integrations/${text(at(integration, 'IntegrationId')) ?? ''}`,
      integrationOf(
        api,
        text(at(integration, 'IntegrationUri')),
        { type: text(at(integration, 'ConnectionType')), id: text(at(integration, 'ConnectionId')) },
        placeOf,
      ),
    ]),
  );
  const conditions = [...stages, ...domainConditions(id, flag(at(record, 'DisableExecuteApiEndpoint')))];
  const stated = world.observed.detail('apigatewayv2/GetRoutes', id);
  const asking = unknown('API route', `which routes ${id} has, and whom they ask, was not collected`);
  if (stated === undefined && listed !== undefined) {
    const route = 'a route that was not collected';
    const known = [...integrations.values()].filter((one) => one !== undefined);
    const targets = new Set(known.flatMap((one) => ('function' in one ? [one.function] : [])));
    const states = 'has an integration with the function, and routes that were not collected';
    return {
      open: [...targets].map((target) => ({
        api: id,
        route,
        function: target,
        states,
        conditions: [...conditions, asking],
      })),
      linked: known.flatMap((one) => {
        if (!('question' in one)) return [];
        const { question } = one;
        const says = `has an integration by ${question.link}, and routes that were not collected`;
        return [{ api: id, route, question, states: says, conditions: [...conditions, asking] }];
      }),
      unseen: [],
    };
  }
  const routes = objects(at(stated, 'Items')).filter(
    (route) => (text(at(route, 'AuthorizationType')) ?? 'NONE') === 'NONE',
  );
  return {
    ...stating(
      routes.flatMap((route) => {
        const integration = integrations.get(text(at(route, 'Target')) ?? '');
        if (integration === undefined) return [];
        const key = keyConditions(id, flag(at(route, 'ApiKeyRequired')));
        const name = text(at(route, 'RouteKey')) ?? '$default';
        return [{ api: id, route: name, integration, conditions: [...conditions, ...key] }];
      }),
    ),
    unseen: listed === undefined && (stated === undefined || routes.length > 0) ? [{ api, conditions }] : [],
  };
}

const methodsOf = (methods: ReturnType<typeof at>): readonly (readonly [string, ReturnType<typeof at>])[] =>
  isObject(methods) ? Object.entries(methods) : [];

const NOTHING: readonly Condition[] = [];

/** A policy is only read as far as whether it could let anybody in. */
function policyConditions(api: string, policy: string | undefined): readonly Condition[] | undefined {
  if (policy === undefined || policy === '') return NOTHING;
  return policy.includes('*') ? [unknown('API policy', `${api} has a policy, which is not evaluated`)] : undefined;
}

/** An API that is deployed nowhere answers nobody. */
function stageConditions(world: World, api: string, operation: string, list: string): readonly Condition[] | undefined {
  const stages = world.observed.detail(operation, api);
  if (stages === undefined) return [unknown('API stage', `whether ${api} is deployed was not collected`)];
  return objects(at(stages, list)).length > 0 ? NOTHING : undefined;
}

const domainConditions = (api: string, isDisabled: boolean | undefined): readonly Condition[] =>
  isDisabled === true
    ? [unknown('custom domain', `the own address of ${api} is off; whether it has another is not collected`)]
    : NOTHING;

const keyConditions = (api: string, isRequired: boolean | undefined): readonly Condition[] =>
  isRequired === true ? [unknown('API key', `whether the intruder has a key of ${api} is not in the API`)] : NOTHING;
