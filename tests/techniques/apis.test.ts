import { describe, expect, test } from 'vitest';
import { openAnalysis } from '../../src/main/analyze.js';
import type { JsonObject } from '../../src/model/index.js';
import { BALANCER, functionAnd, httpApi, innerBalancer, linkedApi } from './examples/apis.js';
import { arn, type Miniature, miniature, roleArn } from './miniature.js';

const FUNCTION = arn('lambda', 'function:shop');
const TABLE = arn('dynamodb', 'table/orders');
const API = 'a1b2c3';

/** A REST API with one method, which calls version 7 of the function. */
function restApi(method: JsonObject = {}, api: JsonObject = {}): Miniature {
  const uri = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${FUNCTION}:7/invocations`;
  return functionAnd({
    'api-gateway/GetRestApis': {
      items: [{ id: API, name: 'shop', endpointConfiguration: { types: ['REGIONAL'] }, ...api }],
    },
    'api-gateway/GetResources': {
      [API]: {
        items: [
          {
            id: 'r1',
            path: '/orders',
            resourceMethods: {
              GET: { authorizationType: 'NONE', methodIntegration: { type: 'AWS_PROXY', uri }, ...method },
            },
          },
        ],
      },
    },
    'api-gateway/GetStages': { [API]: { item: [{ stageName: 'prod' }] } },
  });
}

/** With a role for the function that reads a table. */
function withTable(world: Miniature): Miniature {
  const Functions = [{ FunctionName: 'shop', FunctionArn: FUNCTION, Role: roleArn('shop') }];
  return {
    ...world,
    roles: { shop: { trust: 'lambda.amazonaws.com', says: [`dynamodb:Scan on ${TABLE}`] } },
    answers: {
      ...world.answers,
      'lambda/ListFunctions': { Functions },
      'dynamodb/ListTables': { TableNames: ['orders'] },
      'dynamodb/DescribeTable': { orders: { Table: { TableName: 'orders', TableArn: TABLE } } },
    },
  };
}

const paths = (world: Miniature) =>
  openAnalysis(miniature(withTable(world)), { toolVersion: '0.0.0' })
    .report()
    .paths.filter(({ target }) => target.id === TABLE);

test.each([
  ['a REST API', restApi()],
  ['an HTTP API', httpApi()],
])('%s without an authorizer leads to what its function reads', (_, world) => {
  const [path] = paths(world);
  expect(path?.entry.id).toBe(FUNCTION);
  expect(path?.steps.map(({ technique }) => technique)).toEqual([
    'exposed-api',
    'function-credentials',
    'dynamodb-read',
  ]);
  expect(path?.confidence).toBe('conditional');
});

describe('a REST API that stays closed', () => {
  test.each([
    ['its method asks for signed requests', restApi({ authorizationType: 'AWS_IAM' })],
    ['its method has an authorizer', restApi({ authorizationType: 'CUSTOM' })],
    ['it is private', restApi({}, { endpointConfiguration: { types: ['PRIVATE'] } })],
    ['its policy lets one account in', restApi({}, { policy: '{"Statement":[{"Principal":{"AWS":"999988887777"}}]}' })],
  ])('%s', (_, world) => {
    expect(paths(world)).toEqual([]);
  });
});

/** Without some answers, as if nobody had asked. */
const without = (world: Miniature, ...operations: readonly string[]): Miniature => ({
  ...world,
  answers: Object.fromEntries(Object.entries(world.answers ?? {}).filter(([name]) => !operations.includes(name))),
});

/** With empty answers of both listings, but for those that are there. */
const listed = (world: Miniature): Miniature => ({
  ...world,
  answers: { 'api-gateway/GetRestApis': {}, 'apigatewayv2/GetApis': {}, ...world.answers },
});

describe('what was not collected of an API', () => {
  test.each([
    ['the methods of a REST API', without(restApi(), 'api-gateway/GetResources'), 'API route'],
    [
      'whom a method asks',
      {
        ...restApi(),
        answers: {
          ...restApi().answers,
          'api-gateway/GetResources': { [API]: { items: [{ id: 'r1', path: '/', resourceMethods: { GET: {} } }] } },
        },
      },
      'API route',
    ],
    ['the routes of an HTTP API', without(httpApi(), 'apigatewayv2/GetRoutes'), 'API route'],
    ['what its routes call', without(httpApi(), 'apigatewayv2/GetIntegrations'), 'API route'],
    ['both', without(httpApi(), 'apigatewayv2/GetRoutes', 'apigatewayv2/GetIntegrations'), 'API route'],
    ['which APIs there are', without(httpApi(), 'apigatewayv2/GetApis'), 'API'],
    [
      'which APIs there are, and what the policy of the function says, which AWS refused',
      { ...functionAnd({}), refused: ['lambda/GetPolicy'] },
      'API',
    ],
  ])('is a condition: %s', (_, world, because) => {
    const [path] = paths(world);
    expect(path?.entry.id).toBe(FUNCTION);
    expect(path?.steps[0]?.conditions.map(({ key }) => key)).toContain(because);
  });

  const LISTED = listed(without(httpApi(), 'apigatewayv2/GetApis'));
  const asksForTokens = httpApi({ authorization: 'JWT' });
  test.each([
    ['no API is left that the policy of the function names', LISTED],
    [
      'another service alone may invoke the function',
      without(httpApi({ invokedBy: 'events.amazonaws.com' }), 'apigatewayv2/GetRoutes'),
    ],
    ['all routes ask for a token, whatever they call', without(asksForTokens, 'apigatewayv2/GetIntegrations')],
    ['the API is deployed nowhere', without(httpApi({ stages: [] }), 'apigatewayv2/GetRoutes')],
    [
      'the API of which routes are not known is not the one that the policy names',
      {
        ...LISTED,
        answers: { ...LISTED.answers, 'apigatewayv2/GetApis': { Items: [{ ApiId: 'other1', Name: 'other' }] } },
      },
    ],
    ['no API is there, whatever its policy says', listed({ ...functionAnd({}), refused: ['lambda/GetPolicy'] })],
    ['nobody asked for its policy, or which APIs there are', without(functionAnd({}), 'lambda/GetPolicy')],
    [
      'the function has no policy',
      { ...functionAnd({}), answers: { ...functionAnd({}).answers, 'lambda/GetPolicy': {} } },
    ],
  ])('opens nothing where %s', (_, world) => {
    expect(paths(world)).toEqual([]);
  });
});

test.each([
  ['API key', restApi({ apiKeyRequired: true })],
  ['API policy', restApi({}, { policy: '{"Statement":[{"Principal":"*","Condition":{}}]}' })],
  ['custom domain', httpApi({ more: { DisableExecuteApiEndpoint: true } })],
])('%s is a condition', (key, world) => {
  expect(JSON.stringify(paths(world))).toContain(key);
});

/** How the internet enters a host: the technique, and what it depends on. */
function entered(world: Miniature, host: string): readonly [string, readonly string[]] | undefined {
  const { attack } = openAnalysis(miniature(world), { toolVersion: '0.0.0' });
  const { clauses } = attack.engine;
  const last = attack.derive(['internet internet']).lastClause(clauses.factId(`exec ${host}`) ?? -1);
  if (last === undefined) return undefined;
  return [clauses.label(last).technique.id, clauses.conditions(last).map(({ key }) => key)];
}

describe('a REST API that is sent on by a link', () => {
  const HOST = arn('ec2', 'instance/i-web');
  /** In front of a host that takes what comes from the subnet alone. */
  const linked = (
    uri: string,
    more: Readonly<Record<string, JsonObject>> = {},
    groups: readonly string[] = [],
    integration: JsonObject = {},
    beside: Miniature = {},
  ) => {
    const world: Miniature = {
      instances: { 'i-web': { group: 'sg-inner' } },
      answers: {
        ...innerBalancer('network', groups),
        ...INNER_GROUP,
        'api-gateway/GetRestApis': {
          items: [{ id: API, name: 'shop', endpointConfiguration: { types: ['REGIONAL'] } }],
        },
        'api-gateway/GetResources': {
          [API]: {
            items: [
              {
                id: 'r1',
                path: '/orders',
                resourceMethods: {
                  GET: {
                    authorizationType: 'NONE',
                    methodIntegration: {
                      type: 'HTTP_PROXY',
                      uri,
                      connectionType: 'VPC_LINK',
                      connectionId: 'l1nk',
                      ...integration,
                    },
                  },
                },
              },
            ],
          },
        },
        'api-gateway/GetStages': { [API]: { item: [{ stageName: 'prod' }] } },
        'api-gateway/GetVpcLinks': {
          items: [{ id: 'l1nk', name: 'inner', targetArns: [BALANCER], status: 'AVAILABLE' }],
        },
        ...more,
      },
      ...beside,
    };
    return entered(world, HOST);
  };
  const INNER_GROUP = {
    'ec2/DescribeSecurityGroups': {
      SecurityGroups: [
        {
          GroupId: 'sg-inner',
          VpcId: 'vpc-1',
          IpPermissions: [{ IpProtocol: 'tcp', FromPort: 8080, ToPort: 8080, IpRanges: [{ CidrIp: '10.0.0.0/24' }] }],
          IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
        },
      ],
    },
  };

  test('leads to what is behind the network balancer, which speaks for itself', () => {
    expect(linked('https://inner.example/orders')).toEqual(['exposed-private-api', []]);
    expect(linked('http://inner.example:443/{proxy}')).toEqual(['exposed-private-api', []]);
  });

  test('not on a port on which the balancer does not listen', () => {
    expect(linked('http://inner.example/orders')).toBeUndefined();
  });

  test('on condition to every network balancer that listens, where it was not collected where the link leads', () => {
    const unasked = { missing: ['api-gateway/GetVpcLinks'] };
    expect(linked('https://inner.example/orders', {}, [], {}, unasked)).toEqual([
      'exposed-private-api',
      ['VPC link arn:aws:apigateway:us-east-1::/vpclinks/l1nk'],
    ]);
    expect(linked('http://inner.example/orders', {}, [], {}, unasked)).toBeUndefined();
  });

  test('on condition where the link of the second version was not collected, though the balancer has no groups', () => {
    const named = { integrationTarget: BALANCER };
    const unasked = { missing: ['apigatewayv2/GetVpcLinks'] };
    const gone = { 'api-gateway/GetVpcLinks': { items: [] } };
    expect(linked('https://inner.example/orders', gone, [], named, unasked)?.[1]).toEqual([
      'VPC link arn:aws:apigateway:us-east-1::/vpclinks/l1nk',
    ]);
  });

  test('on condition where the listeners of the balancer were not collected', () => {
    const unlisted = { missing: ['elastic-load-balancing-v2/DescribeListeners'] };
    expect(linked('https://inner.example/orders', {}, [], {}, unlisted)?.[1].join()).toContain('listeners of');
    const byListener = { ...linkedApi(), ...unlisted };
    expect(entered(byListener, HOST)?.[1].join()).toContain('listeners of');
  });

  test('not by a link that is gone', () => {
    expect(linked('https://inner.example/orders', { 'api-gateway/GetVpcLinks': { items: [] } })).toBeUndefined();
  });

  test('leads from the interfaces of a link of the second version to the balancer that it names', () => {
    const lets = (SecurityGroupIds: readonly string[]) => ({
      'api-gateway/GetVpcLinks': { items: [] },
      'apigatewayv2/GetVpcLinks': {
        Items: [{ VpcLinkId: 'l1nk', Name: 'inner', SubnetIds: ['subnet-1'], SecurityGroupIds }],
      },
    });
    const target = { integrationTarget: BALANCER };
    const uri = 'https://inner.example/orders';
    expect(linked(uri, lets(['sg-inner']), [], target)).toEqual(['exposed-private-api', []]);
    expect(linked('http://inner.example/orders', lets(['sg-inner']), [], target)).toBeUndefined();
    // The group lets in another port than that of the listener.
    expect(linked(uri, lets(['sg-inner']), ['sg-inner'], target)).toBeUndefined();
    expect(linked(uri, lets(['sg-inner']), [], { integrationTarget: `${BALANCER}0` })).toBeUndefined();
  });

  test('on condition where the groups of the balancer are asked about what comes by the link', () => {
    expect(linked('https://inner.example/orders', {}, ['sg-inner'])).toEqual([
      'exposed-private-api',
      [`groups of ${BALANCER}`],
    ]);
    const balancers = innerBalancer('network', ['sg-inner'], {
      EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: 'off',
    });
    expect(linked('https://inner.example/orders', balancers)).toEqual(['exposed-private-api', []]);
  });
});

describe('an HTTP API that is sent on to a service of Cloud Map', () => {
  const SERVICE = arn('ecs', 'service/shop/web');
  const REGISTRY = arn('servicediscovery', 'service/srv-1');

  /** A service of ECS in the subnet of the link, whose group lets in one port. */
  const linked = (registered: JsonObject, more: Miniature = {}) => {
    const { answers } = httpApi();
    const world: Miniature = {
      instances: {},
      answers: {
        ...answers,
        'apigatewayv2/GetIntegrations': {
          [API]: {
            Items: [
              {
                IntegrationId: 'i-1',
                IntegrationType: 'HTTP_PROXY',
                ConnectionType: 'VPC_LINK',
                ConnectionId: 'l1nk',
                IntegrationUri: REGISTRY,
              },
            ],
          },
        },
        'apigatewayv2/GetVpcLinks': {
          Items: [{ VpcLinkId: 'l1nk', Name: 'inner', SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-open'] }],
        },
        'ec2/DescribeSecurityGroups': {
          SecurityGroups: [
            ['sg-open', []],
            [
              'sg-web',
              [{ IpProtocol: 'tcp', FromPort: 8080, ToPort: 8080, UserIdGroupPairs: [{ GroupId: 'sg-open' }] }],
            ],
          ].map(([GroupId = '', IpPermissions = []]) => ({
            GroupId,
            VpcId: 'vpc-1',
            IpPermissions,
            IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
          })),
        },
        'ecs/DescribeServices': {
          shop: {
            services: [
              {
                serviceArn: SERVICE,
                serviceName: 'web',
                clusterArn: arn('ecs', 'cluster/shop'),
                status: 'ACTIVE',
                desiredCount: 1,
                serviceRegistries: [{ registryArn: REGISTRY, ...registered }],
                networkConfiguration: {
                  awsvpcConfiguration: {
                    subnets: ['subnet-1'],
                    securityGroups: ['sg-web'],
                    assignPublicIp: 'DISABLED',
                  },
                },
              },
            ],
          },
        },
      },
      ...more,
    };
    return entered(world, SERVICE);
  };

  test('leads to the tasks that are registered there, on their port', () => {
    expect(linked({ containerName: 'web', containerPort: 8080 })).toEqual(['exposed-private-api', []]);
    expect(linked({ port: 8080 })).toEqual(['exposed-private-api', []]);
  });

  test('not where their group lets in another port, nor to tasks that are registered elsewhere', () => {
    expect(linked({})).toBeUndefined();
    expect(linked({ port: 9090 })).toBeUndefined();
    expect(linked({ port: 8080, registryArn: arn('servicediscovery', 'service/srv-2') })).toBeUndefined();
  });

  test('on condition where the link was not collected', () => {
    expect(linked({ port: 8080 }, { missing: ['apigatewayv2/GetVpcLinks'] })).toEqual([
      'exposed-private-api',
      ['VPC link arn:aws:apigateway:us-east-1::/vpclinks/l1nk'],
    ]);
  });
});

test('a balancer whose group lets in nobody is no way, whatever groups the link has', () => {
  const world = linkedApi({ links: undefined, group: 'sg-closed' });
  expect(entered(world, arn('ec2', 'instance/i-web'))).toBeUndefined();
});

test('routes that were not collected may lead to what an integration is sent to', () => {
  const world = { ...linkedApi(), missing: ['apigatewayv2/GetRoutes'] };
  expect(entered(world, arn('ec2', 'instance/i-web'))).toEqual(['exposed-private-api', ['API route']]);
});
