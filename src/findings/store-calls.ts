import { type Asset, at, type Condition, flag, text, unknown } from '../model/index.js';
import { isTableProtected } from '../techniques/index.js';

/** What can be done to data. */
export type Right = 'read' | 'write' | 'destroy';

/** Calls that together change or destroy what a store holds, whoever may make all of them. */
export interface StoreCall {
  readonly right: Exclude<Right, 'read'>;
  /** The first says what is done; the others are needed beside it. */
  readonly actions: readonly [string, ...string[]];
  /** The resource of the calls, where that is not the store itself. */
  readonly resource?: (store: string) => string;
  /** Whether they do it to this store, and what is not known of that; absent: they do. */
  readonly works?: (store: Asset) => 'yes' | 'no' | readonly Condition[];
}

const writes = (...actions: [string, ...string[]]): StoreCall => ({ right: 'write', actions });
const destroys = (...actions: [string, ...string[]]): StoreCall => ({ right: 'destroy', actions });

/**
 * Once where a setting protects the store from being deleted, and once where it does not.
 * @param isProtected `undefined`: it was not collected
 */
const protectedBy = (
  isProtected: (store: Asset) => boolean | undefined,
  call: string,
  unprotect: string,
): readonly StoreCall[] => [
  {
    ...destroys(call),
    works: (store) => {
      const known = isProtected(store);
      if (known === undefined)
        return [unknown('deletion protection', `whether ${store.id} is protected from ${call} was not collected`)];
      return known ? 'no' : 'yes';
    },
  },
  { ...destroys(call, unprotect), works: (store) => (isProtected(store) === false ? 'no' : 'yes') },
];

const says =
  (key: string) =>
  (store: Asset): boolean =>
    flag(at(store.record, key)) === true;

const isInUse = (store: Asset): boolean | undefined => {
  const state = text(at(store.record, 'State'));
  return state === undefined ? undefined : state === 'in-use';
};

const objectsOf = (bucket: string): string => `${bucket}/*`;

/** Older versions outlive what is deleted, where the bucket keeps them. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeletingObjects.html */
function losesObjects({ id, details }: Asset): 'yes' | 'no' | readonly Condition[] {
  const versioning = details?.get('s3/GetBucketVersioning');
  if (versioning === undefined)
    return [unknown('versioning', `whether ${id} keeps older versions of its objects was not collected`)];
  return text(at(versioning, 'Status')) === 'Enabled' ? 'no' : 'yes';
}

/** Of each type of store. What databases let a login do is not here: it is no call of AWS. */
export const STORE_CALLS: ReadonlyMap<string, readonly StoreCall[]> = new Map<string, readonly StoreCall[]>([
  [
    's3:bucket',
    [
      { ...writes('s3:PutObject'), resource: objectsOf },
      { ...destroys('s3:DeleteObject'), resource: objectsOf, works: losesObjects },
      { ...destroys('s3:DeleteObjectVersion'), resource: objectsOf },
      destroys('s3:PutLifecycleConfiguration'),
    ],
  ],
  ['rds:db-instance', protectedBy(says('DeletionProtection'), 'rds:DeleteDBInstance', 'rds:ModifyDBInstance')],
  ['rds:db-cluster', protectedBy(says('DeletionProtection'), 'rds:DeleteDBCluster', 'rds:ModifyDBCluster')],
  ['rds:db-snapshot', [destroys('rds:DeleteDBSnapshot')]],
  ['rds:db-cluster-snapshot', [destroys('rds:DeleteDBClusterSnapshot')]],
  ['ec2:volume', protectedBy(isInUse, 'ec2:DeleteVolume', 'ec2:DetachVolume')],
  ['ec2:snapshot', [destroys('ec2:DeleteSnapshot')]],
  [
    'dynamodb:table',
    [
      writes('dynamodb:PutItem'),
      writes('dynamodb:UpdateItem'),
      destroys('dynamodb:DeleteItem'),
      ...protectedBy(isTableProtected, 'dynamodb:DeleteTable', 'dynamodb:UpdateTable'),
    ],
  ],
  ['secretsmanager:secret', [writes('secretsmanager:PutSecretValue'), destroys('secretsmanager:DeleteSecret')]],
  ['ssm:parameter', [writes('ssm:PutParameter'), destroys('ssm:DeleteParameter')]],
  ['sqs:queue', [writes('sqs:SendMessage'), destroys('sqs:PurgeQueue'), destroys('sqs:DeleteQueue')]],
  ['sns:topic', [writes('sns:Publish'), destroys('sns:DeleteTopic')]],
  ['efs:file-system', [destroys('elasticfilesystem:DeleteFileSystem')]],
  ['redshift:cluster', [destroys('redshift:DeleteCluster')]],
  ['elasticache:cluster', [destroys('elasticache:DeleteCacheCluster')]],
  ['elasticache:replication-group', [destroys('elasticache:DeleteReplicationGroup')]],
  ['opensearch:domain', [destroys('es:DeleteDomain')]],
]);

/** Without its key what is encrypted under it is lost, at the end of the waiting period; at once where it is disabled. */
export const KEY_CALLS: readonly StoreCall[] = [destroys('kms:ScheduleKeyDeletion'), destroys('kms:DisableKey')];
