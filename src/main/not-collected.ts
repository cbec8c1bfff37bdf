import { declaredOperations } from '../collectors/index.js';
import { partitionOf } from '../model/index.js';
import type { Snapshot } from '../snapshot/index.js';

/** Asked for by every scan, and no part of what is analyzed. */
const ASIDE = new Set(['ec2/DescribeRegions', 'sts/GetCallerIdentity']);

/**
 * The list operations that a scan asks for and that this snapshot neither has an answer to nor a gap for, as
 * `account/region/service/Operation`: what was not looked at. Organizations are left out, since only one account can be asked about them.
 */
export function notCollected(snapshot: Snapshot): readonly string[] {
  const operations = declaredOperations().filter(
    ({ service, name, perResource }) => !perResource && service !== 'organizations' && !ASIDE.has(`${service}/${name}`),
  );
  return snapshot.accounts.flatMap(({ id, regions }) =>
    operations.flatMap(({ service, name, scope, partitions }) =>
      (scope === 'region' ? regions : isIn(partitions, regions) ? ['global'] : [])
        .filter((region) => snapshot.coverage(id, region, service, name) === 'missing')
        .map((region) => `${id}/${region}/${service}/${name}`),
    ),
  );
}

/** Whether an account with these regions may be in one of some partitions. */
const isIn = (partitions: readonly string[] | undefined, regions: readonly string[]): boolean =>
  partitions === undefined || regions.length === 0 || partitions.includes(partitionOf(regions[0] ?? ''));
