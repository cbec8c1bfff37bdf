import { describe, expect, test } from 'vitest';
import { openAnalysis } from '../../src/main/analyze.js';
import type { JsonObject } from '../../src/model/index.js';
import { functionAnd, httpApi } from './examples/apis.js';
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

test.each([
  ['API key', restApi({ apiKeyRequired: true })],
  ['API policy', restApi({}, { policy: '{"Statement":[{"Principal":"*","Condition":{}}]}' })],
  ['custom domain', httpApi({ more: { DisableExecuteApiEndpoint: true } })],
])('%s is a condition', (key, world) => {
  expect(JSON.stringify(paths(world))).toContain(key);
});
