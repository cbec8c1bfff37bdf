import type { JsonObject } from '../../../src/model/index.js';
import { ACCOUNT, arn, type Miniature } from '../miniature.js';
import type { ExampleFamily } from './example.js';

const FUNCTION = arn('lambda', 'function:shop');
const API = 'a1b2c3';

/** An HTTP API whose only route calls the function; and what is otherwise. */
export interface HttpApi {
  readonly authorization?: string;
  readonly stages?: readonly JsonObject[] | undefined;
  /** The service that the policy of the function names. */
  readonly invokedBy?: string;
  readonly more?: JsonObject;
}

const STAGE = [{ StageName: '$default' }];
const invoke = (Service: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service },
        Action: 'lambda:InvokeFunction',
        Resource: FUNCTION,
        Condition: { ArnLike: { 'AWS:SourceArn': `arn:aws:execute-api:us-east-1:${ACCOUNT}:${API}/*` } },
      },
    ],
  });

export const functionAnd = (
  answers: Readonly<Record<string, JsonObject>>,
  invokedBy = 'apigateway.amazonaws.com',
): Miniature => ({
  answers: {
    'lambda/ListFunctions': { Functions: [{ FunctionName: 'shop', FunctionArn: FUNCTION }] },
    'lambda/GetFunctionUrlConfig': {},
    'lambda/GetPolicy': { shop: { Policy: invoke(invokedBy) } },
    ...answers,
  },
});

export const httpApi = ({ authorization = 'NONE', invokedBy, more, ...rest }: HttpApi = {}): Miniature => {
  const stages = 'stages' in rest ? rest.stages : STAGE;
  return functionAnd(
    {
      'apigatewayv2/GetApis': { Items: [{ ApiId: API, Name: 'shop', ProtocolType: 'HTTP', ...more }] },
      'apigatewayv2/GetRoutes': {
        [API]: { Items: [{ RouteKey: 'POST /orders', AuthorizationType: authorization, Target: 'integrations/i-1' }] },
      },
      'apigatewayv2/GetIntegrations': {
        [API]: { Items: [{ IntegrationId: 'i-1', IntegrationType: 'AWS_PROXY', IntegrationUri: FUNCTION }] },
      },
      ...(stages && { 'apigatewayv2/GetStages': { [API]: { Items: stages } } }),
    },
    invokedBy,
  );
};

/** APIs that ask nobody who calls. */
export const API_EXAMPLES: ExampleFamily = {
  'exposed-api': {
    from: 'internet',
    reaches: FUNCTION,
    access: 'control',
    works: {
      why: 'A route of the API calls the function and has no authorizer; the code of the function has to give way.',
      world: httpApi(),
      depends: 'function code',
    },
    fails: { why: 'The route asks for a token.', world: httpApi({ authorization: 'JWT' }) },
    alsoFails: [
      { why: 'The API is deployed nowhere.', world: httpApi({ stages: [] }) },
      {
        why: 'The policy of the function lets another service invoke it.',
        world: httpApi({ invokedBy: 'events.amazonaws.com' }),
      },
    ],
    unknown: {
      why: 'Whether the API is deployed was not collected.',
      world: httpApi({ stages: undefined }),
      because: 'API stage',
    },
  },
};
