import type { JsonObject } from '../../src/model/index.js';
import { arn, keyArn, type Miniature } from './miniature-world.js';

/** What AWS makes the policy of a key unless it is told otherwise. */
const BY_IAM: JsonObject = {
  Effect: 'Allow',
  Principal: { AWS: arn('iam', 'root') },
  Action: 'kms:*',
  Resource: '*',
};

/** Customer-managed keys and their policies. */
export function keys({ keys: all = {} }: Miniature): Record<string, JsonObject> {
  const entries = Object.entries(all);
  if (entries.length === 0) return {};
  return {
    'kms/ListKeys': { Keys: entries.map(([KeyId]) => ({ KeyId, KeyArn: keyArn(KeyId) })) },
    'kms/DescribeKey': Object.fromEntries(
      entries.map(([KeyId]) => [
        KeyId,
        { KeyMetadata: { KeyId, Arn: keyArn(KeyId), KeyManager: 'CUSTOMER', KeyState: 'Enabled' } },
      ]),
    ),
    'kms/GetKeyPolicy': Object.fromEntries(
      entries.flatMap(([KeyId, { policy }]) =>
        policy === null
          ? []
          : [[KeyId, { Policy: JSON.stringify({ Version: '2012-10-17', Statement: policy ?? [BY_IAM] }) }]],
      ),
    ),
  };
}
