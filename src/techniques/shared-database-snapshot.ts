import { groupBy, partitionOf } from '../model/index.js';
import { EACH, fact } from './fact.js';
import { type KeyedGroup, keyedGroups } from './keys.js';
import { givingInstances, makingDatabase } from './database-steps.js';
import type { PermissionFacts, PermissionPart, Requirement } from './permissions.js';
import { restoreKeyWays } from './rds-snapshots.js';
import type { Technique } from './technique.js';
import { perhapsShared } from './unseen-sharing.js';
import { nameOf, stated, type World } from './world.js';

const KINDS = [
  {
    type: 'rds:db-snapshot',
    restore: 'rds:RestoreDBInstanceFromDBSnapshot',
    copy: 'rds:CopyDBSnapshot',
    modify: 'rds:ModifyDBInstance',
    made: 'db:*',
    kind: 'DBInstance',
    copied: 'snapshot:*',
  },
  {
    type: 'rds:db-cluster-snapshot',
    restore: 'rds:RestoreDBClusterFromSnapshot',
    copy: 'rds:CopyDBClusterSnapshot',
    modify: 'rds:ModifyDBCluster',
    made: 'cluster:*',
    kind: 'DBCluster',
    copied: 'cluster-snapshot:*',
  },
] as const;

/** What another account shares is restored in one's own. */
export const sharedDatabaseSnapshot: Technique = {
  id: 'rds-restore-shared-snapshot',
  title: 'Restore a database from a snapshot that another account shares, and set its master password',
  tactic: 'Collection',
  attack: ['T1213.006', 'T1578.002'],
  references: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html',
    'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/share-encrypted-snapshot.html',
  ],
  premises: [
    'The snapshot is shared with the account of the intruder’s principal (on condition where AWS refused to say with whom it is), which may restore it there and modify what it makes.',
    'One under a customer-managed key has to be copied first, by a principal that may call kms:CreateGrant and kms:DescribeKey on the key, or to which somebody opens it first (kms:CreateGrant or kms:PutKeyPolicy); one under the AWS-managed key is shared with nobody.',
  ],
  assumptions: ['The copy is put where the intruder can connect to it.'],
  difficulty: { cost: 3, reason: 'a new database is made, which takes minutes and is seen' },
  detection: ['rds:RestoreDBInstanceFromDBSnapshot', 'rds:CopyDBSnapshot', 'rds:ModifyDBInstance'],
  remediation: 'Take back the share once it was used, and keep restoring databases to an operations role.',
  steps: (world, emit) => {
    for (const kind of KINDS) {
      for (const group of [...keyedGroups(world, kind.type), ...perhapsShared(world, kind.type)]) {
        if (group.encryption === 'aws') continue;
        for (const account of group.accounts.filter((other) => other !== group.account)) {
          for (const { first, further } of waysFrom(world, group, kind, account)) {
            if (further.includes(undefined)) continue;
            for (const { may, needs, ids } of first.parts.flatMap((part) =>
              byInstances(world, group, kind, account, part),
            ))
              emit({
                head: fact('data-read', EACH),
                body: [may, ...needs, ...further.filter((f) => f !== undefined)],
                each: ids,
                conditions: group.conditions,
                label: {
                  technique: sharedDatabaseSnapshot,
                  detail: (id) => ({
                    text: `Restore in account ${account}, and set the password of the copy of, snapshot ${nameOf(world, id)}.`,
                    evidence: [
                      stated(
                        world,
                        id,
                        `${group.accounts.includes(group.account) ? 'is' : 'may be'} shared with account ${account}`,
                      ),
                    ],
                    fix: `Take back what shares ${nameOf(world, id)} with account ${account}.`,
                  }),
                },
              });
          }
        }
      }
    }
  },
};

/** Snapshots by what it takes to give what is restored of them instances; without those of which nobody can. */
function byInstances(
  world: World,
  { region }: KeyedGroup,
  { kind }: (typeof KINDS)[number],
  account: string,
  { fact: may, resources }: PermissionPart,
): readonly { readonly may: string; readonly needs: readonly string[]; readonly ids: readonly string[] }[] {
  if (kind === 'DBInstance') return [{ may, needs: [], ids: resources }];
  const needsOf = (id: string) => givingInstances(world, { region, account }, world.graph.asset(id)?.record);
  return [...groupBy(resources, (id) => needsOf(id).map(String).join(' '))].flatMap(([, ids]) => {
    const needs = ids.slice(0, 1).flatMap(needsOf);
    return needs.includes(undefined) ? [] : [{ may, needs: needs.filter((need) => need !== undefined), ids }];
  });
}

/** The first call, on a snapshot itself, and what is needed besides: the calls on what is made of it, and for its key. */
interface RestoreWay {
  readonly first: PermissionFacts;
  readonly further: readonly (string | undefined)[];
}

function waysFrom(
  world: World,
  group: KeyedGroup,
  { restore, copy, modify, made, copied, kind }: (typeof KINDS)[number],
  account: string,
): readonly RestoreWay[] {
  const own = (resource: string): string =>
    `arn:${partitionOf(group.region)}:rds:${group.region}:${account}:${resource}`;
  // The owner's share stands for what a resource's own policy would say.
  const shared = { resources: group.ids, trusting: true, accounts: [account] };
  const may = (action: string, resource: string, ...others: readonly Requirement[]): string | undefined =>
    world.permissions.may({ action, resources: [own(resource)], accounts: [account] }, ...others).of(own(resource));
  const modified = may(modify, made);
  const making = makingDatabase(restore, kind, { region: group.region, account });
  if (group.encryption === 'none')
    return [{ first: world.permissions.may({ action: restore, ...shared }, ...making), further: [modified] }];
  const restored = may(restore, copied, ...making);
  return restoreKeyWays(world, group).map(({ also, body }) => ({
    first: world.permissions.may({ action: copy, ...shared }, { action: copy, resources: [own(copied)] }, ...also),
    further: [restored, modified, ...body],
  }));
}
