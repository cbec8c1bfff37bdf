import { at, text } from '../model/index.js';
import {
  type DatabaseSteps,
  databaseTechnique,
  givingInstances,
  instanceOrCluster,
  isMember,
  LOGIN,
  makingDatabase,
  rdsArn,
} from './database-steps.js';
import { fact } from './fact.js';
import { type KeyedGroup, keyedGroups, type KeyWay, keyWays, waysToOpenKey } from './keys.js';
import type { Requirement } from './permissions.js';
import type { Technique, TechniqueInfo } from './technique.js';
import type { World } from './world.js';

const viaRds = ({ region }: KeyedGroup): string => `rds.${region}.amazonaws.com`;

/** What the actions on snapshots call them: `CreateDBSnapshot`, `ModifyDBClusterSnapshotAttribute`. */
const snapshotOf = (type: string): 'DBSnapshot' | 'DBClusterSnapshot' =>
  type === 'rds:db-instance' ? 'DBSnapshot' : 'DBClusterSnapshot';

/** What RDS asks of the caller who restores what is under a key. @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html */
export const KEY_TO_RESTORE = ['kms:CreateGrant', 'kms:DescribeKey'];

/** The ways to have RDS restore what is under a group's key. */
export const restoreKeyWays = (world: World, group: KeyedGroup): readonly KeyWay[] =>
  keyWays(world, group, viaRds(group), KEY_TO_RESTORE);

/** Restoring a copy is checked on the snapshot and on what the new database is made with. */
function restoreRequirements(
  group: KeyedGroup,
  type: string,
  snapshots: readonly string[],
): readonly [Requirement, ...Requirement[]] {
  const kind = instanceOrCluster(type);
  const action = kind === 'DBInstance' ? 'rds:RestoreDBInstanceFromDBSnapshot' : 'rds:RestoreDBClusterFromSnapshot';
  return [{ action, resources: snapshots }, ...makingDatabase(action, kind, group)];
}

const modifyCopy = (world: World, group: KeyedGroup, type: string): string | undefined => {
  const kind = instanceOrCluster(type);
  const copy = rdsArn(group, kind === 'DBInstance' ? 'db:*' : 'cluster:*');
  return world.permissions.may({ action: `rds:Modify${kind}`, resources: [copy] }).of(copy);
};

/** What it takes to give a restored cluster instances. */
const instancesFor =
  (world: World, group: KeyedGroup, type: string) =>
  (id: string): readonly (string | undefined)[] =>
    instanceOrCluster(type) === 'DBInstance' ? [] : givingInstances(world, group, world.graph.asset(id)?.record);

const RESTORE_INFO: TechniqueInfo = {
  ...LOGIN,
  attack: ['T1578.002', 'T1578.001'],
  id: 'rds-restore-snapshot',
  title: 'Restore a copy of a database from a snapshot, and set its master password',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_RestoreFromSnapshot.html'],
  premises: [
    'Restoring is allowed from the snapshot into a new database, with an option group, a parameter group and a subnet group; and rds:ModifyDBInstance (or rds:ModifyDBCluster) on the copy.',
    'A copy of an Aurora cluster is given an instance (rds:CreateDBInstance).',
    'With a customer-managed key: kms:CreateGrant and kms:DescribeKey, or what opens the key first (kms:CreateGrant or kms:PutKeyPolicy).',
  ],
  assumptions: [
    'The copy is put where the intruder can connect to it: publicly accessible, or beside a host under control.',
  ],
  difficulty: { cost: 3, reason: 'a new database is made, which takes minutes and is seen' },
  detection: ['rds:RestoreDBInstanceFromDBSnapshot', 'rds:RestoreDBClusterFromSnapshot', 'rds:ModifyDBInstance'],
  remediation: 'Keep restoring and modifying databases to an operations role.',
};

const SNAPSHOT_TYPES = [
  { type: 'rds:db-instance', snapshot: 'rds:db-snapshot', prefix: 'snapshot:*' },
  { type: 'rds:db-cluster', snapshot: 'rds:db-cluster-snapshot', prefix: 'cluster-snapshot:*' },
] as const;

const restoreExisting: DatabaseSteps = {
  info: RESTORE_INFO,
  forWorld: (world, step) => {
    for (const { type, snapshot } of SNAPSHOT_TYPES) {
      for (const group of keyedGroups(world, snapshot)) {
        const modify = modifyCopy(world, group, type);
        const instances = instancesFor(world, group, type);
        for (const { also, body } of restoreKeyWays(world, group)) {
          const restore = world.permissions.may(...restoreRequirements(group, type, group.ids), ...also);
          for (const id of restore.resources)
            step(fact('data-read', id), [restore.of(id), modify, ...instances(id), ...body], {
              does: 'Restore a copy and set its password, from snapshot',
              about: id,
              evidence: 'is a snapshot of a database',
              conditions: group.conditions,
            });
        }
      }
    }
  },
};

const restoreNew: DatabaseSteps = {
  info: {
    ...RESTORE_INFO,
    id: 'rds-snapshot-restore',
    title: 'Snapshot a database, restore a copy, and set its master password',
    premises: [
      'rds:CreateDBSnapshot (or rds:CreateDBClusterSnapshot) is allowed on the database.',
      ...RESTORE_INFO.premises,
    ],
    difficulty: { cost: 4, reason: 'a snapshot and a new database, which take minutes and are seen' },
    detection: ['rds:CreateDBSnapshot', ...RESTORE_INFO.detection],
  },
  forWorld: (world, step) => {
    for (const { type, prefix } of SNAPSHOT_TYPES) {
      for (const group of keyedGroups(world, type)) {
        const created = rdsArn(group, prefix);
        const action = `rds:Create${snapshotOf(type)}`;
        const make = world.permissions.may({ action, resources: group.ids }, { action, resources: [created] });
        if (make.resources.length === 0) continue;
        const modify = modifyCopy(world, group, type);
        const instances = instancesFor(world, group, type);
        for (const { also, body } of restoreKeyWays(world, group)) {
          const restore = world.permissions.may(...restoreRequirements(group, type, [created]), ...also).of(created);
          for (const id of make.resources) {
            if (!isMember(world, id))
              step(fact('data-read', id), [make.of(id), restore, modify, ...instances(id), ...body], {
                does: 'Make a snapshot, restore a copy and set its password, of',
                about: id,
                evidence: 'can be snapshotted',
                conditions: group.conditions,
              });
          }
        }
      }
    }
  },
};

const SHARE_INFO: TechniqueInfo = {
  id: 'rds-share-snapshot',
  title: "Share a database snapshot with the intruder's account",
  tactic: 'Exfiltration',
  attack: ['T1537'],
  references: [
    'https://stratus-red-team.cloud/attack-techniques/AWS/aws.exfiltration.rds-share-snapshot/',
    'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html',
  ],
  premises: [
    'rds:ModifyDBSnapshotAttribute (or rds:ModifyDBClusterSnapshotAttribute) is allowed on a manual snapshot.',
    'It is not encrypted, or its customer-managed key can be opened to the other account. One under the AWS-managed key cannot be shared.',
  ],
  assumptions: [],
  difficulty: { cost: 1, reason: 'one API call, and copying elsewhere' },
  detection: ['rds:ModifyDBSnapshotAttribute', 'rds:ModifyDBClusterSnapshotAttribute'],
  remediation: 'Encrypt databases with a key whose policy keeps other accounts out, and limit the call.',
};

const shareExisting: DatabaseSteps = {
  info: SHARE_INFO,
  forWorld: (world, step) => {
    for (const { type, snapshot } of SNAPSHOT_TYPES) {
      for (const group of keyedGroups(world, snapshot)) {
        if (group.encryption === 'aws') continue;
        const share = world.permissions.may({
          action: `rds:Modify${snapshotOf(type)}Attribute`,
          resources: group.ids,
        });
        for (const id of share.resources) {
          if (text(at(world.graph.asset(id)?.record, 'SnapshotType')) === 'automated') continue;
          for (const key of waysToOpenKey(world, group))
            step(fact('data-read', id), [share.of(id), ...key], {
              does: 'Share with another account snapshot',
              about: id,
              evidence: 'is a manual snapshot',
              conditions: group.conditions,
            });
        }
      }
    }
  },
};

const shareNew: DatabaseSteps = {
  info: {
    ...SHARE_INFO,
    id: 'rds-snapshot-share',
    title: "Snapshot a database and share the snapshot with the intruder's account",
    premises: [
      'rds:CreateDBSnapshot (or rds:CreateDBClusterSnapshot) is allowed on the database.',
      ...SHARE_INFO.premises,
    ],
    difficulty: { cost: 2, reason: 'two API calls, and copying elsewhere' },
    detection: ['rds:CreateDBSnapshot', ...SHARE_INFO.detection],
  },
  forWorld: (world, step) => {
    for (const { type, prefix } of SNAPSHOT_TYPES) {
      for (const group of keyedGroups(world, type)) {
        if (group.encryption === 'aws') continue;
        const created = rdsArn(group, prefix);
        const action = `rds:Create${snapshotOf(type)}`;
        const make = world.permissions.may({ action, resources: group.ids }, { action, resources: [created] });
        if (make.resources.length === 0) continue;
        const share = world.permissions
          .may({ action: `rds:Modify${snapshotOf(type)}Attribute`, resources: [created] })
          .of(created);
        for (const id of make.resources) {
          if (isMember(world, id)) continue;
          for (const key of waysToOpenKey(world, group))
            step(fact('data-read', id), [make.of(id), share, ...key], {
              does: 'Make a snapshot and share it, of',
              about: id,
              evidence: 'can be snapshotted',
              conditions: group.conditions,
            });
        }
      }
    }
  },
};

/** Databases by way of their snapshots: restored as copies, or shared with another account. */
export const RDS_SNAPSHOTS: readonly Technique[] = [restoreExisting, restoreNew, shareExisting, shareNew].map(
  databaseTechnique,
);
