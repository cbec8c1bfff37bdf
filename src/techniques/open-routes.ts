import { at, type Condition, flag, isObject, objects, text, unknown } from '../model/index.js';
import type { World } from './world.js';

/** A way in by an API that asks nobody who calls. */
export interface OpenRoute {
  readonly api: string;
  /** As in `GET /orders`. */
  readonly route: string;
  /** The ARN of the function that answers. */
  readonly function: string;
  readonly conditions: readonly Condition[];
}

/** Routes of every API Gateway API in which anybody on the internet calls a function. */
export const openRoutes = (world: World): readonly OpenRoute[] => [...restRoutes(world), ...httpRoutes(world)];

/** `arn:…:apigateway:…:lambda:path/2015-03-31/functions/<function>/invocations`, or the function itself; with a version or alias after it. */
const FUNCTION = /(?:^|functions\/)(arn:[^:/]+:lambda:[^:/]+:\d+:function:[^:/]+)/;

const functionOf = (uri: string | undefined): string | undefined => FUNCTION.exec(uri ?? '')?.[1];

/**
 * The methods of REST APIs. One with a resource policy is left open, as far as that lets anybody in at all.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html
 */
function restRoutes(world: World): readonly OpenRoute[] {
  return world.graph.assetsOfType('apigateway:rest-api').flatMap(({ id, record }): readonly OpenRoute[] => {
    const types = at(record, 'endpointConfiguration', 'types');
    if (Array.isArray(types) && types.includes('PRIVATE')) return [];
    const policy = policyConditions(id, text(at(record, 'policy')));
    const stages = stageConditions(world, id, 'api-gateway/GetStages', 'item');
    const listed = world.observed.detail('api-gateway/GetResources', id);
    if (!policy || !stages) return [];
    const domain = domainConditions(id, flag(at(record, 'disableExecuteApiEndpoint')));
    return objects(at(listed, 'items')).flatMap((resource) =>
      methodsOf(at(resource, 'resourceMethods')).flatMap(([verb, method]) => {
        const target = functionOf(text(at(method, 'methodIntegration', 'uri')));
        if (target === undefined || text(at(method, 'authorizationType')) !== 'NONE') return [];
        const key = keyConditions(id, flag(at(method, 'apiKeyRequired')));
        const route = `${verb} ${text(at(resource, 'path')) ?? '/'}`;
        return [{ api: id, route, function: target, conditions: [...policy, ...stages, ...domain, ...key] }];
      }),
    );
  });
}

/** The routes of HTTP and WebSocket APIs, which have no resource policies. */
function httpRoutes(world: World): readonly OpenRoute[] {
  return world.graph.assetsOfType('apigateway:api').flatMap(({ id, record }): readonly OpenRoute[] => {
    const stages = stageConditions(world, id, 'apigatewayv2/GetStages', 'Items');
    if (!stages) return [];
    const integrations = new Map(
      objects(at(world.observed.detail('apigatewayv2/GetIntegrations', id), 'Items')).map((integration) => [
        `integrations/${text(at(integration, 'IntegrationId')) ?? ''}`,
        functionOf(text(at(integration, 'IntegrationUri'))),
      ]),
    );
    const domain = domainConditions(id, flag(at(record, 'DisableExecuteApiEndpoint')));
    return objects(at(world.observed.detail('apigatewayv2/GetRoutes', id), 'Items')).flatMap((route) => {
      const target = integrations.get(text(at(route, 'Target')) ?? '');
      if (target === undefined || (text(at(route, 'AuthorizationType')) ?? 'NONE') !== 'NONE') return [];
      const key = keyConditions(id, flag(at(route, 'ApiKeyRequired')));
      const name = text(at(route, 'RouteKey')) ?? '$default';
      return [{ api: id, route: name, function: target, conditions: [...stages, ...domain, ...key] }];
    });
  });
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
