import type { Asset } from '../model/index.js';
import { isTableProtected } from './deletion-protection.js';
import type { Requirement } from './permissions.js';
import type { TechniqueInfo } from './technique.js';

/** A store whose data the API itself gives. */
export interface ReadableStore {
  readonly info: Pick<TechniqueInfo, 'id' | 'title' | 'references' | 'attack'>;
  /** Asset type. */
  readonly on: string;
  /** Any one of these actions is enough. */
  readonly actions: readonly [string, ...string[]];
  readonly deletion?: Deletion;
  readonly gives: 'data-read' | 'data-write';
  /** The resource that the action is checked on, for a store. */
  readonly resource?: (store: string) => string;
  /** The service that uses the key on the caller's behalf, as in `secretsmanager`. */
  readonly service: string;
  readonly keyAction?: string;
  /** What the service tells KMS of the store, as a condition key, and its value for a store. */
  readonly encryptionContext?: { readonly key: string; readonly value: (store: string) => string };
  /** An action that is checked on other names than the store's: any one of them is enough. */
  readonly checkedOn?: { readonly action: string; readonly names: (store: string) => readonly string[] };
  /** What a caller says who asks for another encryption than the store's own, which takes none of its key. */
  readonly ownEncryption?: Requirement['context'];
  /** What names no key is under the key that AWS manages for the service, not under none. */
  readonly isManagedByDefault?: true;
  /** What names such stores, by asset type and relationship: those that it names are there, whether they were listed or not. */
  readonly named?: { readonly by: readonly (readonly [type: string, kind: string])[]; readonly listing: string };
  readonly does: string;
}

/** Actions that take data away: any one is enough, and no key is needed for it. */
interface Deletion {
  readonly actions: readonly [string, ...string[]];
  /** A setting that keeps a store from it (`undefined`: not collected), and the action that lifts it; another principal may call that. */
  readonly protection?: { readonly of: (store: Asset) => boolean | undefined; readonly liftedBy: string };
  readonly does: string;
}

/** A parameter is read by any path above it, however far: what is allowed below is not asked. */
function pathsAbove(parameter: string): readonly string[] {
  const [start = '', name = ''] = parameter.split(':parameter/');
  const parts = name.split('/');
  return parts.flatMap((_, at) => {
    const path = parts.slice(0, at).join('/');
    return at === 0 ? [`${start}:parameter/`] : [`${start}:parameter/${path}`, `${start}:parameter/${path}/`];
  });
}

const objectsIn = (bucket: string): string => `${bucket}/*`;

/** What the API gives, by way of reading and of changing it. */
export const READABLE_STORES: readonly ReadableStore[] = [
  {
    info: {
      id: 's3-read',
      title: 'Read the objects of a bucket',
      attack: ['T1530'],
      references: ['https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html'],
    },
    on: 's3:bucket',
    actions: ['s3:GetObject', 's3:GetObjectVersion'],
    resource: objectsIn,
    gives: 'data-read',
    service: 's3',
    keyAction: 'kms:Decrypt',
    does: 'Read objects of bucket',
  },
  {
    info: {
      id: 's3-write',
      title: 'Write or delete objects of a bucket',
      attack: ['T1565.001', 'T1485'],
      references: ['https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html'],
    },
    on: 's3:bucket',
    actions: ['s3:PutObject'],
    deletion: { actions: ['s3:DeleteObject', 's3:DeleteObjectVersion'], does: 'Delete objects of bucket' },
    resource: objectsIn,
    gives: 'data-write',
    service: 's3',
    keyAction: 'kms:GenerateDataKey',
    ownEncryption: {
      's3:x-amz-server-side-encryption': 'AES256',
      's3:x-amz-server-side-encryption-aws-kms-key-id': [],
    },
    does: 'Write objects into bucket',
  },
  {
    info: {
      id: 's3-bucket-policy',
      title: "Rewrite a bucket's policy to read it",
      attack: ['T1530', 'T1098'],
      references: ['https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html'],
    },
    on: 's3:bucket',
    actions: ['s3:PutBucketPolicy'],
    gives: 'data-read',
    service: 's3',
    keyAction: 'kms:Decrypt',
    does: 'Rewrite the policy to read bucket',
  },
  {
    info: {
      id: 's3-bucket-policy-write',
      title: "Rewrite a bucket's policy to write into it, or to delete from it",
      attack: ['T1565.001', 'T1485', 'T1098'],
      references: ['https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html'],
    },
    on: 's3:bucket',
    actions: ['s3:PutBucketPolicy'],
    gives: 'data-write',
    service: 's3',
    does: 'Rewrite the policy to write into bucket',
  },
  {
    info: {
      id: 'secret-read',
      title: 'Read a secret',
      attack: ['T1555.006'],
      references: ['https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access.html'],
    },
    on: 'secretsmanager:secret',
    actions: ['secretsmanager:GetSecretValue'],
    gives: 'data-read',
    service: 'secretsmanager',
    keyAction: 'kms:Decrypt',
    // https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
    encryptionContext: { key: 'kms:EncryptionContext:SecretARN', value: (secret) => secret },
    isManagedByDefault: true,
    named: {
      by: [
        ['rds:db-instance', 'master-password-in'],
        ['rds:db-cluster', 'master-password-in'],
        ['rds:db-proxy', 'reads-secret'],
      ],
      listing: 'secrets-manager/ListSecrets',
    },
    does: 'Read secret',
  },
  {
    info: {
      id: 'parameter-read',
      title: 'Read a parameter',
      attack: ['T1552', 'T1555.006'],
      references: ['https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html'],
    },
    on: 'ssm:parameter',
    actions: ['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParametersByPath', 'ssm:GetParameterHistory'],
    checkedOn: { action: 'ssm:GetParametersByPath', names: pathsAbove },
    gives: 'data-read',
    service: 'ssm',
    keyAction: 'kms:Decrypt',
    // https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
    encryptionContext: { key: 'kms:EncryptionContext:PARAMETER_ARN', value: (parameter) => parameter },
    does: 'Read parameter',
  },
  {
    info: {
      id: 'dynamodb-read',
      title: 'Read a DynamoDB table',
      attack: ['T1213.006', 'T1530'],
      references: [
        'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/using-identity-based-policies.html',
      ],
    },
    on: 'dynamodb:table',
    actions: ['dynamodb:Scan', 'dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PartiQLSelect'],
    gives: 'data-read',
    service: 'dynamodb',
    keyAction: 'kms:Decrypt',
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
    encryptionContext: {
      key: 'kms:EncryptionContext:aws:dynamodb:tableName',
      value: (table) => table.slice(table.indexOf(':table/') + ':table/'.length),
    },
    does: 'Read table',
  },
  {
    info: {
      id: 'dynamodb-write',
      title: 'Write to a DynamoDB table, or delete it',
      attack: ['T1565.001', 'T1485'],
      references: [
        'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/using-identity-based-policies.html',
      ],
    },
    on: 'dynamodb:table',
    actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem'],
    deletion: {
      actions: ['dynamodb:DeleteTable'],
      protection: { of: isTableProtected, liftedBy: 'dynamodb:UpdateTable' },
      does: 'Delete table',
    },
    gives: 'data-write',
    service: 'dynamodb',
    keyAction: 'kms:Decrypt',
    does: 'Write to table',
  },
  {
    info: {
      id: 'queue-read',
      title: 'Take messages off a queue',
      attack: ['T1530'],
      references: [
        'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-using-identity-based-policies.html',
      ],
    },
    on: 'sqs:queue',
    actions: ['sqs:ReceiveMessage'],
    gives: 'data-read',
    service: 'sqs',
    keyAction: 'kms:Decrypt',
    does: 'Read messages of queue',
  },
  {
    info: {
      id: 'topic-subscribe',
      title: 'Subscribe to a topic, to get what is published from then on',
      attack: ['T1530'],
      references: [
        'https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html',
        'https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html',
      ],
    },
    on: 'sns:topic',
    actions: ['sns:Subscribe'],
    gives: 'data-read',
    service: 'sns',
    does: 'Subscribe to topic',
  },
];
