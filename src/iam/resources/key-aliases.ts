import { field, objects, partitionOf, text } from '../../model/index.js';
import type { Snapshot } from '../../snapshot/index.js';

/** Names of aliases (`alias/orders`) by the ARN of the key that they are for. */
export interface KeyAliases {
  /** `undefined` where the aliases of the key's account and region were not collected. */
  of(key: string, account: string | undefined, region: string | undefined): readonly string[] | undefined;
}

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html */
export function readKeyAliases(snapshot: Snapshot): KeyAliases {
  const found = new Map<string, string[]>();
  for (const { body, region, account } of snapshot.answers('kms', 'ListAliases')) {
    for (const alias of objects(field(body, 'Aliases'))) {
      const name = text(field(alias, 'AliasName'));
      const key = text(field(alias, 'TargetKeyId'));
      if (name === undefined || key === undefined) continue;
      const arn = key.startsWith('arn:') ? key : `arn:${partitionOf(region)}:kms:${region}:${account}:key/${key}`;
      found.set(arn, [...(found.get(arn) ?? []), name]);
    }
  }
  return {
    of: (key, account, region) => {
      if (account === undefined || region === undefined) return undefined;
      // A list that was cut short does not say that there are no others.
      if (snapshot.coverage(account, region, 'kms', 'ListAliases') !== 'answered') return undefined;
      return found.get(key) ?? [];
    },
  };
}
