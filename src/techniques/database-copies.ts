import { at, number, onceForBoth, text, unknown } from '../model/index.js';
import { byConditions, type ConditionedAssets } from './alike.js';
import { isMember, makingDatabase, rdsArn } from './database-steps.js';
import type { FactKind } from './fact.js';
import { KEY_TO_RESTORE } from './rds-snapshots.js';
import { makeResourceStep, type ResourceStep } from './resource-steps.js';
import type { Technique } from './technique.js';
import { rolesTrusting } from './trusted-services.js';
import { groupsOf, type World } from './world.js';

const USER_GUIDE = 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide';
const COPY = {
  tactic: 'Collection',
  attack: ['T1213.006', 'T1578.002'],
  assumptions: [
    'The copy is put where the intruder can connect to it: publicly accessible, or beside a host under control.',
  ],
  difficulty: { cost: 3, reason: 'a new database is made, which takes minutes and is seen' },
} as const;

const read: readonly FactKind[] = ['data-read'];

const hasBackups = (world: World, database: string): boolean =>
  (number(at(world.graph.asset(database)?.record, 'BackupRetentionPeriod')) ?? 0) > 0;

const GRANT = { service: 'rds', actions: KEY_TO_RESTORE } as const;

/** Engines whose snapshots can be exported. @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ExportSnapshot.html */
const EXPORTABLE = /mysql|postgres|mariadb/;

const EXPORT = 'export.rds.amazonaws.com';

/** Roles of the account that RDS may write an export with, together where it may on the same conditions. */
const exportRoles = onceForBoth((world: World, account: string): readonly ConditionedAssets[] =>
  groupsOf(world, 'iam:role')
    .filter((group) => group.account === account)
    .flatMap(({ ids }) => {
      const trusted = rolesTrusting(world, EXPORT, ids);
      return byConditions([...trusted.keys()], trusted, (role) => trusted.get(role));
    }),
);

const exportStep = (on: 'rds:db-snapshot' | 'rds:db-cluster-snapshot'): ResourceStep => ({
  info: {
    tactic: 'Exfiltration',
    attack: ['T1537', 'T1530'],
    id: on === 'rds:db-snapshot' ? 'rds-export-snapshot' : 'rds-export-cluster-snapshot',
    title: `Export a ${on === 'rds:db-snapshot' ? 'database' : 'cluster'} snapshot to a bucket`,
    references: [`${USER_GUIDE}/USER_ExportSnapshot.html`],
    premises: [
      'The same principal may pass a role that trusts export.rds.amazonaws.com, and use a KMS key (kms:CreateGrant, kms:DescribeKey).',
      'The engine is MySQL, MariaDB or PostgreSQL.',
    ],
    difficulty: { cost: 3, reason: 'an export that takes an hour, and reading it' },
    detection: ['rds:StartExportTask'],
  },
  on,
  calls: [
    {
      anyOf: ['rds:StartExportTask'],
      onto: (group, world) =>
        exportRoles(world, group.account).map(({ ids, conditions }) => ({
          also: [{ action: 'iam:PassRole', resources: ids, context: { 'iam:PassedToService': EXPORT } }],
          conditions,
        })),
    },
  ],
  when: (world, id, group) => {
    const engine = text(at(world.graph.asset(id)?.record, 'Engine')) ?? '';
    if (!EXPORTABLE.test(engine) || exportRoles(world, group.account).length === 0) return undefined;
    return [
      unknown(
        'export',
        `whether the intruder can use the key, and read the bucket, of an export of ${id} is not judged`,
      ),
    ];
  },
  gives: read,
  does: 'Export to a bucket snapshot',
  evidence: 'can be exported',
});

const STEPS: readonly ResourceStep[] = [
  {
    info: {
      ...COPY,
      id: 'rds-point-in-time',
      title: 'Restore a database to a point in time, and set the copy’s master password',
      references: [`${USER_GUIDE}/USER_PIT.html`],
      premises: ['Automated backups of the database are on.'],
    },
    on: 'rds:db-instance',
    calls: [
      {
        anyOf: ['rds:RestoreDBInstanceToPointInTime'],
        with: (group) => makingDatabase('rds:RestoreDBInstanceToPointInTime', 'DBInstance', group),
        key: GRANT,
      },
      { anyOf: ['rds:ModifyDBInstance'], on: (group) => rdsArn(group, 'db:*') },
    ],
    when: (world, id) => (isMember(world, id) || !hasBackups(world, id) ? undefined : []),
    gives: read,
    does: 'Restore to a point in time, and set the password of the copy of,',
    evidence: 'has automated backups',
  },
  {
    info: {
      ...COPY,
      id: 'aurora-clone',
      title: 'Clone an Aurora cluster, and set the clone’s master password',
      references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Clone.html'],
    },
    on: 'rds:db-cluster',
    calls: [
      {
        anyOf: ['rds:RestoreDBClusterToPointInTime'],
        with: (group) => makingDatabase('rds:RestoreDBClusterToPointInTime', 'DBCluster', group),
        key: GRANT,
      },
      { anyOf: ['rds:CreateDBInstance'], on: (group) => rdsArn(group, 'db:*') },
      { anyOf: ['rds:ModifyDBCluster'], on: (group) => rdsArn(group, 'cluster:*') },
    ],
    gives: read,
    does: 'Clone, and set the password of the clone of, cluster',
    evidence: 'can be cloned',
  },
  {
    info: {
      ...COPY,
      tactic: 'Exfiltration',
      attack: ['T1537'],
      id: 'rds-copy-snapshot-share',
      title: 'Copy an automated snapshot, and share the copy',
      references: [`${USER_GUIDE}/USER_CopySnapshot.html`, `${USER_GUIDE}/USER_ShareSnapshot.html`],
      premises: ['The snapshot is an automated one, which cannot be shared itself; it is not encrypted.'],
      assumptions: [],
      difficulty: { cost: 2, reason: 'two API calls, and copying elsewhere' },
    },
    on: 'rds:db-snapshot',
    only: ({ encryption }) => encryption === 'none',
    calls: [
      {
        anyOf: ['rds:CopyDBSnapshot'],
        with: (group) => [{ action: 'rds:CopyDBSnapshot', resources: [rdsArn(group, 'snapshot:*')] }],
      },
      { anyOf: ['rds:ModifyDBSnapshotAttribute'], on: (group) => rdsArn(group, 'snapshot:*') },
    ],
    when: (world, id) => (text(at(world.graph.asset(id)?.record, 'SnapshotType')) === 'automated' ? [] : undefined),
    gives: read,
    does: 'Copy, and share with another account, snapshot',
    evidence: 'is an automated snapshot that is not encrypted',
  },
  {
    info: {
      ...COPY,
      tactic: 'Exfiltration',
      attack: ['T1537'],
      id: 'rds-reencrypt-share',
      title: 'Copy a snapshot to another key, and share the copy',
      references: [`${USER_GUIDE}/USER_CopySnapshot.html`, `${USER_GUIDE}/share-encrypted-snapshot.html`],
      premises: ['The snapshot is encrypted with the AWS-managed key, under which it cannot be shared.'],
      assumptions: [],
      difficulty: { cost: 3, reason: 'two API calls and a second key' },
    },
    on: 'rds:db-snapshot',
    only: ({ encryption }) => encryption === 'aws',
    calls: [
      {
        anyOf: ['rds:CopyDBSnapshot'],
        with: (group) => [{ action: 'rds:CopyDBSnapshot', resources: [rdsArn(group, 'snapshot:*')] }],
      },
      { anyOf: ['rds:ModifyDBSnapshotAttribute'], on: (group) => rdsArn(group, 'snapshot:*') },
    ],
    when: (_world, id) => [
      unknown('key', `whether whoever copies ${id} may use a key that another account can use too`),
    ],
    gives: read,
    does: 'Copy to another key, and share, snapshot',
    evidence: 'is encrypted with the AWS-managed key',
  },
  exportStep('rds:db-snapshot'),
  exportStep('rds:db-cluster-snapshot'),
];

/** Copies of databases, beside restored and shared snapshots. */
export const DATABASE_COPIES: readonly Technique[] = STEPS.map(makeResourceStep);
