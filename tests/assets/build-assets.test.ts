import { readdirSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assetDetails, assetTypes, buildAssets } from '../../src/assets/index.js';
import { type Asset, byCode, isMentionedOnly, type JsonObject } from '../../src/model/index.js';
import { type Answer, memorySnapshot } from '../../src/snapshot/index.js';

interface AnswerCase {
  readonly account: string;
  readonly region: string;
  /** `<service>/<Operation>` */
  readonly operation: string;
  readonly body: JsonObject;
}

/** `assets`: ARNs of all stated assets without `arn:aws:`; `relationships`: all of them, ends by the last part of their ids. */
interface Case {
  readonly answers: readonly AnswerCase[];
  readonly assets: readonly string[];
  readonly relationships: readonly (readonly [string, string, string])[];
  readonly gaps: readonly string[];
}

const toAnswer = ({ account, region, operation, body }: AnswerCase): Answer => {
  const [service = '', name = ''] = operation.split('/');
  return { account, region, service, operation: name, source: `${account}/${region}/${operation}.json`, body };
};

/** Without what only looks things up. */
function build(...answers: AnswerCase[]) {
  const { assets, relationships, gaps } = buildAssets(memorySnapshot({ answers: answers.map(toAnswer) }));
  return { assets, relationships, gaps };
}

const short = (id: string): string => id.replace('arn:aws:', '').replace('111122223333', 'ACCOUNT');

const last = (id: string): string =>
  id.startsWith('arn:') ? id.slice(Math.max(id.lastIndexOf('/'), id.lastIndexOf(':')) + 1) : id;

const ends = (id: string): string => (id.startsWith('iam:') ? (id.split('/').at(-1) ?? id) : last(id));

const isOwn = (asset: Asset): boolean => asset.type !== 'aws:account' && asset.source !== '';

const publicImage = (ImageId: string, OwnerId: string) => ({ ImageId, OwnerId, Public: true });

describe('buildAssets', () => {
  const folder = new URL('cases/', import.meta.url);
  for (const file of readdirSync(folder).sort()) {
    it(`states what the answers of cases/${file} state, and nothing else`, () => {
      const { answers, ...expected } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Case;
      const { assets, relationships, gaps } = build(...answers);
      expect(
        assets
          .filter(isOwn)
          .map(({ id }) => short(id))
          .sort(byCode),
      ).toEqual([...expected.assets].sort(byCode));
      const found = relationships.map((r) => [ends(r.from), r.kind, ends(r.to)].join(' '));
      expect(found.sort(byCode)).toEqual(expected.relationships.map((r) => r.join(' ')).sort(byCode));
      expect(gaps.map((gap) => gap.message)).toEqual(expected.gaps);
    });
  }

  const instance = { account: '111122223333', region: 'us-east-1', operation: 'ec2/DescribeInstances' };

  it('keeps the record as it is, uncopied, with its source', () => {
    const record = { InstanceId: 'i-1', Odd: [{ deep: true }] };
    const { assets } = build({ ...instance, body: { Reservations: [{ Instances: [record] }] } });
    const asset = assets.find(({ type }) => type === 'ec2:instance');
    expect(asset?.record).toBe(record);
    expect(asset).toMatchObject({ source: '111122223333/us-east-1/ec2/DescribeInstances.json', region: 'us-east-1' });
  });

  it('gives what is only named an empty record and no source', () => {
    const { assets } = build({
      ...instance,
      body: { Reservations: [{ Instances: [{ InstanceId: 'i-1', ImageId: 'ami-1' }] }] },
    });
    const image = assets.find(({ type }) => type === 'ec2:image');
    expect(image).toMatchObject({ id: 'arn:aws:ec2:us-east-1::image/ami-1', account: '', source: '', record: {} });
    expect(image && isMentionedOnly(image)).toBe(true);
    expect(assets.filter(isMentionedOnly).map(({ type }) => type)).toEqual(['ec2:image']);
  });

  it('prefers the answer of the owner, and the fuller operation', () => {
    const subnet = {
      SubnetId: 'subnet-1',
      OwnerId: '111122223333',
      SubnetArn: 'arn:aws:ec2:us-east-1:111122223333:subnet/subnet-1',
    };
    const place = { region: 'us-east-1', operation: 'ec2/DescribeSubnets' };
    const { assets } = build(
      {
        ...place,
        account: '000011112222',
        body: { Subnets: [{ ...subnet, Tags: [{ Key: 'seen', Value: 'by sharer' }] }] },
      },
      { ...place, account: '111122223333', body: { Subnets: [{ ...subnet, Tags: [{ Key: 'Name', Value: 'mine' }] }] } },
    );
    const found = assets.filter(({ type }) => type === 'ec2:subnet');
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      account: '111122223333',
      name: 'mine',
      source: '111122223333/us-east-1/ec2/DescribeSubnets.json',
    });
    expect(Object.fromEntries(found[0]?.tags ?? [])).toEqual({ Name: 'mine', seen: 'by sharer' });
  });

  it('attaches what was asked once a resource, and learns region, name and tags from it', () => {
    const policy = { Policy: '{}' };
    const { assets } = build(
      { account: '111122223333', region: 'global', operation: 's3/ListBuckets', body: { Buckets: [{ Name: 'b' }] } },
      { account: '111122223333', region: 'eu-west-1', operation: 's3/GetBucketPolicy', body: { b: policy } },
      {
        account: '111122223333',
        region: 'eu-west-1',
        operation: 's3/GetBucketTagging',
        body: { b: { TagSet: [{ Key: 'k', Value: 'v' }] } },
      },
    );
    const bucket = assets.find(({ type }) => type === 's3:bucket');
    expect(bucket).toMatchObject({ id: 'arn:aws:s3:::b', region: 'eu-west-1', account: '111122223333' });
    expect(bucket?.tags.get('k')).toBe('v');
    expect(bucket?.details?.get('s3/GetBucketPolicy')).toBe(policy);
  });

  it.each([
    ['another operation', 'ec2/DescribeInstances', { Instances: [{ InstanceId: 'i-1' }] }, 'Reservations'],
    ['what stands in a field of it', 'cloudfront/ListDistributions', { Items: [], Quantity: 0 }, 'DistributionList'],
    ['no operation', 'ec2/DescribeRouteTables', { routeTables: [] }, 'RouteTables'],
    [
      'one of several lists',
      'iam/GetAccountAuthorizationDetails',
      { Users: [] },
      'GroupDetailList or Policies or RoleDetailList or UserDetailList',
    ],
  ])('tells an answer that is of %s', (_, operation, body, lists) => {
    const { gaps } = build({ ...instance, operation, body });
    expect(gaps.map(({ message }) => message)).toEqual([`111122223333/us-east-1/${operation}.json: has no ${lists}`]);
  });

  it.each([
    ['holds nothing', 'ec2/DescribeInstances', {}],
    ['says that there is nothing', 'ec2/DescribeInstances', { Reservations: [] }],
    ['has an end of pages alone', 'sqs/ListQueues', { NextToken: '' }],
    ['has one of several lists', 'iam/GetAccountAuthorizationDetails', { UserDetailList: [] }],
    ['is keyed by resource', 'apigatewayv2/GetRoutes', { api1: { Items: [] } }],
  ])('tells none that %s', (_, operation, body) => {
    expect(build({ ...instance, operation, body }).gaps).toEqual([]);
  });

  it("does not mistake one account's name for another's", () => {
    const trail = { region: 'us-east-1', operation: 'rds/DescribeDBSnapshots' };
    const snapshot = { DBSnapshotIdentifier: 's', DBInstanceIdentifier: 'orders' };
    const { relationships } = build(
      {
        account: '111122223333',
        region: 'us-east-1',
        operation: 'rds/DescribeDBInstances',
        body: { DBInstances: [{ DBInstanceIdentifier: 'orders' }] },
      },
      { ...trail, account: '000011112222', body: { DBSnapshots: [snapshot] } },
    );
    expect(relationships.filter((r) => r.kind === 'snapshot-of').map((r) => r.to)).toEqual([
      'arn:aws:rds:us-east-1:000011112222:db:orders',
    ]);
  });

  it("takes an account's own public image for shared, and a vendor's not", () => {
    const { relationships } = build({
      account: '111122223333',
      region: 'us-east-1',
      operation: 'ec2/DescribeImages',
      body: { Images: [publicImage('ami-1', '111122223333'), publicImage('ami-2', '999988887777')] },
    });
    expect(relationships.filter((r) => r.kind === 'shared-with').map((r) => r.from)).toEqual([
      'arn:aws:ec2:us-east-1::image/ami-1',
    ]);
  });

  it('names the partition of the region', () => {
    const { assets } = build(
      {
        account: '111122223333',
        region: 'cn-north-1',
        operation: 'ec2/DescribeVolumes',
        body: { Volumes: [{ VolumeId: 'vol-1' }] },
      },
      { account: '111122223333', region: 'global', operation: 's3/ListBuckets', body: { Buckets: [{ Name: 'b' }] } },
    );
    expect(assets.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['arn:aws-cn:s3:::b', 'arn:aws-cn:ec2:cn-north-1:111122223333:volume/vol-1']),
    );
  });

  it('gives the same whatever the order of the answers, sorted, with both ends of every relationship', () => {
    const files = readdirSync(folder).sort();
    const answers = files.flatMap((file) => (JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Case).answers);
    const distinct = [...new Map(answers.map((a) => [`${a.account}/${a.region}/${a.operation}`, a])).values()];
    const once = build(...distinct);
    expect(build(...distinct.toReversed())).toEqual(once);
    const ids = once.assets.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort(byCode));
    const known = new Set(ids);
    expect(once.relationships.every((r) => known.has(r.from) && known.has(r.to) && r.from !== r.to)).toBe(true);
    const keys = once.relationships.map((r) => `${r.from}\0${r.kind}\0${r.to}`);
    expect(keys).toEqual([...new Set(keys)].sort(byCode));
  });

  it('survives any JSON in any answer', () => {
    const operations = [...new Set([...assetTypes, ...assetDetails].map(({ answer }) => answer))];
    const lists = [...new Set(assetTypes.map(({ list }) => list.split('[]')[0] ?? ''))].filter(
      (key) => key !== '' && !key.includes('.'),
    );
    const key = fc.oneof(
      fc.constantFrom(...lists, '__proto__', 'constructor', 'Tags', 'Statement', 'Arn'),
      fc.string(),
    );
    const value = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        fc.jsonValue(),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(key, tie('node'), { maxKeys: 4 }),
      ),
    })).node;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...operations), fc.dictionary(key, value, { maxKeys: 4 })), { maxLength: 6 }),
        (bodies) => {
          const { assets, relationships, gaps } = build(
            ...bodies.map(([operation, body]) => ({
              account: '111122223333',
              region: 'us-east-1',
              operation,
              body: body as JsonObject,
            })),
          );
          const known = new Set(assets.map(({ id }) => id));
          expect(relationships.every((r) => known.has(r.from) && known.has(r.to))).toBe(true);
          expect(gaps.every((gap) => gap.error === 'Unreadable')).toBe(true);
        },
      ),
      { numRuns: 300, seed: 20260302 },
    );
  });
});
