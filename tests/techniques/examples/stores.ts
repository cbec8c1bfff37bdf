import type { JsonObject } from '../../../src/model/index.js';
import { arn, keyArn, type Miniature, type MiniatureKey, type Says } from '../miniature.js';
import { ANN, annMay, deny, type ExampleFamily, fromOffice, type TechniqueExamples, withMfa } from './example.js';

const KEY = keyArn('k-1');
const KNOWN: Readonly<Record<string, MiniatureKey>> = { 'k-1': {} };
type Answers = Readonly<Record<string, JsonObject>>;

const BUCKET = 'arn:aws:s3:::orders';
const bucket = (key?: string, more: Answers = {}): Answers => ({
  'global/s3/ListBuckets': { Buckets: [{ Name: 'orders' }] },
  's3/GetBucketLocation': { orders: {} },
  ...(key !== undefined && {
    's3/GetBucketEncryption': {
      orders: {
        ServerSideEncryptionConfiguration: {
          Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key } }],
        },
      },
    },
  }),
  ...more,
});

/** The policy of the bucket denies all that is done with what is in it, under some condition. */
const closedTo = (under: JsonObject): Answers => ({
  's3/GetBucketPolicy': {
    orders: {
      Policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [BUCKET, `${BUCKET}/*`], ...under }],
      }),
    },
  },
});
/** The policy of the bucket denies what is written under no key. */
const underKeyAlone = closedTo({
  Action: 's3:PutObject',
  Condition: { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } },
});
const DELETE_POLICY = `s3:DeleteBucketPolicy on ${BUCKET}`;
const READ_OBJECTS = `s3:GetObject on ${BUCKET}/*`;
/** A bucket whose policy denies reading, or what is said. */
const deleting = (under: JsonObject = {}, says: readonly Says[] = [DELETE_POLICY, READ_OBJECTS]): Miniature =>
  annMay(says, { answers: bucket(undefined, closedTo({ Action: 's3:GetObject', ...under })) });
/** An account that Ann administers, with a bucket. */
const administered = (answers: Answers): Miniature => annMay(['*'], { answers });

const SECRET = arn('secretsmanager', 'secret:login-a1B2c3');
const secret = (key?: string): Answers => ({
  'secrets-manager/ListSecrets': {
    SecretList: [{ ARN: SECRET, Name: 'login', ...(key !== undefined && { KmsKeyId: key }) }],
  },
});

const PARAMETER = arn('ssm', 'parameter/login');
const parameter = (key?: string): Answers => ({
  'ssm/DescribeParameters': {
    Parameters: [{ Name: 'login', ARN: PARAMETER, Type: 'SecureString', ...(key !== undefined && { KeyId: key }) }],
  },
});

const TABLE = arn('dynamodb', 'table/orders');
const table = (key?: string, more: JsonObject = {}): Answers => ({
  'dynamodb/DescribeTable': {
    orders: {
      Table: {
        TableName: 'orders',
        TableArn: TABLE,
        ...(key !== undefined && { SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: key } }),
        ...more,
      },
    },
  },
});

const RECOVERY = (PointInTimeRecoveryStatus: 'ENABLED' | 'DISABLED'): Answers => ({
  'dynamodb/DescribeContinuousBackups': {
    orders: {
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus },
      },
    },
  },
});
const NEW_TABLE = ['PutItem', 'UpdateItem', 'DeleteItem', 'GetItem', 'Query', 'Scan', 'BatchWriteItem'].map(
  (name) => `dynamodb:${name} on ${arn('dynamodb', 'table/copy-*')}`,
);
const BACKUP = [`dynamodb:CreateBackup on ${TABLE}`, `dynamodb:RestoreTableFromBackup on ${TABLE}/backup/*`];
const recovering = (says: readonly Says[], recovery: Answers): Miniature =>
  annMay(says, { answers: { ...table(), ...recovery } });
/** What takes recovery to a point in time. */
const byRecovery = (what: string, says: readonly Says[]): TechniqueExamples => ({
  from: ANN,
  reaches: TABLE,
  access: 'read',
  works: {
    why: `Ann may ${what}, and recovery to a point in time is on.`,
    world: recovering(says, RECOVERY('ENABLED')),
  },
  fails: { why: 'Recovery to a point in time is off.', world: recovering(says, RECOVERY('DISABLED')) },
  alsoFails: [
    {
      why: 'Ann may do that without the last of the calls that it takes.',
      world: recovering(says.slice(0, -1), RECOVERY('ENABLED')),
    },
  ],
  unknown: {
    why: 'Whether recovery to a point in time is on was not collected.',
    world: recovering(says, {}),
    because: 'point-in-time recovery',
  },
});

const QUEUE = arn('sqs', 'jobs');
const QUEUE_URL = 'https://sqs.us-east-1.amazonaws.com/111122223333/jobs';
const queue = (key?: string): Answers => ({
  'sqs/GetQueueAttributes': {
    [QUEUE_URL]: { Attributes: { QueueArn: QUEUE, ...(key !== undefined && { KmsMasterKeyId: key }) } },
  },
});

const TOPIC = arn('sns', 'alerts');
const TOPICS: Answers = { 'sns/ListTopics': { Topics: [{ TopicArn: TOPIC }] } };

/** A call on a topic; SNS decrypts what it delivers, so that no key is asked about. */
const onTopic = (call: string, what: string): TechniqueExamples => ({
  from: ANN,
  reaches: TOPIC,
  access: 'read',
  works: { why: `Ann may ${what}.`, world: annMay([`${call} on ${TOPIC}`], { answers: TOPICS }) },
  fails: {
    why: 'She may publish to it, and look at it.',
    world: annMay(['sns:Publish', 'sns:Get*', 'sns:List*'], { answers: TOPICS }),
  },
  unknown: {
    why: `Ann may ${what} with MFA alone.`,
    world: annMay([withMfa(`${call} on ${TOPIC}`)], { answers: TOPICS }),
    because: 'aws:MultiFactorAuthPresent',
  },
});

interface Keyed {
  readonly reaches: string;
  readonly access: 'read' | 'write';
  /** What Ann has to be allowed, on the store. */
  readonly says: readonly string[];
  readonly answers: (key?: string) => Answers;
  readonly keyCall?: string;
}

/** A store under a customer-managed key: the call and the use of the key are both needed. */
function keyed({ reaches, access, says, answers, keyCall = 'kms:Decrypt' }: Keyed): TechniqueExamples {
  const use = `${keyCall} on ${KEY}`;
  const world = (allowed: readonly Says[], keys?: Readonly<Record<string, MiniatureKey>>): Miniature =>
    annMay(allowed, { ...(keys && { keys }), answers: answers(KEY) });
  return {
    from: ANN,
    reaches,
    access,
    works: {
      why: `Ann may call ${says.map((s) => s.split(' on ')[0]).join(', ')} on it, and ${keyCall} on the key that encrypts it.`,
      world: world([...says, use], KNOWN),
    },
    fails: { why: `Ann may not call ${keyCall} on the key.`, world: world(says, KNOWN) },
    alsoFails: [
      {
        why: 'What Ann is allowed is denied to her elsewhere.',
        world: world([...says, use, deny(says[0] as string)], KNOWN),
      },
    ],
    unknown: { why: 'The key was not collected.', world: world([...says, use]), because: 'key policy' },
  };
}

const OBJECTS = `${BUCKET}/*`;
const STREAM = `${TABLE}/stream/*`;
const STREAMING = { StreamSpecification: { StreamEnabled: true } };
const READ_STREAM = [`dynamodb:GetShardIterator on ${STREAM}`, `dynamodb:GetRecords on ${STREAM}`];

const owned = (ownership: string | undefined): Answers =>
  bucket(
    undefined,
    ownership === undefined
      ? {}
      : {
          's3/GetBucketOwnershipControls': {
            orders: { OwnershipControls: { Rules: [{ ObjectOwnership: ownership }] } },
          },
        },
  );
const GRANT = `s3:PutObjectAcl on ${OBJECTS}`;

const WAREHOUSE = arn('redshift', 'cluster:dw');
const warehouse = (more: JsonObject = {}): Answers => ({
  'redshift/DescribeClusters': { Clusters: [{ ClusterIdentifier: 'dw', ClusterStatus: 'available', ...more }] },
});
const SHARE = ['redshift:CreateClusterSnapshot', 'redshift:AuthorizeSnapshotAccess'];

/** Stores that the API itself reads, and those whose policy is rewritten. */
export const STORE_EXAMPLES: ExampleFamily = {
  'administer-account': {
    from: ANN,
    reaches: BUCKET,
    access: 'read',
    works: {
      why: 'Ann administers the account that the bucket is in, whose policy keeps out nothing but plain HTTP.',
      world: administered(bucket(undefined, closedTo({ Condition: { Bool: { 'aws:SecureTransport': 'false' } } }))),
    },
    fails: {
      why: 'The policy of the bucket keeps everybody from it, administrators too.',
      world: administered(bucket(undefined, closedTo({}))),
    },
    unknown: {
      why: 'The policy of the bucket keeps out whoever does not call from one office.',
      world: administered(
        bucket(undefined, closedTo({ Condition: { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } })),
      ),
      because: 'aws:SourceIp',
    },
  },
  's3-read': keyed({ reaches: BUCKET, access: 'read', says: [`s3:GetObject on ${OBJECTS}`], answers: bucket }),
  's3-write': keyed({
    reaches: BUCKET,
    access: 'write',
    says: [`s3:PutObject on ${OBJECTS}`],
    answers: (key) => bucket(key, underKeyAlone),
    keyCall: 'kms:GenerateDataKey',
  }),
  's3-bucket-policy': keyed({
    reaches: BUCKET,
    access: 'read',
    says: [`s3:PutBucketPolicy on ${BUCKET}`],
    answers: bucket,
  }),
  's3-bucket-policy-write': {
    from: ANN,
    reaches: BUCKET,
    access: 'write',
    works: {
      why: 'Ann may write the policy of the bucket.',
      world: annMay([`s3:PutBucketPolicy on ${BUCKET}`], { answers: bucket() }),
    },
    fails: {
      why: 'Ann may read its policy alone.',
      world: annMay([`s3:GetBucketPolicy on ${BUCKET}`], { answers: bucket() }),
    },
    unknown: {
      why: 'Ann may write it with MFA alone.',
      world: annMay([withMfa(`s3:PutBucketPolicy on ${BUCKET}`)], { answers: bucket() }),
      because: 'aws:MultiFactorAuthPresent',
    },
  },
  'store-policy-delete': {
    from: ANN,
    reaches: BUCKET,
    access: 'read',
    works: {
      why: 'The policy of the bucket denies reading, and Ann may delete it, and read what nothing denies.',
      world: deleting(),
    },
    fails: { why: 'The policy denies deleting it too.', world: deleting({ Action: 's3:*' }) },
    alsoFails: [
      { why: 'Ann may not delete it.', world: deleting({}, [READ_OBJECTS]) },
      { why: 'Ann may not read, whatever the policy says.', world: deleting({}, [DELETE_POLICY]) },
      {
        why: 'Something else denies Ann to read.',
        world: deleting({}, [DELETE_POLICY, READ_OBJECTS, deny(READ_OBJECTS)]),
      },
    ],
    unknown: {
      why: 'Ann may delete it from one office alone.',
      world: deleting({}, [fromOffice(DELETE_POLICY), READ_OBJECTS]),
      because: 'aws:SourceIp',
    },
  },
  'secret-read': keyed({
    reaches: SECRET,
    access: 'read',
    says: [`secretsmanager:GetSecretValue on ${SECRET}`],
    answers: secret,
  }),
  'secret-policy': keyed({
    reaches: SECRET,
    access: 'read',
    says: [`secretsmanager:PutResourcePolicy on ${SECRET}`],
    answers: secret,
  }),
  'parameter-read': keyed({
    reaches: PARAMETER,
    access: 'read',
    says: [`ssm:GetParameter on ${PARAMETER}`],
    answers: parameter,
  }),
  'dynamodb-read': keyed({ reaches: TABLE, access: 'read', says: [`dynamodb:Scan on ${TABLE}`], answers: table }),
  'dynamodb-write': keyed({ reaches: TABLE, access: 'write', says: [`dynamodb:PutItem on ${TABLE}`], answers: table }),
  'table-export': byRecovery('export the table to a bucket of hers', [
    `dynamodb:ExportTableToPointInTime on ${TABLE}`,
    's3:PutObject on arn:aws:s3:::*/*',
  ]),
  'table-restore-point-in-time': byRecovery('restore the table under another name and read that', [
    `dynamodb:RestoreTableToPointInTime on ${TABLE}`,
    ...NEW_TABLE,
  ]),
  'table-restore-backup': {
    from: ANN,
    reaches: TABLE,
    access: 'read',
    works: {
      why: 'Ann may back the table up, restore it under another name, and read that.',
      world: recovering([...BACKUP, ...NEW_TABLE], {}),
    },
    fails: {
      why: 'Ann may read no table of another name.',
      world: recovering([...BACKUP, ...NEW_TABLE.filter((says) => !/Scan|Query|GetItem/.test(says))], {}),
    },
    unknown: {
      why: 'Ann may make backups from the addresses of one office alone.',
      world: recovering([fromOffice(`dynamodb:CreateBackup on ${TABLE}`), ...BACKUP.slice(1), ...NEW_TABLE], {}),
      because: 'aws:SourceIp',
    },
  },
  'table-policy': keyed({
    reaches: TABLE,
    access: 'read',
    says: [`dynamodb:PutResourcePolicy on ${TABLE}`],
    answers: table,
  }),
  'table-stream': {
    ...keyed({ reaches: TABLE, access: 'read', says: READ_STREAM, answers: (key) => table(key, STREAMING) }),
    fails: {
      why: 'The table has no stream.',
      world: annMay([...READ_STREAM, `kms:Decrypt on ${KEY}`], { keys: KNOWN, answers: table(KEY) }),
    },
  },
  'queue-read': keyed({ reaches: QUEUE, access: 'read', says: [`sqs:ReceiveMessage on ${QUEUE}`], answers: queue }),
  'queue-policy': keyed({
    reaches: QUEUE,
    access: 'read',
    says: [`sqs:SetQueueAttributes on ${QUEUE}`],
    answers: queue,
  }),
  'topic-subscribe': onTopic('sns:Subscribe', 'subscribe to a topic'),
  'topic-policy': onTopic('sns:SetTopicAttributes', 'rewrite the policy of a topic'),
  'bucket-acl': {
    from: ANN,
    reaches: BUCKET,
    access: 'read',
    works: {
      why: 'The bucket obeys access control lists, and Ann may put them on objects.',
      world: annMay([GRANT], { answers: owned('ObjectWriter') }),
    },
    fails: {
      why: 'The bucket’s owner owns all objects, and lists have no effect.',
      world: annMay([GRANT], { answers: owned('BucketOwnerEnforced') }),
    },
    unknown: {
      why: 'Who owns objects was not collected.',
      world: annMay([GRANT], { answers: owned(undefined) }),
      because: 'object ownership',
    },
  },
  'redshift-share-snapshot': {
    from: ANN,
    reaches: WAREHOUSE,
    access: 'read',
    works: {
      why: 'The cluster is not encrypted, and Ann may make snapshots and share them.',
      world: annMay(SHARE, { answers: warehouse() }),
    },
    fails: {
      why: 'The cluster is encrypted with a customer-managed key.',
      world: annMay(SHARE, { answers: warehouse({ Encrypted: true, KmsKeyId: KEY }) }),
    },
    unknown: {
      why: 'Ann may share snapshots from the addresses of one office alone.',
      world: annMay(['redshift:CreateClusterSnapshot', fromOffice('redshift:AuthorizeSnapshotAccess')], {
        answers: warehouse(),
      }),
      because: 'aws:SourceIp',
    },
  },
};
