import { at, type Condition, groupKeyed, onceForBoth, sortedUnique, text, unknown } from '../model/index.js';
import { type KeyedGroup, keyedGroups } from './keys.js';
import type { World } from './world.js';

/** Calls that say with whom snapshots are shared. */
const SAYS_SHARED: ReadonlyMap<string, string> = new Map([
  ['ec2:snapshot', 'ec2/DescribeSnapshotAttribute'],
  ['rds:db-snapshot', 'rds/DescribeDBSnapshotAttributes'],
  ['rds:db-cluster-snapshot', 'rds/DescribeDBClusterSnapshotAttributes'],
]);

/**
 * The condition on which a snapshot is shared with others, where AWS refused to say it of it; none where it was said, or never asked. Automated snapshots of
 * databases are not shared.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html
 */
export function ifSharingUnseen({ graph, observed }: World, id: string): Condition | undefined {
  const asset = graph.asset(id);
  const operation = SAYS_SHARED.get(asset?.type ?? '');
  if (!asset || operation === undefined || text(at(asset.record, 'SnapshotType')) === 'automated') return undefined;
  if (!observed.wasRefused(operation, id) || (observed.detail(operation, id) ?? null) !== null) return undefined;
  const { account, region } = asset;
  return unknown(
    'sharing',
    `with whom snapshots of ${account} in ${region} are shared was not to be seen (${operation})`,
  );
}

/**
 * Snapshots of which it is not known with whom they are shared, as the other accounts have them that were collected. What is under a key of AWS’s is shared with nobody.
 * @see https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html
 */
export const perhapsShared = onceForBoth((world: World, type: string): readonly KeyedGroup[] => {
  const collected = sortedUnique(world.iam.principals.map(({ account }) => account));
  return keyedGroups(world, type).flatMap((group): readonly KeyedGroup[] => {
    const accounts = collected.filter((account) => !group.accounts.includes(account));
    const unseen = group.encryption === 'aws' || accounts.length === 0 ? [] : group.ids;
    const conditions = new Map(unseen.map((id) => [id, ifSharingUnseen(world, id)]));
    return [...groupKeyed(unseen, (id) => conditions.get(id)?.values.join())].map(([, ids]) => ({
      ...group,
      ids,
      accounts,
      conditions: [...group.conditions, ...ids.slice(0, 1).flatMap((id) => conditions.get(id) ?? [])],
    }));
  });
});
