import type { Gap, JsonObject } from '../model/index.js';

/** One stored answer: the merged response object of an operation in an account and region. */
export interface Answer {
  readonly account: string;
  /** A region code, or `global`. */
  readonly region: string;
  /** The SDK client's name without prefix: `ec2`, `iam`, `elastic-load-balancing-v2`. */
  readonly service: string;
  readonly operation: string;
  /** Path inside the snapshot, with forward slashes, e.g. `111122223333/us-east-1/ec2/DescribeInstances.json`. */
  readonly source: string;
  /** The response object; or, for an operation called once a resource, one object keyed by the resource's id. */
  readonly body: JsonObject;
}

/**
 * What is known of one operation in one account and region.
 * `answered`: there is an answer (an empty one too). `gap`: the call was refused or failed, or its file could not be read.
 * `missing`: it was not collected. Only `answered` lets a reader conclude that something does not exist.
 */
export type Coverage = 'answered' | 'gap' | 'missing';

export interface SnapshotAccount {
  readonly id: string;
  readonly name?: string;
  /** Sorted; without `global`. */
  readonly regions: readonly string[];
}

/** A snapshot in memory: AWS's answers as plain data. Made by `readSnapshot`, `collectSnapshot` or `memorySnapshot`. */
export interface Snapshot {
  /** Sorted by id. */
  readonly accounts: readonly SnapshotAccount[];
  readonly gaps: readonly Gap[];
  /** ISO 8601, when collecting finished, if the manifest says it. */
  readonly collectedAt?: string;
  /** Every answer to an operation, sorted by account and region. Operations known to be empty have an answer `{}`. */
  answers(service: string, operation: string): readonly Answer[];
  answer(account: string, region: string, service: string, operation: string): Answer | undefined;
  coverage(account: string, region: string, service: string, operation: string): Coverage;
}

/** A snapshot that can say all that it holds, and so be written. */
export interface WholeSnapshot extends Snapshot {
  /** Sorted by account, region, service and operation. */
  readonly everyAnswer: readonly Answer[];
}
