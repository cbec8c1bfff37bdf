import { at, partitionOf, text } from '../../model/index.js';
import type { Snapshot } from '../../snapshot/index.js';

/** ARNs of the KMS keys that AWS manages for an account, such as those behind `aws/ebs`. */
export function readManagedKeys(snapshot: Snapshot): ReadonlySet<string> {
  const managed = new Set<string>();
  for (const { body, region, account } of snapshot.answers('kms', 'DescribeKey')) {
    for (const [id, answer] of Object.entries(body)) {
      if (text(at(answer, 'KeyMetadata', 'KeyManager')) !== 'AWS') continue;
      managed.add(
        text(at(answer, 'KeyMetadata', 'Arn')) ?? `arn:${partitionOf(region)}:kms:${region}:${account}:key/${id}`,
      );
    }
  }
  return managed;
}
