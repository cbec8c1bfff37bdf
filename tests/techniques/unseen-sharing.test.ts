import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/model/index.js';
import { ACCOUNT, arn, type Miniature, type Says, userArn } from './miniature.js';
import { askExample } from './examples/ask.js';
import { reachedFrom } from './reached.js';

const OTHER = '999988887777';
const BOB = userArn('bob', OTHER);
const EBS = 'arn:aws:ec2:us-east-1::snapshot/snap-1';
const RDS = arn('rds', 'snapshot:orders');
const EBS_SAYS = 'ec2/DescribeSnapshotAttribute';
const RDS_SAYS = 'rds/DescribeDBSnapshotAttributes';

/** Two accounts, the first of which has a disk snapshot and a database snapshot. */
const world = (
  says: readonly Says[],
  { ebs = {}, rds = {}, ...more }: Pick<Miniature, 'refused' | 'answers'> & { ebs?: JsonObject; rds?: JsonObject },
): Miniature => ({
  ...more,
  users: { ann: { says } },
  accounts: { [OTHER]: { users: { bob: { says } } } },
  answers: {
    'ec2/GetSnapshotBlockPublicAccessState': { State: 'unblocked' },
    'ec2/DescribeSnapshots': { Snapshots: [{ SnapshotId: 'snap-1', OwnerId: ACCOUNT, Encrypted: false, ...ebs }] },
    'rds/DescribeDBSnapshots': {
      DBSnapshots: [
        { DBSnapshotIdentifier: 'orders', DBSnapshotArn: RDS, SnapshotType: 'manual', Engine: 'mysql', ...rds },
      ],
    },
    ...more.answers,
  },
});

/** How sure the internet reads a snapshot. */
const byAnybody = (of: Miniature, reaches: string): string | undefined =>
  askExample('public-snapshot', { from: 'internet', reaches, access: 'read' }, of).way?.confidence;

const KINDS = [
  ['disk', EBS, EBS_SAYS, ['ebs:ListSnapshotBlocks', 'ebs:GetSnapshotBlock']],
  ['database', RDS, RDS_SAYS, ['rds:RestoreDBInstanceFromDBSnapshot', 'rds:ModifyDBInstance']],
] as const;

describe.each(KINDS)('a snapshot of a %s', (_, snapshot, operation, says) => {
  const had = (asset: string, more: Parameters<typeof world>[1]): string | undefined =>
    reachedFrom(world(says, more), asset).assets.get(snapshot);
  const open = (more: Parameters<typeof world>[1]): string | undefined => byAnybody(world(says, more), snapshot);
  const ANN = userArn('ann');

  test('may be shared where AWS refused to say with whom it is', () => {
    expect(had(BOB, { refused: [operation] })).toBe('read conditional');
    expect(open({ refused: [operation] })).toBe('conditional');
    expect(had(ANN, { refused: [operation] })).toBe('read confirmed');
  });

  test('is shared with nobody where that was not asked for, or says so', () => {
    expect([had(BOB, {}), open({})]).toEqual([undefined, undefined]);
    const answers = { [EBS_SAYS]: { 'snap-1': { CreateVolumePermissions: [] } }, [RDS_SAYS]: { orders: {} } };
    expect([had(BOB, { answers }), open({ answers })]).toEqual([undefined, undefined]);
  });

  test('is not shared with everybody where a key encrypts it, nor with anybody where that is one of AWS’s', () => {
    const encrypted = (KmsKeyId: string) => ({
      ebs: { Encrypted: true, KmsKeyId },
      rds: { Encrypted: true, KmsKeyId },
    });
    const refused = [operation];
    expect(open({ refused, ...encrypted(arn('kms', 'key/own')) })).toBeUndefined();
    expect(had(BOB, { refused, ...encrypted(arn('kms', 'alias/aws/rds')) })).toBeUndefined();
  });
});

test('an automated snapshot of a database is shared with nobody, nor what a region keeps from everybody with the public', () => {
  const says = [...KINDS[0][3], ...KINDS[1][3]];
  const automated = world(says, { refused: [RDS_SAYS], rds: { SnapshotType: 'automated' } });
  expect(reachedFrom(automated, BOB).assets.get(RDS)).toBeUndefined();
  expect(byAnybody(automated, RDS)).toBeUndefined();
  const answers = { 'ec2/GetSnapshotBlockPublicAccessState': { State: 'block-all-sharing' } };
  const blocked = world(says, { refused: [EBS_SAYS], answers });
  expect(byAnybody(blocked, EBS)).toBeUndefined();
  expect(reachedFrom(blocked, BOB).assets.get(EBS)).toBe('read conditional');
});
