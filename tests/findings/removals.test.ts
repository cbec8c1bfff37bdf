import { describe, expect, test } from 'vitest';
import { analyzeSnapshot } from '../../src/main/analyze.js';
import { at, type JsonObject, objects } from '../../src/model/index.js';
import { type Answer, memorySnapshot, type Snapshot } from '../../src/snapshot/index.js';
import { miniature } from '../techniques/miniature.js';

const BUCKETS = {
  'global/s3/ListBuckets': { Buckets: [{ Name: 'orders-archive' }] },
  's3/GetBucketLocation': { 'orders-archive': {} },
};

const shop = (says: readonly string[]): Snapshot =>
  miniature({
    roles: { web: { trust: 'ec2.amazonaws.com', profile: true, says } },
    instances: { 'i-web': { role: 'web', open: true } },
    answers: BUCKETS,
  });

const READS = ['s3:GetObject', 'sqs:ListQueues'];
const whole = shop(READS);

const OPERATIONS = [
  'iam/GetAccountAuthorizationDetails',
  's3/ListBuckets',
  's3/GetBucketLocation',
  ...[
    'Instances',
    'NetworkInterfaces',
    'SecurityGroups',
    'RouteTables',
    'Vpcs',
    'Subnets',
    'InternetGateways',
    'NetworkAcls',
  ].map((list) => `ec2/Describe${list}`),
];

/** The same snapshot with one answer changed. */
function withAnswer(operation: string, change: (body: JsonObject) => JsonObject): Snapshot {
  const answers = OPERATIONS.flatMap((name) => {
    const [service = '', call = ''] = name.split('/');
    return whole.answers(service, call).map((a): Answer => (name === operation ? { ...a, body: change(a.body) } : a));
  });
  return memorySnapshot({ answers });
}

/** Each object of a list changed. */
const each =
  (list: string, change: (item: JsonObject) => JsonObject) =>
  (body: JsonObject): JsonObject => ({ ...body, [list]: objects(body[list]).map(change) });

const unchanged = withAnswer('none', (body) => body);
const withoutRule = withAnswer(
  'ec2/DescribeSecurityGroups',
  each('SecurityGroups', (group) => ({ ...group, IpPermissions: [] })),
);
const withoutRoute = withAnswer(
  'ec2/DescribeRouteTables',
  each('RouteTables', (table) => ({
    ...table,
    Routes: objects(table['Routes']).filter((r) => r['GatewayId'] === 'local'),
  })),
);
const withoutAcl = (egress: boolean): Snapshot =>
  withAnswer(
    'ec2/DescribeNetworkAcls',
    each('NetworkAcls', (acl) => ({
      ...acl,
      Entries: objects(acl['Entries']).filter((e) => e['Egress'] !== egress || e['RuleAction'] === 'deny'),
    })),
  );

const pathsOf = (snapshot: Snapshot) => analyzeSnapshot(snapshot, { toolVersion: '0.0.0' }).paths;

describe('a path from the internet to a bucket', () => {
  test('is there, confirmed, while everything stands', () => {
    const [path, ...others] = pathsOf(unchanged);
    expect(others).toEqual([]);
    expect(path?.confidence).toBe('confirmed');
    expect(path?.target.id).toBe('arn:aws:s3:::orders-archive');
    expect(at(path as unknown as JsonObject, 'steps')).toHaveLength(3);
  });

  test.each([
    ['the rule of the security group', withoutRule],
    ['the route to the internet gateway', withoutRoute],
    ['the inbound permission of the network ACL', withoutAcl(false)],
    ['the outbound permission of the network ACL, which the answer needs', withoutAcl(true)],
    ['the statement of the role', shop(['sqs:ListQueues'])],
  ])('vanishes without %s', (_, snapshot) => {
    expect(pathsOf(snapshot)).toEqual([]);
  });
});
