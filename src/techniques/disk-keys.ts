import { type Condition, groupBy, onceFor, onceForBoth, sortedUnique, unknown } from '../model/index.js';
import { type KeyedGroup, keyedGroupOf, keyedGroups, type KeyWay, keyWays } from './keys.js';
import type { World } from './world.js';

/** Instances whose disks are under the same customer-managed keys. */
export interface DiskKeys {
  readonly ids: readonly string[];
  /** The disks of one of them that are under such keys: one for each key. */
  readonly keyed: readonly KeyedGroup[];
}

/** The customer-managed keys of disks, as far as these were collected: one group of disks for each. */
export function keysOfDisks(world: World, disks: readonly string[]): readonly KeyedGroup[] {
  const groups = disks.flatMap((disk) => keyedGroupOf(world, 'ec2:volume', disk) ?? []);
  const byKey = new Map(groups.map((group) => [group.key ?? group.ids[0], group]));
  return [...byKey.values()].filter(({ encryption }) => encryption === 'customer');
}

/** Equal for the same keys. */
export const nameOfKeys = (keyed: readonly KeyedGroup[]): string =>
  keyed.map(({ key, ids }) => key ?? ids[0]).join(' ');

/** Some instances by the keys of their disks. The array itself where all have the same. */
export const byDiskKeys: (world: World, instances: readonly string[]) => readonly DiskKeys[] = onceForBoth(
  (world: World, instances: readonly string[]) => {
    const keyedDisks = keyedDisksOf(world);
    return [...groupBy(instances, (id) => keyedDisks.get(id) ?? NONE)].map(([keyed, ids]) => ({
      ids: ids.length === instances.length ? instances : ids,
      keyed,
    }));
  },
);

const NONE: readonly KeyedGroup[] = [];

/** The keys of {@link keysOfDisks} of the instances that have any. Equal ones are one array. */
const keyedDisksOf = onceFor((world: World): ReadonlyMap<string, readonly KeyedGroup[]> => {
  const disks = new Map<string, string[]>();
  for (const { ids, encryption } of keyedGroups(world, 'ec2:volume')) {
    if (encryption !== 'customer') continue;
    for (const disk of ids)
      for (const { from: instance } of world.graph.incoming(disk, 'has-volume')) {
        const own = disks.get(instance);
        if (own) own.push(disk);
        else disks.set(instance, [disk]);
      }
  }
  const known = new Map<string, readonly KeyedGroup[]>();
  return new Map(
    [...disks].map(([instance, own]) => {
      const keyed = keysOfDisks(world, sortedUnique(own));
      const name = nameOfKeys(keyed);
      const made = known.get(name) ?? keyed;
      known.set(name, made);
      return [instance, made];
    }),
  );
});

/** A way to have EC2 use several keys. */
export interface DiskWay extends KeyWay {
  readonly conditions: readonly Condition[];
}

/** Whether each key is used as it is, or opened first, is tried for so many of them. */
const MOST_KEYS = 3;

/**
 * The ways to have EC2 use the keys of disks.
 * @param actions what the caller has to be allowed on each key
 * @see https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html
 */
export function diskWays(world: World, keyed: readonly KeyedGroup[], actions: readonly string[]): readonly DiskWay[] {
  const conditions = keyed.flatMap((group) => group.conditions);
  const [first] = keyed;
  if (keyed.length > MOST_KEYS) {
    const why = `whether all of ${keyed.length} keys of ${first?.ids[0]} and other disks may be used was not tried`;
    return [{ also: [], body: [], conditions: [...conditions, unknown('key', why)] }];
  }
  return keyed
    .map((group) => keyWays(world, group, `ec2.${group.region}.amazonaws.com`, actions))
    .reduce<readonly KeyWay[]>(
      (made, ways) =>
        made.flatMap(({ also, body }) =>
          ways.map((way) => ({ also: [...also, ...way.also], body: [...body, ...way.body] })),
        ),
      [{ also: [], body: [] }],
    )
    .map((way) => ({ ...way, conditions }));
}
