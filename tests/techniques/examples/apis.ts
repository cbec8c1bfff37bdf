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

const HOST = arn('ec2', 'instance/i-web');
const REGIONAL = `arn:aws:elasticloadbalancing:us-east-1:${ACCOUNT}`;
export const BALANCER = `${REGIONAL}:loadbalancer/app/inner/1`;
const LISTENER = `${REGIONAL}:listener/app/inner/1/2`;
const TARGETS = `${REGIONAL}:targetgroup/web/3`;

/** What stands between an API and a host in a VPC, and what is otherwise. */
export interface Linked {
  readonly authorization?: string;
  /** The group of the balancer. */
  readonly group?: string;
  /** What the host's group is. */
  readonly host?: string;
  readonly links?: JsonObject | undefined;
}

const LINKS: JsonObject = {
  Items: [
    {
      VpcLinkId: 'l1nk',
      Name: 'inner',
      SubnetIds: ['subnet-1'],
      SecurityGroupIds: ['sg-closed'],
      VpcLinkStatus: 'AVAILABLE',
    },
  ],
};

/** An internal balancer in front of a host that takes what comes from groups of the VPC alone. */
export const innerBalancer = (
  kind: 'application' | 'network',
  groups: readonly string[],
  more: JsonObject = {},
): Readonly<Record<string, JsonObject>> => ({
  'elastic-load-balancing-v2/DescribeLoadBalancers': {
    LoadBalancers: [
      {
        LoadBalancerArn: BALANCER,
        LoadBalancerName: 'inner',
        Type: kind,
        Scheme: 'internal',
        VpcId: 'vpc-1',
        SecurityGroups: groups,
        AvailabilityZones: [{ SubnetId: 'subnet-1' }],
        ...more,
      },
    ],
  },
  'elastic-load-balancing-v2/DescribeListeners': {
    [BALANCER]: {
      Listeners: [
        {
          ListenerArn: LISTENER,
          LoadBalancerArn: BALANCER,
          Port: 443,
          Protocol: kind === 'network' ? 'TCP' : 'HTTPS',
          DefaultActions: [{ Type: 'forward', TargetGroupArn: TARGETS }],
        },
      ],
    },
  },
  'elastic-load-balancing-v2/DescribeRules': {
    [LISTENER]: {
      Rules: [{ Priority: 'default', Actions: [{ Type: 'forward', TargetGroupArn: TARGETS }] }],
    },
  },
  'elastic-load-balancing-v2/DescribeTargetGroups': {
    TargetGroups: [
      {
        TargetGroupArn: TARGETS,
        TargetType: 'instance',
        Protocol: 'HTTP',
        Port: 8080,
        VpcId: 'vpc-1',
        LoadBalancerArns: [BALANCER],
      },
    ],
  },
  'elastic-load-balancing-v2/DescribeTargetHealth': {
    [TARGETS]: {
      TargetHealthDescriptions: [{ Target: { Id: 'i-web', Port: 8080 }, TargetHealth: { State: 'healthy' } }],
    },
  },
});

/** An HTTP API whose only route is sent by a link to a listener of an internal balancer. */
export const linkedApi = ({
  authorization = 'NONE',
  group = 'sg-open',
  host = 'sg-from-hosts',
  ...rest
}: Linked = {}): Miniature => {
  const links = 'links' in rest ? rest.links : LINKS;
  return {
    instances: { 'i-web': { group: host } },
    answers: {
      ...innerBalancer('application', [group]),
      'apigatewayv2/GetApis': { Items: [{ ApiId: API, Name: 'shop', ProtocolType: 'HTTP' }] },
      'apigatewayv2/GetRoutes': {
        [API]: { Items: [{ RouteKey: 'ANY /', AuthorizationType: authorization, Target: 'integrations/i-1' }] },
      },
      'apigatewayv2/GetIntegrations': {
        [API]: {
          Items: [
            {
              IntegrationId: 'i-1',
              IntegrationType: 'HTTP_PROXY',
              ConnectionType: 'VPC_LINK',
              ConnectionId: 'l1nk',
              IntegrationUri: LISTENER,
            },
          ],
        },
      },
      'apigatewayv2/GetStages': { [API]: { Items: STAGE } },
      ...(links && { 'apigatewayv2/GetVpcLinks': links }),
    },
  };
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
  'exposed-private-api': {
    from: 'internet',
    reaches: HOST,
    access: 'control',
    works: {
      why: 'A route without an authorizer is sent by a VPC link to an internal balancer, which sends it on to the host.',
      world: linkedApi(),
    },
    fails: { why: 'The route asks for a token.', world: linkedApi({ authorization: 'JWT' }) },
    alsoFails: [
      { why: 'The group of the balancer lets nobody in.', world: linkedApi({ group: 'sg-closed' }) },
      { why: 'The group of the host lets nobody in.', world: linkedApi({ host: 'sg-closed' }) },
      { why: 'There is no such link any more.', world: linkedApi({ links: { Items: [] } }) },
    ],
    unknown: {
      why: 'Which groups the link has was not collected.',
      world: linkedApi({ links: undefined }),
      because: 'VPC link',
    },
  },
};
