import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/model/index.js';
import { openAnalysis } from '../../src/main/analyze.js';
import { ACCOUNT, arn, keyArn, type Miniature, miniature, type Says, userArn } from './miniature.js';
import { reachedFrom } from './reached.js';

const ANN = userArn('ann');
const ann = (says: readonly Says[], answers: Record<string, JsonObject>): Miniature => ({
  users: { ann: { says } },
  answers,
});
const reaches = (mini: Miniature, target: string) => {
  const { assets, steps } = reachedFrom(mini, ANN);
  return assets.has(target) ? [assets.get(target), ...(steps.get(target) ?? [])] : undefined;
};

const SECRET = arn('secretsmanager', 'secret:login-AbCdEf');
const secrets = { 'secrets-manager/ListSecrets': { SecretList: [{ ARN: SECRET, Name: 'login' }] } };
const TABLE = arn('dynamodb', 'table/orders');
const table = (more: JsonObject = {}) => ({
  'dynamodb/ListTables': { TableNames: ['orders'] },
  'dynamodb/DescribeTable': { orders: { Table: { TableName: 'orders', TableArn: TABLE, ...more } } },
});
const QUEUE = arn('sqs', 'jobs');
const queues = {
  'sqs/ListQueues': { QueueUrls: ['https://sqs.us-east-1.amazonaws.com/111122223333/jobs'] },
  'sqs/GetQueueAttributes': {
    'https://sqs.us-east-1.amazonaws.com/111122223333/jobs': { Attributes: { QueueArn: QUEUE } },
  },
};
const TOPIC = arn('sns', 'alerts');
/** A topic whose policy lets everybody subscribe, as SNS writes it for a new one: for things of one account. */
const topics = (more: JsonObject) => ({
  'sns/ListTopics': { Topics: [{ TopicArn: TOPIC }] },
  'sns/GetTopicAttributes': {
    [TOPIC]: {
      Attributes: {
        TopicArn: TOPIC,
        Policy: JSON.stringify({
          Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'SNS:Subscribe', Resource: TOPIC, ...more }],
        }),
      },
    },
  },
});
const OWNERS = { Condition: { StringEquals: { 'AWS:SourceOwner': ACCOUNT } } };
const EVERYBODY = {};
const BUCKET = 'arn:aws:s3:::orders';
const bucket = (ownership: string) => ({
  'global/s3/ListBuckets': { Buckets: [{ Name: 'orders' }] },
  's3/GetBucketLocation': { orders: {} },
  's3/GetBucketOwnershipControls': { orders: { OwnershipControls: { Rules: [{ ObjectOwnership: ownership }] } } },
});
const WAREHOUSE = arn('redshift', 'cluster:dw');
const warehouse = {
  'redshift/DescribeClusters': { Clusters: [{ ClusterIdentifier: 'dw', ClusterStatus: 'available' }] },
};
const DOMAIN = arn('es', 'domain/logs');
const domain = (more: JsonObject = {}) => ({
  'opensearch/ListDomainNames': { DomainNames: [{ DomainName: 'logs' }] },
  'opensearch/DescribeDomains': { DomainStatusList: [{ DomainName: 'logs', ARN: DOMAIN, ...more }] },
});
const DATABASE = arn('rds', 'db:shop');
const database = (retention: number) => ({
  'rds/DescribeDBInstances': {
    DBInstances: [
      { DBInstanceIdentifier: 'shop', DBInstanceArn: DATABASE, Engine: 'postgres', BackupRetentionPeriod: retention },
    ],
  },
});
const SNAPSHOT = arn('rds', 'snapshot:rds:shop-1');
const snapshot = (type: string, more: JsonObject = {}) => ({
  'rds/DescribeDBSnapshots': {
    DBSnapshots: [
      { DBSnapshotIdentifier: 'rds:shop-1', DBSnapshotArn: SNAPSHOT, SnapshotType: type, Engine: 'postgres', ...more },
    ],
  },
});
const restore = ['rds:RestoreDBInstanceToPointInTime', 'rds:ModifyDBInstance'];
const copy = ['rds:CopyDBSnapshot', `rds:ModifyDBSnapshotAttribute on ${arn('rds', 'snapshot:copy-*')}`];

const shareNew = ['rds:CreateDBSnapshot', 'rds:ModifyDBSnapshotAttribute'];
const restoreNew = ['rds:CreateDBSnapshot', 'rds:RestoreDBInstanceFromDBSnapshot', 'rds:ModifyDBInstance'];

describe('stores whose policy, copy or interface the intruder uses', () => {
  const works: readonly (readonly [string, Miniature, string, string])[] = [
    ['secret-policy', ann(['secretsmanager:PutResourcePolicy'], secrets), SECRET, 'read confirmed'],
    ['table-policy', ann(['dynamodb:PutResourcePolicy'], table()), TABLE, 'read confirmed'],
    [
      'table-stream',
      ann(
        ['dynamodb:GetShardIterator', 'dynamodb:GetRecords'],
        table({ StreamSpecification: { StreamEnabled: true } }),
      ),
      TABLE,
      'read confirmed',
    ],
    ['queue-policy', ann(['sqs:SetQueueAttributes'], queues), QUEUE, 'read confirmed'],
    ['topic-subscribe', ann(['sns:Subscribe'], topics(OWNERS)), TOPIC, 'read confirmed'],
    ['topic-subscribe', ann([], topics(EVERYBODY)), TOPIC, 'read confirmed'],
    ['topic-policy', ann(['sns:AddPermission'], topics(OWNERS)), TOPIC, 'read confirmed'],
    ['bucket-acl', ann(['s3:PutObjectAcl'], bucket('ObjectWriter')), BUCKET, 'read confirmed'],
    [
      'redshift-data-api',
      ann(['redshift-data:*', 'redshift:GetClusterCredentials'], warehouse),
      WAREHOUSE,
      'read confirmed',
    ],
    [
      'redshift-share-snapshot',
      ann(['redshift:CreateClusterSnapshot', 'redshift:AuthorizeSnapshotAccess'], warehouse),
      WAREHOUSE,
      'read confirmed',
    ],
    ['opensearch-read', ann(['es:ESHttpGet'], domain()), DOMAIN, 'read confirmed'],
    [
      'opensearch-read',
      ann(['es:ESHttpGet'], domain({ AdvancedSecurityOptions: { Enabled: true } })),
      DOMAIN,
      'read conditional',
    ],
    ['rds-point-in-time', ann(restore, database(7)), DATABASE, 'read confirmed'],
    ['rds-copy-snapshot-share', ann(copy, snapshot('automated')), SNAPSHOT, 'read confirmed'],
    ['rds-share-snapshot', ann(['rds:ModifyDBSnapshotAttribute'], snapshot('manual')), SNAPSHOT, 'read confirmed'],
    ['rds-snapshot-share', ann(shareNew, database(7)), DATABASE, 'read confirmed'],
    ['rds-snapshot-restore', ann(restoreNew, database(7)), DATABASE, 'read confirmed'],
  ];
  test.each(works)('%s', (technique, world, target, expected) => {
    expect(reaches(world, target)).toEqual([expected, technique]);
  });

  const fails: readonly (readonly [string, Miniature, string])[] = [
    [
      'the secret is behind a key that Ann may not use',
      ann(['secretsmanager:PutResourcePolicy'], {
        'secrets-manager/ListSecrets': { SecretList: [{ ARN: SECRET, Name: 'login', KmsKeyId: arn('kms', 'key/1') }] },
        'kms/ListKeys': { Keys: [{ KeyId: '1', KeyArn: arn('kms', 'key/1') }] },
        'kms/DescribeKey': { '1': { KeyMetadata: { KeyId: '1', Arn: arn('kms', 'key/1'), KeyManager: 'CUSTOMER' } } },
        'kms/GetKeyPolicy': {
          '1': {
            Policy: JSON.stringify({
              Statement: [
                {
                  Effect: 'Allow',
                  Principal: { AWS: 'arn:aws:iam::111122223333:root' },
                  Action: 'kms:*',
                  Resource: '*',
                },
              ],
            }),
          },
        },
      }),
      SECRET,
    ],
    ['the table has no stream', ann(['dynamodb:GetShardIterator', 'dynamodb:GetRecords'], table()), TABLE],
    ['the bucket does not obey ACLs', ann(['s3:PutObjectAcl'], bucket('BucketOwnerEnforced')), BUCKET],
    ['a statement without credentials', ann(['redshift-data:*'], warehouse), WAREHOUSE],
    ['a password for a warehouse that is not reached', ann(['redshift:ModifyCluster'], warehouse), WAREHOUSE],
    ['another domain', ann([`es:ESHttpGet on ${arn('es', 'domain/other/*')}`], domain()), DOMAIN],
    ['a database without backups', ann(restore, database(0)), DATABASE],
    [
      'an encrypted automated snapshot',
      ann(copy, snapshot('automated', { Encrypted: true, KmsKeyId: 'alias/aws/rds' })),
      SNAPSHOT,
    ],
    ['an automated snapshot is not shared', ann(['rds:ModifyDBSnapshotAttribute'], snapshot('automated')), SNAPSHOT],
    [
      'only clusters may be snapshotted',
      ann(['rds:CreateDBClusterSnapshot', ...restoreNew.slice(1)], database(7)),
      DATABASE,
    ],
    ['the copy may not be changed', ann(restoreNew.slice(0, 2), database(7)), DATABASE],
    ['only the original may be shared', ann([`rds:CopyDBSnapshot on ${SNAPSHOT}`], snapshot('automated')), SNAPSHOT],
  ];
  test.each(fails)('not: %s', (_, world, target) => {
    const { assets } = reachedFrom(world, ANN);
    expect(assets.get(target)?.endsWith('confirmed') ?? false).toBe(false);
  });
});

describe('taking data away is writing', () => {
  const KEY = keyArn('k1');
  const behindKey = (says: readonly Says[]): Miniature => ({
    ...ann(says, {
      ...bucket('BucketOwnerEnforced'),
      's3/GetBucketEncryption': {
        orders: {
          ServerSideEncryptionConfiguration: {
            Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KEY } }],
          },
        },
      },
      ...table({ SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: KEY } }),
    }),
    keys: { k1: {} },
  });

  test.each([
    ['s3:DeleteObject', BUCKET, 's3-write'],
    ['s3:DeleteObjectVersion', BUCKET, 's3-write'],
    // Whoever writes an object may ask for another encryption than that of the bucket.
    ['s3:PutObject', BUCKET, 's3-write'],
    ['dynamodb:DeleteTable', TABLE, 'dynamodb-write'],
  ])('%s needs no key', (action, store, technique) => {
    expect(reaches(behindKey([action]), store)).toEqual(['write confirmed', technique]);
  });

  test('dynamodb:PutItem needs the key', () => {
    expect(reaches(behindKey(['dynamodb:PutItem']), TABLE)).toBeUndefined();
    const withKey = behindKey(['dynamodb:PutItem', 'kms:GenerateDataKey', 'kms:Decrypt']);
    expect(reaches(withKey, TABLE)?.[0]).toBe('write confirmed');
  });

  const LISTED = { 'dynamodb/ListTables': { TableNames: ['orders'] } };
  const DELETE = 'dynamodb:DeleteTable';
  const LIFT = 'dynamodb:UpdateTable';
  test.each<[string, readonly string[], Record<string, JsonObject>, string | undefined]>([
    ['is not protected', [DELETE], table(), 'write confirmed'],
    ['is protected', [DELETE], table({ DeletionProtectionEnabled: true }), undefined],
    ['is no longer protected', [DELETE, LIFT], table({ DeletionProtectionEnabled: true }), 'write confirmed'],
    ['may be protected', [DELETE], LISTED, 'write conditional'],
    ['is protected no longer, if it was', [DELETE, LIFT], LISTED, 'write confirmed'],
    ['may only be changed', [LIFT], table(), undefined],
  ])('a table is deleted that %s', (_, says, answers, access) => {
    expect(reaches(ann(says, answers), TABLE)?.[0]).toBe(access);
  });
});

describe('what AWS-managed keys keep from other accounts', () => {
  const PARTNER = '444455556666';
  const EVE = userArn('eve', PARTNER);
  const KEY = keyArn('1');
  const forEve = (action: string, resource: string): string =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: EVE }, Action: action, Resource: resource }],
    });
  const keys = (manager: 'AWS' | 'CUSTOMER') => ({
    'kms/ListKeys': { Keys: [{ KeyId: '1', KeyArn: KEY }] },
    'kms/DescribeKey': { '1': { KeyMetadata: { KeyId: '1', Arn: KEY, KeyManager: manager } } },
    'kms/GetKeyPolicy': { '1': { Policy: forEve('kms:*', '*') } },
  });
  const world = (answers: Miniature['answers']): Miniature => ({
    users: { ann: { says: ['secretsmanager:GetSecretValue', 's3:GetObject', 'kms:Decrypt'] } },
    accounts: {
      [PARTNER]: { users: { eve: { says: ['secretsmanager:GetSecretValue', 's3:GetObject', 'kms:Decrypt'] } } },
    },
    ...(answers && { answers }),
  });
  const secret = (more: JsonObject = {}) => ({
    'secrets-manager/ListSecrets': { SecretList: [{ ARN: SECRET, Name: 'login', ...more }] },
    'secrets-manager/GetResourcePolicy': {
      [SECRET]: { ARN: SECRET, Name: 'login', ResourcePolicy: forEve('secretsmanager:GetSecretValue', '*') },
    },
  });
  const LEDGER = 'arn:aws:s3:::ledger';
  const ledger = (key?: string) => ({
    'global/s3/ListBuckets': { Buckets: [{ Name: 'ledger' }] },
    's3/GetBucketLocation': { ledger: {} },
    's3/GetBucketPolicy': { ledger: { Policy: forEve('s3:GetObject', `${LEDGER}/*`) } },
    's3/GetBucketEncryption': {
      ledger: {
        ServerSideEncryptionConfiguration: {
          Rules: [
            {
              ApplyServerSideEncryptionByDefault:
                key === undefined ? { SSEAlgorithm: 'AES256' } : { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key },
            },
          ],
        },
      },
    },
  });

  test.each<[string, Miniature, string, string | undefined]>([
    ['a secret that names no key', world(secret()), SECRET, undefined],
    [
      'a secret under a key of the account that lets her in',
      world({ ...secret({ KmsKeyId: KEY }), ...keys('CUSTOMER') }),
      SECRET,
      'read confirmed',
    ],
    ['a bucket under a key that AWS manages', world({ ...ledger(KEY), ...keys('AWS') }), LEDGER, undefined],
    ['a bucket under no key of KMS', world(ledger()), LEDGER, 'read confirmed'],
  ])('%s', (_, mini, asset, expected) => {
    expect(reachedFrom(mini, EVE).assets.get(asset)).toBe(expected);
  });

  test('the secret is read in its own account', () => {
    expect(reachedFrom(world(secret()), ANN).assets.get(SECRET)).toBe('read confirmed');
  });
});

describe('exporting a snapshot as a role', () => {
  const SNAPSHOT = arn('rds', 'snapshot:orders');
  const world = (passed: Readonly<Record<string, string>>): Miniature => ({
    users: Object.fromEntries(
      Object.entries(passed).map(([user, role]) => [
        user,
        { says: ['rds:StartExportTask', `iam:PassRole on ${arn('iam', `role/${role}`)}`] },
      ]),
    ),
    roles: {
      first: { trust: 'export.rds.amazonaws.com' },
      second: { trust: 'export.rds.amazonaws.com' },
      other: { trust: 'ec2.amazonaws.com' },
    },
    answers: {
      'rds/DescribeDBSnapshots': {
        DBSnapshots: [
          {
            DBSnapshotIdentifier: 'orders',
            DBSnapshotArn: SNAPSHOT,
            DBInstanceIdentifier: 'orders',
            Engine: 'postgres',
          },
        ],
      },
    },
  });
  const reached = (passed: Readonly<Record<string, string>>) =>
    reachedFrom(world(passed), userArn('ann')).assets.get(SNAPSHOT);

  test('whichever of several roles one may pass', () => {
    expect(reached({ ann: 'first' })).toBe('read conditional');
    expect(reached({ ann: 'second', bob: 'first' })).toBe('read conditional');
  });

  test('on what the role that one may pass asks for of RDS', () => {
    const onCondition: JsonObject = {
      Effect: 'Allow',
      Principal: { Service: 'export.rds.amazonaws.com' },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'aws:SourceOrgID': 'o-1234567890' } },
    };
    const conditions = (passed: string): readonly string[] => {
      const mini = world({ ann: passed });
      const asked = { ...mini, roles: { ...mini.roles, second: { trust: onCondition } } };
      const { reaches } = openAnalysis(miniature(asked), { toolVersion: '0.0.0' }).blastRadius([userArn('ann')]);
      return (reaches.find(({ asset }) => asset === SNAPSHOT)?.conditions ?? []).map(({ key }) => key);
    };
    expect(conditions('first')).toEqual(['export']);
    expect(conditions('second')).toEqual(['aws:SourceOrgID', 'export']);
    expect(conditions('*')).toEqual(['export']);
    expect(conditions('other')).toEqual([]);
  });

  test('but not one that RDS does not become, though somebody else may pass another', () => {
    expect(reached({ ann: 'other', bob: 'first' })).toBeUndefined();
  });
});

describe('a restored database', () => {
  const on = (action: string, ...forms: readonly string[]): readonly string[] =>
    forms.map((form) => `${action} on ${arn('rds', form)}`);
  const RESTORE = 'rds:RestoreDBInstanceFromDBSnapshot';
  const GROUPS = ['og:*', 'pg:default*', 'subgrp:*'];

  test('is checked on the groups that it is made with', () => {
    const says = (...forms: readonly string[]): readonly string[] => [
      'rds:ModifyDBInstance',
      ...on(RESTORE, 'snapshot:*', 'db:copy', ...forms),
    ];
    const found = (own: readonly string[]): string | undefined =>
      reachedFrom(ann(own, snapshot('manual')), ANN).assets.get(SNAPSHOT);
    expect(found(says(...GROUPS))).toBe('read confirmed');
    for (const group of GROUPS) expect(found(says(...GROUPS.filter((form) => form !== group)))).toBeUndefined();
  });

  describe('that is a cluster', () => {
    const CLUSTER_SNAPSHOT = arn('rds', 'cluster-snapshot:shop-1');
    const clusterSnapshot = (more: JsonObject): Record<string, JsonObject> => ({
      'rds/DescribeDBClusterSnapshots': {
        DBClusterSnapshots: [
          {
            DBClusterSnapshotIdentifier: 'shop-1',
            DBClusterSnapshotArn: CLUSTER_SNAPSHOT,
            SnapshotType: 'manual',
            ...more,
          },
        ],
      },
    });
    const CALLS = ['rds:RestoreDBClusterFromSnapshot', 'rds:ModifyDBCluster'];
    const found = (own: readonly string[], more: JsonObject): string | undefined =>
      reachedFrom(ann(own, clusterSnapshot(more)), ANN).assets.get(CLUSTER_SNAPSHOT);

    test.each<[string, JsonObject]>([
      ['of Aurora', { Engine: 'aurora-postgresql', EngineMode: 'provisioned' }],
      ['of an engine that is not told', {}],
    ])('%s is logged in to once it has an instance', (_, more) => {
      expect(found([...CALLS, 'rds:CreateDBInstance'], more)).toBe('read confirmed');
      expect(found(CALLS, more)).toBeUndefined();
    });

    test.each<[string, JsonObject]>([
      ['is restored with its instances', { Engine: 'mysql' }],
      ['has none', { Engine: 'aurora-mysql', EngineMode: 'serverless' }],
    ])('%s', (_, more) => {
      expect(found(CALLS, more)).toBe('read confirmed');
    });

    test('and is shared, is given one in the account that restores it', () => {
      const PARTNER = '444455556666';
      const mini = (says: readonly Says[]): Miniature => ({
        accounts: { [PARTNER]: { users: { bob: { says } } } },
        answers: {
          ...clusterSnapshot({ Engine: 'aurora-mysql' }),
          'rds/DescribeDBClusterSnapshotAttributes': {
            'shop-1': {
              DBClusterSnapshotAttributesResult: {
                DBClusterSnapshotIdentifier: 'shop-1',
                DBClusterSnapshotAttributes: [{ AttributeName: 'restore', AttributeValues: [PARTNER] }],
              },
            },
          },
        },
      });
      const bob = userArn('bob', PARTNER);
      const shared = (says: readonly Says[]): string | undefined =>
        reachedFrom(mini(says), bob).assets.get(CLUSTER_SNAPSHOT);
      expect(shared([...CALLS, 'rds:CreateDBInstance'])).toBe('read confirmed');
      expect(shared(CALLS)).toBeUndefined();
    });
  });
});
