import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/model/index.js';
import { arn, keyArn, type Miniature, roleArn, type Says, userArn } from './miniature.js';
import { reachedFrom } from './reached.js';

const ANN = userArn('ann');
const KEY = keyArn('k-1');
const BUCKET = 'arn:aws:s3:::orders';

/** A bucket under a customer-managed key. */
const world = (says: readonly Says[], answers: Readonly<Record<string, JsonObject>> = {}): Miniature => ({
  users: { ann: { says } },
  keys: { 'k-1': {} },
  answers: {
    'global/s3/ListBuckets': { Buckets: [{ Name: 'orders' }] },
    's3/GetBucketLocation': { orders: {} },
    's3/GetBucketEncryption': {
      orders: {
        ServerSideEncryptionConfiguration: {
          Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KEY } }],
        },
      },
    },
    ...answers,
  },
});
const bucket = (says: readonly Says[], answers?: Readonly<Record<string, JsonObject>>): string | undefined =>
  reachedFrom(world(says, answers), ANN).assets.get(BUCKET);

describe('a key that is not usable as it is', () => {
  const inState = (KeyState: string) => ({
    'kms/DescribeKey': { 'k-1': { KeyMetadata: { KeyId: 'k-1', Arn: KEY, KeyManager: 'CUSTOMER', KeyState } } },
  });
  const READ = ['s3:GetObject', 'kms:Decrypt'];

  test.each([
    ['Enabled', READ],
    ['Disabled', [...READ, 'kms:EnableKey']],
    ['PendingDeletion', [...READ, 'kms:CancelKeyDeletion', 'kms:EnableKey']],
  ])('%s: the data is read by whoever may make it so', (state, says) => {
    expect(bucket(says, inState(state))).toBe('read confirmed');
  });

  test.each([
    ['Disabled', READ],
    ['PendingDeletion', [...READ, 'kms:EnableKey']],
  ])('%s: the data is not read otherwise', (state, says) => {
    expect(bucket(says, inState(state))).toBeUndefined();
  });
});

describe('a key that is turned off', () => {
  const SNAPSHOT = 'arn:aws:ec2:us-east-1::snapshot/snap-1';
  const off = {
    'kms/DescribeKey': {
      'k-1': { KeyMetadata: { KeyId: 'k-1', Arn: KEY, KeyManager: 'CUSTOMER', KeyState: 'Disabled' } },
    },
    'ec2/DescribeSnapshots': {
      Snapshots: [
        { SnapshotId: 'snap-1', OwnerId: '111122223333', Encrypted: true, KmsKeyId: KEY, State: 'completed' },
      ],
    },
  };
  const reached = (asset: string, says: readonly Says[], keeper: readonly Says[] = []): string | undefined =>
    reachedFrom({ ...world(says, off), roles: { keeper: { trust: 'user/ann', says: keeper } } }, ANN).assets.get(asset);
  const become = `sts:AssumeRole on ${roleArn('keeper')}`;

  test('is turned on by whoever may write its policy, which may let anybody do so', () => {
    const ownPolicy = (...Action: readonly string[]): string | undefined =>
      reachedFrom(
        {
          ...world(['s3:GetObject', 'kms:Decrypt', 'kms:PutKeyPolicy', 'kms:CreateGrant', 'kms:EnableKey'], off),
          keys: {
            'k-1': {
              policy: [{ Effect: 'Allow', Principal: { AWS: arn('iam', 'root') }, Action: [...Action], Resource: '*' }],
            },
          },
        },
        ANN,
      ).assets.get(BUCKET);
    expect(ownPolicy('kms:PutKeyPolicy')).toBe('read confirmed');
    expect(ownPolicy('kms:Decrypt', 'kms:EnableKey')).toBe('read confirmed');
    expect(ownPolicy('kms:CreateGrant', 'kms:Decrypt')).toBeUndefined();
  });

  test('may be turned on again by another than the reader', () => {
    const read = ['s3:GetObject', 'kms:Decrypt', become];
    expect(reached(BUCKET, read, ['kms:EnableKey'])).toBe('read confirmed');
    expect(reached(BUCKET, read, ['kms:DisableKey'])).toBeUndefined();
    expect(reached(BUCKET, ['s3:GetObject', become], ['kms:EnableKey'])).toBeUndefined();
  });

  test('keeps what is shared from whom it is shared with, until it is turned on again', () => {
    const share = ['ec2:ModifySnapshotAttribute', 'kms:CreateGrant', become];
    expect(reached(SNAPSHOT, [...share, 'kms:EnableKey'])).toBe('read confirmed');
    expect(reached(SNAPSHOT, share, ['kms:EnableKey'])).toBe('read confirmed');
    expect(reached(SNAPSHOT, share)).toBeUndefined();
    expect(reached(SNAPSHOT, ['ec2:ModifySnapshotAttribute', 'kms:EnableKey'])).toBeUndefined();
  });
});

test('a secret that is mentioned alone may be under a key that keeps its readers out', () => {
  const SECRET = arn('secretsmanager', 'secret:rds-orders-AbCdEf');
  const database = {
    'rds/DescribeDBInstances': {
      DBInstances: [
        {
          DBInstanceIdentifier: 'orders',
          DBInstanceArn: arn('rds', 'db:orders'),
          MasterUserSecret: { SecretArn: SECRET },
        },
      ],
    },
  };
  const secrets = { 'secrets-manager/ListSecrets': { SecretList: [{ ARN: SECRET, Name: 'rds-orders' }] } };
  const read = (says: readonly Says[], answers: Readonly<Record<string, JsonObject>>): string | undefined =>
    reachedFrom(world(says, answers), ANN).assets.get(SECRET);
  expect(read(['secretsmanager:GetSecretValue'], database)).toBe('read conditional');
  expect(read(['secretsmanager:GetSecretValue'], { ...database, ...secrets })).toBe('read confirmed');
  expect(read(['secretsmanager:DescribeSecret'], database)).toBeUndefined();
  expect(read(['*'], database)).toBe('read conditional');
  expect(read(['*'], { ...database, ...secrets })).toBe('read confirmed');
});

describe('writing into a bucket under a key', () => {
  const denyUnder = (Condition: JsonObject) => ({
    's3/GetBucketPolicy': {
      orders: {
        Policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: `${BUCKET}/*`, Condition }],
        }),
      },
    },
  });

  test('takes no permission on the key where another encryption may be asked for', () => {
    expect(bucket(['s3:PutObject'])).toBe('write confirmed');
  });

  test.each([
    ['all but that of a key', { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } }],
    ['that of S3', { StringEquals: { 's3:x-amz-server-side-encryption': 'AES256' } }],
    ['what names no key', { Null: { 's3:x-amz-server-side-encryption-aws-kms-key-id': 'true' } }],
  ])('takes one where the bucket denies %s', (_, condition) => {
    expect(bucket(['s3:PutObject'], denyUnder(condition))).toBeUndefined();
    expect(bucket(['s3:PutObject', 'kms:GenerateDataKey'], denyUnder(condition))).toBe('write confirmed');
  });
});

describe('a key that the caller may not use yet', () => {
  const SECRET = arn('secretsmanager', 'secret:db-AbCdEf');
  const withSecret = (says: readonly Says[], policy?: readonly JsonObject[]): Miniature => ({
    users: { ann: { says } },
    keys: { 'k-1': policy ? { policy } : {} },
    answers: {
      'secrets-manager/ListSecrets': { SecretList: [{ ARN: SECRET, Name: 'db', KmsKeyId: KEY }] },
      'secrets-manager/GetResourcePolicy': {},
    },
  });
  const secret = (says: readonly Says[], policy?: readonly JsonObject[]): string | undefined =>
    reachedFrom(withSecret(says, policy), ANN).assets.get(SECRET);
  const GET = 'secretsmanager:GetSecretValue';
  const onlyIf = (Action: string, Condition: JsonObject): JsonObject => ({
    Effect: 'Allow',
    Action,
    Resource: KEY,
    Condition,
  });

  test.each(['kms:CreateGrant', 'kms:PutKeyPolicy'])('is opened by whoever may call %s', (opener) => {
    expect(secret([GET, opener])).toBe('read confirmed');
    expect(bucket(['s3:GetObject', opener])).toBe('read confirmed');
  });

  test('is not opened by who may grant it to services alone', () => {
    const grant = onlyIf('kms:CreateGrant', { Bool: { 'kms:GrantIsForAWSResource': 'true' } });
    expect(secret([GET, grant])).toBeUndefined();
  });

  test('is used through a service for whatever is asked, and by nobody who may make grants for services alone', () => {
    const through = { StringEquals: { 'kms:ViaService': 'secretsmanager.us-east-1.amazonaws.com' } };
    expect(secret([GET, onlyIf('kms:*', through)])).toBe('read confirmed');
    const forServices = { ...through, Bool: { 'kms:GrantIsForAWSResource': 'true' } };
    expect(secret([GET, onlyIf('kms:*', forServices)])).toBeUndefined();
  });

  test('is not opened against a denial', () => {
    const deny = { Effect: 'Deny', Action: 'kms:Decrypt', Resource: '*' };
    expect(secret([GET, 'kms:CreateGrant', deny])).toBeUndefined();
  });

  test('is of no use without the call on the store itself', () => {
    expect(secret(['kms:CreateGrant'])).toBeUndefined();
  });

  test.each([
    ['secret:db-*', 'read confirmed'],
    ['secret:other-*', undefined],
  ])('may be used for the secrets that policies name: %s', (name, expected) => {
    const decrypt = onlyIf('kms:Decrypt', {
      StringLike: { 'kms:EncryptionContext:SecretARN': arn('secretsmanager', name) },
    });
    expect(secret([GET, decrypt])).toBe(expected);
  });
});

describe('parameters by path', () => {
  const parameter = (says: readonly Says[]): string | undefined =>
    reachedFrom(
      {
        users: { ann: { says } },
        answers: {
          'ssm/DescribeParameters': {
            Parameters: [{ Name: '/shop/db/url', ARN: arn('ssm', 'parameter/shop/db/url'), Type: 'String' }],
          },
        },
      },
      ANN,
    ).assets.get(arn('ssm', 'parameter/shop/db/url'));
  const byPath = (path: string): string => `ssm:GetParametersByPath on ${arn('ssm', `parameter${path}`)}`;

  test.each(['/shop', '/shop/db', '/shop/*', '/shop*', '/'])('are read by who may read %s', (path) => {
    expect(parameter([byPath(path)])).toBe('read confirmed');
  });

  test.each(['/shop/db/url', '/other', '/sho'])('are not read by who may read %s', (path) => {
    expect(parameter([byPath(path)])).toBeUndefined();
  });
});

describe('the key of a disk', () => {
  const VOLUME = arn('ec2', 'volume/vol-1');
  const snapshot = (id: string): string => `arn:aws:ec2:us-east-1::snapshot/${id}`;
  const says = (value: string): readonly Says[] => [
    'ec2:CreateSnapshot',
    'ebs:*',
    {
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: KEY,
      Condition: { StringLike: { 'kms:EncryptionContext:aws:ebs:id': value } },
    },
  ];
  const read = (value: string): ReadonlyMap<string, string> =>
    reachedFrom(
      {
        users: { ann: { says: says(value) } },
        keys: { 'k-1': {} },
        volumes: { 'vol-1': { key: KEY } },
        answers: {
          'ec2/DescribeSnapshots': {
            Snapshots: [
              ['snap-1', 'vol-1'],
              ['snap-2', 'vol-2'],
              ['snap-copy', 'vol-ffffffff'],
            ].map(([SnapshotId = '', VolumeId = '']) => ({
              SnapshotId,
              VolumeId,
              OwnerId: '111122223333',
              Encrypted: true,
              KmsKeyId: KEY,
              State: 'completed',
            })),
          },
        },
      },
      ANN,
    ).assets;

  test('is used for what was made of the volumes that policies name', () => {
    const assets = read('vol-1');
    expect([VOLUME, snapshot('snap-1')].map((id) => assets.get(id))).toEqual(['read confirmed', 'read confirmed']);
    expect(assets.get(snapshot('snap-2'))).toBeUndefined();
  });

  test('is used for no disk where they name another', () => {
    const assets = read('vol-3');
    for (const id of [VOLUME, snapshot('snap-1'), snapshot('snap-2')]) expect(assets.get(id)).toBeUndefined();
  });

  test('may be used for copies, of which it is not known what EBS tells', () => {
    expect(read('vol-1').get(snapshot('snap-copy'))).toBe('read conditional');
    expect(read('*').get(snapshot('snap-2'))).toBe('read confirmed');
  });
});

describe('a key that is opened before a copy is made', () => {
  const SNAPSHOT = arn('rds', 'snapshot:orders-1');
  const DISK = arn('ec2', 'volume/vol-1');
  const PARTNER = '999988887777';
  const forServices: JsonObject = {
    Effect: 'Allow',
    Action: 'kms:CreateGrant',
    Resource: KEY,
    Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
  };
  const DENIED: JsonObject = { Effect: 'Deny', Action: 'kms:DescribeKey', Resource: KEY };
  const database = {
    DBInstanceIdentifier: 'orders',
    DBInstanceArn: arn('rds', 'db:orders'),
    Engine: 'postgres',
    StorageEncrypted: true,
    KmsKeyId: KEY,
  };
  const snapshot = {
    DBSnapshotIdentifier: 'orders-1',
    DBSnapshotArn: SNAPSHOT,
    DBInstanceIdentifier: 'orders',
    SnapshotType: 'manual',
    Engine: 'postgres',
    Encrypted: true,
    KmsKeyId: KEY,
  };

  // Copies alone may be attached.
  const notItself: JsonObject = { Effect: 'Deny', Action: 'ec2:AttachVolume', Resource: DISK };
  const copies = ['ec2:CreateSnapshot', 'ec2:CreateVolume', 'ec2:AttachVolume', notItself];
  const attached = (says: readonly Says[]): string | undefined =>
    reachedFrom(
      {
        roles: { web: { profile: true, says: [...copies, ...says] } },
        instances: { 'i-1': { role: 'web' } },
        keys: { 'k-1': {} },
        volumes: { 'vol-1': { key: KEY } },
      },
      arn('ec2', 'instance/i-1'),
    ).assets.get(DISK);

  test.each(['kms:CreateGrant', 'kms:PutKeyPolicy'])('a copy of a volume is attached by who may call %s', (opener) => {
    expect(attached([opener])).toBe('read confirmed');
  });

  test('a copy of a volume is not attached by who may grant the key to services alone, or not at all', () => {
    expect(attached([forServices])).toBeUndefined();
    expect(attached([])).toBeUndefined();
  });

  const restored = (asset: string, says: readonly Says[]): string | undefined =>
    reachedFrom(
      {
        users: { ann: { says: ['rds:ModifyDBInstance on arn:aws:rds:*:*:db:copy*', ...says] } },
        keys: { 'k-1': {} },
        answers: {
          'rds/DescribeDBInstances': { DBInstances: [database] },
          'rds/DescribeDBSnapshots': { DBSnapshots: [snapshot] },
        },
      },
      ANN,
    ).assets.get(asset);
  const RESTORE = 'rds:RestoreDBInstanceFromDBSnapshot';

  test.each([
    [SNAPSHOT, [RESTORE]],
    [database.DBInstanceArn, [RESTORE, 'rds:CreateDBSnapshot']],
  ])('%s is restored by who may open the key', (asset, says) => {
    expect(restored(asset, [...says, 'kms:CreateGrant'])).toBe('read confirmed');
    expect(restored(asset, [...says, 'kms:PutKeyPolicy'])).toBe('read confirmed');
    expect(restored(asset, [...says, forServices])).toBeUndefined();
    expect(restored(asset, [...says, 'kms:CreateGrant', DENIED])).toBeUndefined();
    expect(restored(asset, says)).toBeUndefined();
  });

  const shared = (says: readonly Says[], keeper: readonly Says[]): string | undefined =>
    reachedFrom(
      {
        roles: { keeper: { trust: { AWS: userArn('bob', PARTNER) }, says: keeper } },
        keys: { 'k-1': {} },
        accounts: { [PARTNER]: { users: { bob: { says: [`sts:AssumeRole on ${roleArn('keeper')}`, ...says] } } } },
        answers: {
          'rds/DescribeDBSnapshots': { DBSnapshots: [snapshot] },
          'rds/DescribeDBSnapshotAttributes': {
            'orders-1': {
              DBSnapshotAttributesResult: {
                DBSnapshotIdentifier: 'orders-1',
                DBSnapshotAttributes: [{ AttributeName: 'restore', AttributeValues: [PARTNER] }],
              },
            },
          },
        },
      },
      userArn('bob', PARTNER),
    ).assets.get(SNAPSHOT);

  test('what is shared is copied by whoever somebody of the owner opens the key to', () => {
    const copy = ['rds:*', 'kms:CreateGrant', 'kms:DescribeKey'];
    expect(shared(copy, ['kms:PutKeyPolicy'])).toBe('read confirmed');
    expect(shared(copy, ['kms:CreateGrant'])).toBe('read confirmed');
    expect(shared(copy, ['kms:DescribeKey'])).toBeUndefined();
    expect(shared(['rds:*'], ['kms:PutKeyPolicy'])).toBeUndefined();
  });

  const administered = (Action: readonly string[], KeyState?: string): string | undefined =>
    reachedFrom(
      {
        ...world(
          ['*'],
          KeyState === undefined
            ? {}
            : {
                'kms/DescribeKey': {
                  'k-1': { KeyMetadata: { KeyId: 'k-1', Arn: KEY, KeyManager: 'CUSTOMER', KeyState } },
                },
              },
        ),
        keys: {
          'k-1': {
            policy: [{ Effect: 'Allow', Principal: { AWS: arn('iam', 'root') }, Action: [...Action], Resource: '*' }],
          },
        },
      },
      ANN,
    ).assets.get(BUCKET);

  test('an administrator reads what is under a key that it may open to itself', () => {
    expect(administered(['kms:Describe*', 'kms:PutKeyPolicy'])).toBe('read confirmed, write confirmed');
    expect(administered(['kms:Describe*', 'kms:CreateGrant'])).toBe('read confirmed, write confirmed');
    expect(administered(['kms:Describe*', 'kms:ScheduleKeyDeletion'])).toBeUndefined();
  });

  test('an administrator reads what is under a key that is turned off once it may turn that on', () => {
    const both = 'read confirmed, write confirmed';
    expect(administered(['kms:Decrypt', 'kms:GenerateDataKey', 'kms:EnableKey'], 'Disabled')).toBe(both);
    expect(administered(['kms:Decrypt', 'kms:GenerateDataKey'], 'Disabled')).toBeUndefined();
    expect(administered(['kms:CreateGrant', 'kms:EnableKey'], 'Disabled')).toBe(both);
    expect(administered(['kms:CreateGrant'], 'Disabled')).toBeUndefined();
    // Whoever writes the policy of the key may let itself turn it on.
    expect(administered(['kms:PutKeyPolicy'], 'Disabled')).toBe(both);
  });
});
