import type { MacieFindings } from '../findings/index.js';
import { field, objects, text } from '../model/index.js';
import type { Snapshot } from '../snapshot/index.js';

/**
 * What Amazon Macie found in buckets: the types of its findings by bucket. Findings about a bucket's settings say nothing of its data, samples
 * are made up, and archived ones were put aside by their owner.
 * @see https://docs.aws.amazon.com/macie/latest/user/findings-types.html
 */
export function readMacie(snapshot: Snapshot): MacieFindings {
  const found = new Map<string, Set<string>>();
  for (const { body } of snapshot.answers('macie2', 'GetFindings')) {
    for (const finding of objects(field(body, 'findings'))) {
      const type = text(field(finding, 'type'));
      const bucket = text(field(field(field(finding, 'resourcesAffected'), 's3Bucket'), 'arn'));
      const isAside = field(finding, 'sample') === true || field(finding, 'archived') === true;
      if (bucket === undefined || !type?.startsWith('SensitiveData:') || isAside) continue;
      const types = found.get(bucket) ?? new Set();
      found.set(bucket, types.add(type));
    }
  }
  return new Map([...found].map(([bucket, types]) => [bucket, [...types]]));
}
