import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeSnapshot } from '../../src/main/analyze.js';
import type { JsonObject } from '../../src/model/index.js';
import { readSnapshot } from '../../src/snapshot/index.js';
import { arn, keyArn, type Miniature, miniature, roleArn, type Says } from '../techniques/miniature.js';

const pathsOf = (world: Miniature) => analyzeSnapshot(miniature(world), { toolVersion: '0.0.0' }).paths;
const said = (world: Miniature) =>
  pathsOf(world)
    .map((p) => `${p.entry.id} ${p.target.access} ${p.target.id} ${p.confidence}`)
    .sort();

const HOST = arn('ec2', 'instance/i-web');
const BUCKET = 'arn:aws:s3:::press';
const openBucket = (Action: string): Record<string, JsonObject> => ({
  'global/s3/ListBuckets': { Buckets: [{ Name: 'press' }] },
  's3/GetBucketLocation': { press: {} },
  's3/GetBucketPolicy': {
    press: {
      Policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: '*', Action, Resource: `${BUCKET}/*` }],
      }),
    },
  },
  's3/GetPublicAccessBlock': {},
  'global/s3-control/GetPublicAccessBlock': {},
});
const host = (says: readonly Says[], more: Miniature = {}): Miniature => ({
  roles: { web: { trust: 'ec2.amazonaws.com', profile: true, says } },
  instances: { 'i-web': { role: 'web', open: true } },
  ...more,
});

describe('what is open to everybody', () => {
  it('is told once, and not for each host that could have it too', () => {
    expect(said(host(['s3:GetObject'], { answers: openBucket('s3:GetObject') }))).toEqual([
      `${BUCKET} read ${BUCKET} confirmed`,
    ]);
  });

  it('is told of a host that has more of it', () => {
    expect(said(host(['s3:PutObject'], { answers: openBucket('s3:GetObject') }))).toEqual(
      [`${HOST} write ${BUCKET} confirmed`, `${BUCKET} read ${BUCKET} confirmed`].sort(),
    );
  });

  it('leads on from a role, and hosts are not told of what that leads to', () => {
    const world = host(['sts:AssumeRole'], {
      roles: {
        web: { trust: 'ec2.amazonaws.com', profile: true, says: ['sts:AssumeRole'] },
        partner: { trust: { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }, says: ['dynamodb:GetItem'] },
      },
      answers: {
        'dynamodb/ListTables': { TableNames: ['rates'] },
        'dynamodb/DescribeTable': {
          rates: { Table: { TableName: 'rates', TableArn: arn('dynamodb', 'table/rates') } },
        },
      },
    });
    expect(said(world)).toEqual([`${roleArn('partner')} read ${arn('dynamodb', 'table/rates')} confirmed`]);
  });
});

describe('a database that the internet reaches', () => {
  const database = (says: readonly Says[], open: boolean): Miniature =>
    host(says, {
      answers: {
        'rds/DescribeDBInstances': {
          DBInstances: [
            {
              DBInstanceIdentifier: 'samples',
              DBInstanceArn: arn('rds', 'db:samples'),
              Engine: 'postgres',
              DBInstanceStatus: 'available',
              PubliclyAccessible: true,
              Endpoint: { Port: 443 },
              VpcSecurityGroups: [{ VpcSecurityGroupId: open ? 'sg-open' : 'sg-closed', Status: 'active' }],
              DBSubnetGroup: { VpcId: 'vpc-1', Subnets: [{ SubnetIdentifier: 'subnet-1' }] },
            },
          ],
        },
      },
    });
  const DATABASE = arn('rds', 'db:samples');

  it('is its own way in, whatever hosts there are', () => {
    expect(said(database([], true))).toEqual([`${DATABASE} read ${DATABASE} conditional`]);
    expect(said({ ...database([], true), instances: {} })).toEqual([`${DATABASE} read ${DATABASE} conditional`]);
    expect(said(database([], false))).toEqual([]);
  });

  it('is told of a host that has it for certain, too', () => {
    expect(said(database(['rds:ModifyDBInstance'], true))).toEqual([
      `${HOST} read ${DATABASE} confirmed`,
      `${DATABASE} read ${DATABASE} conditional`,
    ]);
  });
});

describe('what the administrator of an account has', () => {
  const DENIED = 'arn:aws:s3:::ledger';
  const world = (limit: JsonObject): Miniature =>
    host(['*'], {
      answers: {
        'global/s3/ListBuckets': { Buckets: [{ Name: 'ledger' }] },
        's3/GetBucketLocation': { ledger: {} },
        's3/GetBucketPolicy': {
          ledger: {
            Policy: JSON.stringify({
              Version: '2012-10-17',
              Statement: [
                { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [DENIED, `${DENIED}/*`], Condition: limit },
              ],
            }),
          },
        },
      },
    });
  const told = (limit: JsonObject) =>
    pathsOf(world(limit)).map(({ target, confidence }) => [target.type, confidence, target.members.includes(DENIED)]);

  it('is told with the administration of it', () => {
    expect(told({ Bool: { 'aws:SecureTransport': 'false' } })).toEqual([['aws:admin', 'confirmed', true]]);
  });

  it('is told apart where more has to hold for it', () => {
    expect(told({ NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } })).toEqual([
      ['aws:admin', 'confirmed', false],
      ['s3:bucket', 'conditional', true],
    ]);
  });

  it('is not all of it where the policy of a key, or the organization, keeps administrators out', () => {
    const snapshot = (id: string, key: string) => ({
      SnapshotId: id,
      State: 'completed',
      OwnerId: '111122223333',
      Encrypted: true,
      KmsKeyId: keyArn(key),
    });
    const closed: Says = {
      Effect: 'Allow',
      Principal: { AWS: arn('iam', 'role/vault') },
      Action: 'kms:*',
      Resource: '*',
    };
    const paths = pathsOf(
      host(['*'], {
        keys: { 'k-1': {}, 'k-2': { policy: [closed] } },
        answers: {
          'ec2/DescribeSnapshots': { Snapshots: [snapshot('snap-0aaa', 'k-1'), snapshot('snap-0bbb', 'k-2')] },
        },
      }),
    );
    const held = paths.flatMap(({ target }) => target.members).filter((id) => id.includes('snapshot/'));
    expect(held).toEqual(['arn:aws:ec2:us-east-1::snapshot/snap-0aaa']);
  });

  it('is also what humbler principals of it reach, where administration is had by rewriting one’s own policies', () => {
    const [path, ...others] = pathsOf(
      host(['iam:PutRolePolicy'], {
        answers: { 'global/s3/ListBuckets': { Buckets: [{ Name: 'ledger' }] }, 's3/GetBucketLocation': { ledger: {} } },
      }),
    );
    expect(others).toEqual([]);
    expect([path?.target.id, path?.target.members.includes(DENIED)]).toEqual(['aws:admin/111122223333', true]);
  });
});

it('names in a fix the statement that grants, and not one of the organization that only limits', async () => {
  const fleet = await readSnapshot(join(import.meta.dirname, '../../fixtures/shipping-line'));
  const fixes = analyzeSnapshot(fleet, { toolVersion: '0.0.0' }).paths.flatMap(({ steps }) => steps.map((s) => s.fix));
  expect(fixes.filter((fix) => fix.includes(':organizations:'))).toEqual([]);
  expect(fixes).toContain(
    'Take s3:GetObject out of statement Readers of arn:aws:s3:::cargo-lists-737383839393#policy, or narrow its resources.',
  );
});

it('tells disks that are had for certain apart from those that are had under a condition', () => {
  const key = (id: string, condition?: JsonObject): Says => ({
    Effect: 'Allow',
    Action: 'kms:CreateGrant',
    Resource: keyArn(id),
    ...(condition && { Condition: condition }),
  });
  const paths = pathsOf(
    host(
      [
        'ec2:CreateSnapshot',
        'ec2:ModifySnapshotAttribute',
        key('k-1'),
        key('k-2', { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }),
      ],
      {
        keys: { 'k-1': {}, 'k-2': {} },
        volumes: { 'vol-1': { key: keyArn('k-1') }, 'vol-2': { key: keyArn('k-2') } },
      },
    ),
  );
  expect(new Set(paths.map(({ id }) => id)).size).toBe(2);
  expect(paths.map(({ target, confidence }) => [target.members, confidence])).toEqual([
    [[arn('ec2', 'volume/vol-1')], 'confirmed'],
    [[arn('ec2', 'volume/vol-2')], 'conditional'],
  ]);
});

describe('a key that was not to be seen', () => {
  const sealed = { answers: openBucket('s3:ListBucket') };
  const refused = { ...sealed, refused: ['s3/GetBucketEncryption'] };

  it('leaves open whether a bucket is read', () => {
    const read = (more: Miniature) =>
      said(host(['s3:GetObject'], more)).filter((one) => one.includes(` read ${BUCKET} `));
    expect(read(sealed)).toEqual([`${HOST} read ${BUCKET} confirmed`]);
    expect(read(refused)).toEqual([`${HOST} read ${BUCKET} conditional`]);
  });

  it('leaves open whether everybody reads it', () => {
    expect(said({ answers: openBucket('s3:GetObject') })).toEqual([`${BUCKET} read ${BUCKET} confirmed`]);
    expect(said({ answers: openBucket('s3:GetObject'), refused: ['s3/GetBucketEncryption'] })).toEqual([
      `${BUCKET} read ${BUCKET} conditional`,
    ]);
  });
});
