import type { JsonObject } from './json.js';

/** A fact that a person can look up: which asset says it, and in which file of the snapshot. */
export interface Evidence {
  readonly asset: string;
  /** A sentence, e.g. `rule sgr-0abc allows tcp/22 from 0.0.0.0/0`. */
  readonly fact: string;
  /** Path of the answer inside the snapshot, e.g. `111122223333/us-east-1/ec2/DescribeSecurityGroups.json`. */
  readonly source: string;
  /** The one entry of the asset that says it, where it could be taken away by itself. */
  readonly stated?: StatedEntry;
}

export type StatedEntry =
  /** Of the policy that `asset` names: its `Sid`, or its place in the document. */
  | { readonly kind: 'statement'; readonly statement: string }
  /** Of a security group, as `revoke-security-group-ingress --ip-permissions` takes it. */
  | { readonly kind: 'group-rule'; readonly direction: 'ingress' | 'egress'; readonly permission: JsonObject };
