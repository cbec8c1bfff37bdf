import type { JsonObject } from '../../../src/model/index.js';
import { arn, keyArn, type Miniature, type MiniatureKey, roleArn, type Says, userArn } from '../miniature.js';
import { ANN, annMay, type ExampleFamily, type TechniqueExamples, withMfa } from './example.js';

const DATABASE = arn('rds', 'db:orders');
const CLUSTER = arn('rds', 'cluster:shop');
const SNAPSHOT = arn('rds', 'snapshot:orders-1');
const CLUSTER_SNAPSHOT = arn('rds', 'cluster-snapshot:shop-1');
const KEY = keyArn('k-1');
const AWS_KEY = arn('kms', 'alias/aws/rds');
const KNOWN: Readonly<Record<string, MiniatureKey>> = { 'k-1': {} };

interface Encrypted {
  readonly key?: string;
  readonly keys?: Readonly<Record<string, MiniatureKey>>;
}

const keyOf = (key: string | undefined): JsonObject =>
  key === undefined ? {} : { StorageEncrypted: true, KmsKeyId: key };

const database = (says: readonly Says[], { key, keys }: Encrypted = {}, more: JsonObject = {}): Miniature =>
  annMay(says, {
    ...(keys && { keys }),
    answers: {
      'rds/DescribeDBInstances': {
        DBInstances: [
          { DBInstanceIdentifier: 'orders', DBInstanceArn: DATABASE, Engine: 'postgres', ...keyOf(key), ...more },
        ],
      },
    },
  });

const cluster = (says: readonly Says[], { key, keys }: Encrypted = {}): Miniature =>
  annMay(says, {
    ...(keys && { keys }),
    answers: {
      'rds/DescribeDBClusters': {
        DBClusters: [{ DBClusterIdentifier: 'shop', DBClusterArn: CLUSTER, Engine: 'aurora-mysql', ...keyOf(key) }],
      },
    },
  });

const snapshotAnswer = (
  SnapshotType: string,
  key: string | undefined,
  Engine = 'postgres',
): Readonly<Record<string, JsonObject>> => ({
  'rds/DescribeDBSnapshots': {
    DBSnapshots: [
      {
        DBSnapshotIdentifier: 'orders-1',
        DBSnapshotArn: SNAPSHOT,
        SnapshotType,
        Engine,
        ...(key !== undefined && { Encrypted: true, KmsKeyId: key }),
      },
    ],
  },
});
const snapshot = (says: readonly Says[], { key, keys }: Encrypted = {}, type = 'manual'): Miniature =>
  annMay(says, { ...(keys && { keys }), answers: snapshotAnswer(type, key) });

const reads = (reaches: string) => ({ from: ANN, reaches, access: 'read' }) as const;

const GRANT = ['kms:CreateGrant', 'kms:DescribeKey'].map((call) => `${call} on ${KEY}`);
const notCollected = 'The key was not collected.';

const PARTNER = '444455556666';
const RESTORE: readonly string[] = ['rds:RestoreDBInstanceFromDBSnapshot', 'rds:ModifyDBInstance'];
/** The snapshot, shared with some accounts; Bob is a user of the partner's. */
const sharedWith = (accounts: readonly string[], says: readonly Says[], key?: string): Miniature => ({
  keys: KNOWN,
  answers: {
    ...snapshotAnswer('manual', key),
    'rds/DescribeDBSnapshotAttributes': {
      'orders-1': {
        DBSnapshotAttributesResult: {
          DBSnapshotIdentifier: 'orders-1',
          DBSnapshotAttributes: [{ AttributeName: 'restore', AttributeValues: [...accounts] }],
        },
      },
    },
  },
  accounts: { [PARTNER]: { users: { bob: { says } } } },
});

/** Copies under a customer-managed key: whoever makes them has to use it. */
const copying = (
  reaches: string,
  what: string,
  says: readonly string[],
  world: (says: readonly Says[], encrypted?: Encrypted) => Miniature,
): TechniqueExamples => ({
  ...reads(reaches),
  works: {
    why: `Ann may ${what}, set the password of the copy, and use its key.`,
    world: world([...says, ...GRANT], { key: KEY, keys: KNOWN }),
  },
  fails: {
    why: 'Ann may make no grant on the key.',
    world: world([...says, ...GRANT.slice(1)], { key: KEY, keys: KNOWN }),
  },
  alsoFails: [
    {
      why: `Ann may not call ${says.at(-1)}.`,
      world: world([...says.slice(0, -1), ...GRANT], { key: KEY, keys: KNOWN }),
    },
  ],
  unknown: { why: notCollected, world: world([...says, ...GRANT], { key: KEY }), because: 'key policy' },
});

/** Sharing with another account. */
const sharing = (
  reaches: string,
  says: readonly string[],
  world: (says: readonly Says[], encrypted?: Encrypted) => Miniature,
): TechniqueExamples => ({
  ...reads(reaches),
  works: { why: 'It is not encrypted, and Ann may share a snapshot of it.', world: world(says) },
  fails: {
    why: 'It is encrypted with the AWS-managed key, under which no snapshot can be shared.',
    world: world(says, { key: AWS_KEY }),
  },
  alsoFails: [
    {
      why: 'It is encrypted with a customer-managed key, which Ann may not open to anybody.',
      world: world(says, { key: KEY, keys: KNOWN }),
    },
  ],
  unknown: {
    why: 'It is encrypted with a key that was not collected.',
    world: world(says, { key: KEY }),
    because: 'key policy',
  },
});

const SHARE = [`rds:ModifyDBSnapshotAttribute on ${SNAPSHOT}`];
const COPY = ['rds:CopyDBSnapshot', 'rds:ModifyDBSnapshotAttribute'];

/** A role that RDS writes exports with, and a snapshot. */
const exporting = (of: 'instance' | 'cluster', says: readonly Says[], engine: string): Miniature =>
  annMay(says, {
    roles: { export: { trust: 'export.rds.amazonaws.com' } },
    answers:
      of === 'instance'
        ? snapshotAnswer('manual', undefined, engine)
        : {
            'rds/DescribeDBClusterSnapshots': {
              DBClusterSnapshots: [
                {
                  DBClusterSnapshotIdentifier: 'shop-1',
                  DBClusterSnapshotArn: CLUSTER_SNAPSHOT,
                  SnapshotType: 'manual',
                  Engine: engine,
                },
              ],
            },
          },
  });

function exports(of: 'instance' | 'cluster', fits: string, other: string): TechniqueExamples {
  const pass = `iam:PassRole on ${roleArn('export')}`;
  const all = ['rds:StartExportTask', pass];
  return {
    ...reads(of === 'instance' ? SNAPSHOT : CLUSTER_SNAPSHOT),
    works: {
      why: 'Ann may start exports with a role that writes them; she needs a key, and has to read the bucket.',
      world: exporting(of, all, fits),
      depends: 'not judged',
    },
    fails: { why: `Snapshots of ${other} cannot be exported.`, world: exporting(of, all, other) },
    alsoFails: [{ why: 'Ann may not pass the role.', world: exporting(of, all.slice(0, 1), fits) }],
    unknown: {
      why: 'Ann may start exports with MFA alone.',
      world: exporting(of, [withMfa('rds:StartExportTask'), pass], fits),
      because: 'aws:MultiFactorAuthPresent',
    },
  };
}

/** Copies of databases: restored, cloned, shared, exported. */
export const DATABASE_COPY_EXAMPLES: ExampleFamily = {
  'rds-restore-snapshot': copying(
    SNAPSHOT,
    'restore the snapshot',
    ['rds:RestoreDBInstanceFromDBSnapshot', 'rds:ModifyDBInstance'],
    snapshot,
  ),
  'rds-restore-shared-snapshot': {
    from: userArn('bob', PARTNER),
    reaches: SNAPSHOT,
    access: 'read',
    works: {
      why: 'The snapshot is shared with the account of Bob, who may restore snapshots there and modify databases.',
      world: sharedWith([PARTNER], RESTORE),
    },
    fails: { why: 'The snapshot is shared with another account.', world: sharedWith(['999988887777'], RESTORE) },
    alsoFails: [
      { why: 'Bob may not modify what he restores.', world: sharedWith([PARTNER], RESTORE.slice(0, 1)) },
      {
        why: 'The snapshot is encrypted, and Bob may use its key; it would have to be copied, which he may not.',
        world: sharedWith([PARTNER], [...RESTORE, ...GRANT], KEY),
      },
      {
        why: 'The snapshot is encrypted with the AWS-managed key, which nobody else can use.',
        world: sharedWith([PARTNER], [...RESTORE, 'rds:CopyDBSnapshot', ...GRANT], AWS_KEY),
      },
    ],
    unknown: {
      why: 'The snapshot is encrypted with a key that was not collected.',
      world: sharedWith([PARTNER], [...RESTORE, 'rds:CopyDBSnapshot', ...GRANT], keyArn('k-9')),
      because: 'key policy',
    },
  },
  'rds-snapshot-restore': copying(
    DATABASE,
    'make a snapshot of the database and restore it',
    ['rds:CreateDBSnapshot', 'rds:RestoreDBInstanceFromDBSnapshot', 'rds:ModifyDBInstance'],
    database,
  ),
  'aurora-clone': copying(
    CLUSTER,
    'clone the cluster',
    ['rds:RestoreDBClusterToPointInTime', 'rds:CreateDBInstance', 'rds:ModifyDBCluster'],
    cluster,
  ),
  'rds-point-in-time': {
    ...copying(
      DATABASE,
      'restore the database to a point in time',
      ['rds:RestoreDBInstanceToPointInTime', 'rds:ModifyDBInstance'],
      (says, encrypted) => database(says, encrypted, { BackupRetentionPeriod: 7 }),
    ),
    fails: {
      why: 'The database has no automated backups.',
      world: database(
        ['rds:RestoreDBInstanceToPointInTime', 'rds:ModifyDBInstance', ...GRANT],
        { key: KEY, keys: KNOWN },
        { BackupRetentionPeriod: 0 },
      ),
    },
  },
  'rds-share-snapshot': {
    ...sharing(SNAPSHOT, SHARE, snapshot),
    alsoFails: [
      {
        why: 'The snapshot is an automated one, which cannot be shared.',
        world: snapshot(SHARE, {}, 'automated'),
      },
    ],
  },
  'rds-snapshot-share': sharing(DATABASE, ['rds:CreateDBSnapshot', 'rds:ModifyDBSnapshotAttribute'], database),
  'rds-copy-snapshot-share': {
    ...reads(SNAPSHOT),
    works: {
      why: 'Ann may copy an automated snapshot that is not encrypted, and share the copy.',
      world: snapshot(COPY, {}, 'automated'),
    },
    fails: {
      why: 'The snapshot is encrypted with the AWS-managed key, and its copy is too.',
      world: snapshot(COPY, { key: AWS_KEY }, 'automated'),
    },
    unknown: {
      why: 'Ann may copy snapshots with MFA alone.',
      world: snapshot([withMfa('rds:CopyDBSnapshot'), 'rds:ModifyDBSnapshotAttribute'], {}, 'automated'),
      because: 'aws:MultiFactorAuthPresent',
    },
  },
  'rds-reencrypt-share': {
    ...reads(SNAPSHOT),
    works: {
      why: 'The snapshot is under the AWS-managed key, and Ann may copy it to another key and share that; she has to have such a key.',
      world: snapshot(COPY, { key: AWS_KEY }),
      depends: 'a key that another account can use too',
    },
    fails: { why: 'Ann may share no copy.', world: snapshot(COPY.slice(0, 1), { key: AWS_KEY }) },
    unknown: {
      why: 'Ann may copy snapshots with MFA alone.',
      world: snapshot([withMfa('rds:CopyDBSnapshot'), 'rds:ModifyDBSnapshotAttribute'], { key: AWS_KEY }),
      because: 'aws:MultiFactorAuthPresent',
    },
  },
  'rds-export-snapshot': exports('instance', 'postgres', 'sqlserver-ex'),
  'rds-export-cluster-snapshot': exports('cluster', 'aurora-mysql', 'neptune'),
};
