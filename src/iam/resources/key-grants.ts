import { field, isObject, objects, partitionOf, text, texts } from '../../model/index.js';
import type { Snapshot } from '../../snapshot/index.js';

/** A KMS grant. */
export interface KeyGrant {
  readonly id: string;
  readonly grantee: string;
  readonly actionNames: readonly string[];
  /** The same in lower case. */
  readonly actions: readonly string[];
  /** Encryption context that a request must have. */
  readonly constraints: readonly (readonly [key: string, value: string])[];
  readonly source: string;
}

/**
 * Grants by the key's ARN.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
 */
export function readKeyGrants(snapshot: Snapshot): ReadonlyMap<string, readonly KeyGrant[]> {
  const grants = new Map<string, KeyGrant[]>();
  for (const { body, account, region, source } of snapshot.answers('kms', 'ListGrants')) {
    for (const [key, answer] of Object.entries(body)) {
      const arn = key.startsWith('arn:') ? key : `arn:${partitionOf(region)}:kms:${region}:${account}:key/${key}`;
      const found = objects(field(answer, 'Grants')).flatMap((grant) => {
        const grantee = text(field(grant, 'GranteePrincipal'));
        if (grantee === undefined) return [];
        const actionNames = texts(field(grant, 'Operations')).map((operation) => `kms:${operation}`);
        const actions = actionNames.map((name) => name.toLowerCase());
        const id = text(field(grant, 'GrantId')) ?? '';
        return [
          { id, grantee, actionNames, actions, constraints: readConstraints(field(grant, 'Constraints')), source },
        ];
      });
      grants.set(arn, [...(grants.get(arn) ?? []), ...found]);
    }
  }
  return grants;
}

function readConstraints(constraints: Parameters<typeof field>[0]): (readonly [string, string])[] {
  return ['EncryptionContextSubset', 'EncryptionContextEquals'].flatMap((kind) => {
    const wanted = field(constraints, kind);
    return isObject(wanted)
      ? Object.entries(wanted).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value] as const] : []))
      : [];
  });
}
