import { describe, expect, test } from 'vitest';
import { analyzeSnapshot } from '../../src/main/analyze.js';
import { type Answer, memorySnapshot, type Snapshot } from '../../src/snapshot/index.js';
import { type Miniature, miniature } from '../techniques/miniature.js';

const BUCKETS = {
  'global/s3/ListBuckets': { Buckets: [{ Name: 'orders-archive' }] },
  's3/GetBucketLocation': { 'orders-archive': {} },
};

const shop = (instances: Miniature['instances'], says: readonly string[] = ['s3:GetObject']): Miniature => ({
  roles: { web: { trust: 'ec2.amazonaws.com', profile: true, says } },
  ...(instances && { instances }),
  answers: BUCKETS,
});

const inGroup = { 'aws:autoscaling:groupName': 'web' };
const web = { role: 'web', open: true, tags: inGroup };

const pathsOf = (snapshot: Snapshot) => analyzeSnapshot(snapshot, { toolVersion: '0.0.0' }).paths;
const idsOf = (snapshot: Snapshot): readonly string[] =>
  pathsOf(snapshot)
    .map((p) => p.id)
    .sort();
const first = miniature(shop({ 'i-one': web }));

const withBuckets = (says: readonly string[], ...names: readonly string[]): Miniature => ({
  ...shop({ 'i-one': web }, says),
  answers: {
    'global/s3/ListBuckets': { Buckets: names.map((Name) => ({ Name })) },
    's3/GetBucketLocation': Object.fromEntries(names.map((name) => [name, {}])),
  },
});

/** The same answers with another order of everything that is a list. */
function reordered(snapshot: Snapshot): Snapshot {
  const turn = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(turn).reverse();
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([k, v]) => [k, k === 'Statement' || k === 'Entries' ? v : turn(v)]),
    );
  };
  const operations = Object.keys(shop({}).answers ?? {}).map((place) => place.replace('global/', ''));
  const all = [
    'iam/GetAccountAuthorizationDetails',
    'ec2/DescribeInstances',
    'ec2/DescribeNetworkInterfaces',
    'ec2/DescribeSecurityGroups',
    'ec2/DescribeRouteTables',
    'ec2/DescribeVpcs',
    'ec2/DescribeSubnets',
    'ec2/DescribeInternetGateways',
    'ec2/DescribeNetworkAcls',
    ...operations,
  ];
  const answers = all.flatMap((name) => {
    const [service = '', operation = ''] = name.split('/');
    return snapshot.answers(service, operation).map((a): Answer => ({ ...a, body: turn(a.body) as Answer['body'] }));
  });
  return memorySnapshot({ answers });
}

describe('a path keeps its id', () => {
  test('the small shop has one path', () => {
    expect(pathsOf(first)).toHaveLength(1);
    expect(pathsOf(first)[0]?.steps.map((s) => s.technique)).toEqual([
      'exposed-service',
      'imds-credential-theft',
      's3-read',
    ]);
  });
  test.each([
    ['when an instance of a group is replaced by its twin', miniature(shop({ 'i-two': web }))],
    ['when the group grows', miniature(shop({ 'i-one': web, 'i-two': web, 'i-three': web }))],
    ['when answers come in another order', reordered(first)],
    ['when something unrelated appears', miniature(shop({ 'i-one': web, 'i-quiet': { open: false } }))],
    ['when an instance is renamed', miniature(shop({ 'i-one': { ...web, name: 'renamed' } }))],
    ['when a tag is added', miniature(shop({ 'i-one': { ...web, tags: { ...inGroup, team: 'shop' } } }))],
    ['when it is asked again', miniature(shop({ 'i-one': web }))],
    ['when the way in is another port of the same host', miniature(shop({ 'i-one': { ...web, open: 8443 } }))],
    [
      'when a statement that lets the step happen is written otherwise',
      miniature(shop({ 'i-one': web }, ['s3:Get*', 's3:GetObject on arn:aws:s3:::orders-archive/*'])),
    ],
    [
      'when the role may do more, which leads nowhere',
      miniature(shop({ 'i-one': web }, ['s3:GetObject', 'cloudwatch:PutMetricData'])),
    ],
    [
      'when another user appears',
      miniature({ ...shop({ 'i-one': web }), users: { ann: { says: ['sqs:ListQueues'] } } }),
    ],
    [
      'when a bucket that nobody reads appears',
      miniature(withBuckets(['s3:GetObject on arn:aws:s3:::orders-archive/*'], 'orders-archive', 'quiet')),
    ],
  ])('%s', (_, snapshot) => {
    expect(idsOf(snapshot)).toEqual(idsOf(first));
  });

  test('members of a group are one finding that counts them', () => {
    const [path, ...others] = pathsOf(miniature(shop({ 'i-one': web, 'i-two': web })));
    expect(others).toEqual([]);
    expect(path?.entry.members).toHaveLength(2);
  });
});

describe('a path gets another id, or a new one appears', () => {
  test('when an instance outside of the group takes its place', () => {
    expect(idsOf(miniature(shop({ 'i-two': { role: 'web', open: true } })))).not.toEqual(idsOf(first));
  });
  test('when another store can be reached', () => {
    const wider = {
      ...shop({ 'i-one': web }),
      answers: { ...BUCKETS, 'global/s3/ListBuckets': { Buckets: [{ Name: 'orders-archive' }, { Name: 'invoices' }] } },
    };
    const ids = idsOf(miniature(wider));
    expect(ids).toHaveLength(2);
    expect(ids).toEqual(expect.arrayContaining([...idsOf(first)]));
  });
  test('when the way is another: a write in place of a read', () => {
    expect(idsOf(miniature(shop({ 'i-one': web }, ['s3:PutObject'])))).not.toEqual(idsOf(first));
  });
  test('when the host has another role, that may do the same', () => {
    const other = {
      ...shop({ 'i-one': { ...web, role: 'other' } }),
      roles: { other: { trust: 'ec2.amazonaws.com', profile: true, says: ['s3:GetObject'] } },
    };
    const ids = idsOf(miniature(other));
    expect(ids).toHaveLength(1);
    expect(ids).not.toEqual(idsOf(first));
  });
  test('when the store is another of the same kind', () => {
    const ids = idsOf(miniature(withBuckets(['s3:GetObject'], 'orders-archive-2')));
    expect(ids).toHaveLength(1);
    expect(ids).not.toEqual(idsOf(first));
  });
  test('when the group is another, though its hosts are alike', () => {
    const renamed = { ...web, tags: { 'aws:autoscaling:groupName': 'web-blue' } };
    expect(idsOf(miniature(shop({ 'i-one': renamed })))).not.toEqual(idsOf(first));
  });
  test('when a step comes in between: the role that reads is assumed', () => {
    const world: Miniature = {
      ...shop({ 'i-one': web }, ['sts:AssumeRole on arn:aws:iam::111122223333:role/reader']),
      roles: {
        web: {
          trust: 'ec2.amazonaws.com',
          profile: true,
          says: ['sts:AssumeRole on arn:aws:iam::111122223333:role/reader'],
        },
        reader: { trust: 'role/web', says: ['s3:GetObject'] },
      },
    };
    const ids = idsOf(miniature(world));
    expect(ids).toHaveLength(1);
    expect(ids).not.toEqual(idsOf(first));
  });
  test('or the same id with one more entry, where a host outside of the group is alike', () => {
    const [path, ...others] = pathsOf(miniature(shop({ 'i-one': web, 'i-zeta': { role: 'web', open: true } })));
    expect(others).toEqual([]);
    expect(path?.id).toBe(idsOf(first)[0]);
    expect(path?.entry.identities).toEqual([
      'arn:aws:autoscaling:us-east-1:111122223333:autoScalingGroup:*:autoScalingGroupName/web',
      'arn:aws:ec2:us-east-1:111122223333:instance/i-zeta',
    ]);
  });
  test('and none is left when the group is closed', () => {
    expect(idsOf(miniature(shop({ 'i-one': { ...web, open: false } })))).toEqual([]);
  });
});
