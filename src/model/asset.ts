import type { JsonObject } from './json.js';

/** A node of the asset graph. */
export interface Asset {
  /** Its ARN, or a typed id where AWS gives none (`internet`, `aws:account/…`). */
  readonly id: string;
  /** `<service>:<kind>`, e.g. `ec2:instance`, `rds:db-instance`, `iam:role`. */
  readonly type: string;
  /** 12 digits; empty for what belongs to nobody (`internet`). */
  readonly account: string;
  /** A region code, or `global`. */
  readonly region: string;
  readonly name?: string | undefined;
  readonly tags: ReadonlyMap<string, string>;
  /** Path of the answer that states it, inside the snapshot; empty for what no answer states. */
  readonly source: string;
  /** The record as AWS gave it (not copied); an empty object for what no answer states. */
  readonly record: JsonObject;
  /**
   * What operations that are called once a resource answered about it, by `<service>/<Operation>`
   * (`ec2/DescribeSnapshotAttribute`, `s3/GetBucketPolicy`); the raw answers, not copied.
   */
  readonly details?: ReadonlyMap<string, JsonObject> | undefined;
}

/**
 * True for an asset that answers name (another account's key, a vendor's image) and none states: all that is known of it is its
 * ARN.
 */
export const isMentionedOnly = (asset: Asset): boolean =>
  asset.source === '' && asset.id.startsWith('arn:') && asset.type !== 'aws:account';

/** A stated fact between two assets: a directed edge of the asset graph. */
export interface Relationship {
  readonly from: string;
  /** What it is, as a verb phrase: `in-subnet`, `has-security-group`, `uses-instance-profile`, … */
  readonly kind: string;
  readonly to: string;
  readonly source: string;
}
