import { at, type Condition, partitionOf, text, unknown } from '../model/index.js';
import type { FactKind } from './fact.js';
import type { KeyedGroup } from './keys.js';
import type { Requirement } from './permissions.js';
import { makeResourceStep, type ResourceStep } from './resource-steps.js';
import type { Technique } from './technique.js';
import type { World } from './world.js';

const GUIDE = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide';

const read: readonly FactKind[] = ['data-read'];
const KEY = { service: 'dynamodb', actions: ['kms:Decrypt'] } as const;

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/backuprestore_IAM.html */
const RESTORED = ['PutItem', 'UpdateItem', 'DeleteItem', 'GetItem', 'Query', 'Scan', 'BatchWriteItem'];

/** What restoring asks of the caller on the new table, whose name the caller chooses; reading it is among that. */
const onNewTable = ({ account, region }: KeyedGroup): readonly Requirement[] =>
  RESTORED.map((name) => ({
    action: `dynamodb:${name}`,
    resources: [`arn:${partitionOf(region)}:dynamodb:${region}:${account}:table/*`],
  }));

/** The export is written with the caller's own permissions, into a bucket of the intruder's. */
const intoOwnBucket = ({ region }: KeyedGroup): readonly Requirement[] => [
  { action: 's3:PutObject', resources: [`arn:${partitionOf(region)}:s3:::*/*`] },
];

const backupsOf = (table: string): string => `${table}/backup/*`;

/** Whether a table's recovery to a point in time is on. */
function recoverable(world: World, table: string): readonly Condition[] | undefined {
  const said = world.observed.detail('dynamodb/DescribeContinuousBackups', table);
  const status = text(
    at(said, 'ContinuousBackupsDescription', 'PointInTimeRecoveryDescription', 'PointInTimeRecoveryStatus'),
  );
  if (status === 'ENABLED') return [];
  if (status !== undefined || said === null) return undefined;
  return [unknown('point-in-time recovery', `whether it is on for ${table} was not collected`)];
}

const STEPS: readonly ResourceStep[] = [
  {
    info: {
      tactic: 'Exfiltration',
      attack: ['T1537', 'T1530'],
      id: 'table-export',
      title: 'Export a DynamoDB table to a bucket of one’s own',
      references: [`${GUIDE}/S3DataExport.HowItWorks.html`],
      premises: [
        'The same principal may call s3:PutObject on a bucket of its choosing.',
        'Point-in-time recovery of the table is on.',
      ],
      difficulty: { cost: 2, reason: 'an export that takes minutes, and reading it' },
    },
    on: 'dynamodb:table',
    calls: [{ anyOf: ['dynamodb:ExportTableToPointInTime'], with: intoOwnBucket, key: KEY }],
    when: recoverable,
    gives: read,
    does: 'Export to a bucket of one’s own table',
    evidence: 'can be exported',
  },
  {
    info: {
      tactic: 'Collection',
      attack: ['T1578.001', 'T1530'],
      id: 'table-restore-point-in-time',
      title: 'Restore a DynamoDB table to a point in time, under another name',
      references: [`${GUIDE}/backuprestore_IAM.html`],
      premises: ['The same principal may read and write the new table.', 'Point-in-time recovery of the table is on.'],
      difficulty: { cost: 2, reason: 'a restore that takes minutes' },
    },
    on: 'dynamodb:table',
    calls: [{ anyOf: ['dynamodb:RestoreTableToPointInTime'], with: onNewTable, key: KEY }],
    when: recoverable,
    gives: read,
    does: 'Restore, and read the copy of, table',
    evidence: 'can be restored to a point in time',
  },
  {
    info: {
      tactic: 'Collection',
      attack: ['T1578.001', 'T1530'],
      id: 'table-restore-backup',
      title: 'Back a DynamoDB table up, and restore it under another name',
      references: [`${GUIDE}/backuprestore_IAM.html`],
      premises: ['The principal that restores may read and write the new table.'],
      difficulty: { cost: 2, reason: 'a restore that takes minutes' },
    },
    on: 'dynamodb:table',
    calls: [
      { anyOf: ['dynamodb:CreateBackup'] },
      { anyOf: ['dynamodb:RestoreTableFromBackup'], as: backupsOf, with: onNewTable, key: KEY },
    ],
    gives: read,
    does: 'Back up, restore, and read the copy of, table',
    evidence: 'can be backed up',
  },
];

/** Copies of DynamoDB tables, in a bucket or in a new table. */
export const TABLE_COPIES: readonly Technique[] = STEPS.map(makeResourceStep);
