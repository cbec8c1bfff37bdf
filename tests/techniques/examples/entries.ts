import type { JsonObject } from '../../../src/model/index.js';
import { ACCOUNT, arn, keyArn, type Miniature, roleArn, type Says } from '../miniature.js';
import { ANN, annMay, type ExampleFamily, ifTagged } from './example.js';

const WEB = arn('ec2', 'instance/i-web');
const FUNCTION = arn('lambda', 'function:shop');
const SNAPSHOT = 'arn:aws:ec2:us-east-1::snapshot/snap-1';
const BUCKET = 'arn:aws:s3:::orders';
const SECRET = arn('secretsmanager', 'secret:login-a1B2c3');
const QUEUE = arn('sqs', 'jobs');
const QUEUE_URL = 'https://sqs.us-east-1.amazonaws.com/111122223333/jobs';
const ROLE = roleArn('open');

/** A policy with one statement, as AWS answers it. */
const policy = (statement: JsonObject): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });

const EVERYBODY = { Principal: '*' };
const ONE_ACCOUNT = { Principal: { AWS: 'arn:aws:iam::999988887777:root' } };

const OPEN_URL = { shop: { FunctionUrl: 'https://a.lambda-url.us-east-1.on.aws/', AuthType: 'NONE' } };
const CALL = {
  Action: 'lambda:InvokeFunctionUrl',
  Resource: FUNCTION,
  Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } },
};
const called = (url: JsonObject | undefined, who: JsonObject = EVERYBODY): Miniature => ({
  answers: {
    'lambda/ListFunctions': { Functions: [{ FunctionName: 'shop', FunctionArn: FUNCTION }] },
    'lambda/GetPolicy': { shop: { Policy: policy({ ...CALL, ...who }) } },
    ...(url && { 'lambda/GetFunctionUrlConfig': url }),
  },
});

const invoking = (says: Says): Miniature =>
  annMay([says], {
    answers: { 'lambda/ListFunctions': { Functions: [{ FunctionName: 'shop', FunctionArn: FUNCTION }] } },
  });

const shared = (to: JsonObject, state: string | undefined): Miniature => ({
  answers: {
    'ec2/DescribeSnapshots': { Snapshots: [{ SnapshotId: 'snap-1', OwnerId: '111122223333', Encrypted: false }] },
    'ec2/DescribeSnapshotAttribute': { 'snap-1': { CreateVolumePermissions: [to] } },
    ...(state !== undefined && { 'ec2/GetSnapshotBlockPublicAccessState': { State: state } }),
  },
});
const ALL = { Group: 'all' };

const bucket = (who: JsonObject, block: boolean, more: JsonObject = {}, key?: string): Miniature => ({
  answers: {
    's3/GetBucketEncryption': {
      orders: {
        ServerSideEncryptionConfiguration: {
          Rules: [
            {
              ApplyServerSideEncryptionByDefault:
                key === undefined ? { SSEAlgorithm: 'AES256' } : { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key },
            },
          ],
        },
      },
    },
    'global/s3/ListBuckets': { Buckets: [{ Name: 'orders' }] },
    's3/GetBucketLocation': { orders: {} },
    's3/GetBucketPolicy': {
      orders: { Policy: policy({ ...who, Action: 's3:GetObject', Resource: `${BUCKET}/*`, ...more }) },
    },
    's3/GetPublicAccessBlock': { orders: { PublicAccessBlockConfiguration: { RestrictPublicBuckets: block } } },
    'global/s3-control/GetPublicAccessBlock': {},
  },
});

/** A secret under a key of the account, which everybody may decrypt with or nobody else. */
const secret = (keyPolicy: readonly JsonObject[] | null | undefined): Miniature => ({
  ...(keyPolicy !== undefined && { keys: { 'k-1': { policy: keyPolicy } } }),
  answers: {
    'secrets-manager/ListSecrets': { SecretList: [{ ARN: SECRET, Name: 'login', KmsKeyId: keyArn('k-1') }] },
    'secrets-manager/GetResourcePolicy': {
      [SECRET]: { ResourcePolicy: policy({ ...EVERYBODY, Action: 'secretsmanager:GetSecretValue', Resource: '*' }) },
    },
  },
});
const turnedOff = (world: Miniature): Miniature => ({
  ...world,
  answers: {
    ...world.answers,
    'kms/DescribeKey': {
      'k-1': { KeyMetadata: { KeyId: 'k-1', Arn: keyArn('k-1'), KeyManager: 'CUSTOMER', KeyState: 'Disabled' } },
    },
  },
});
const DECRYPT = { Effect: 'Allow', ...EVERYBODY, Action: 'kms:Decrypt', Resource: '*' };
const DECRYPT_HERE = { Effect: 'Allow', Principal: { AWS: arn('iam', 'root') }, Action: 'kms:*', Resource: '*' };

const DOMAIN = arn('es', 'domain/logs');
const searched = (who: JsonObject, more: JsonObject = {}): Miniature => ({
  answers: {
    'opensearch/DescribeDomains': {
      DomainStatusList: [
        {
          DomainName: 'logs',
          ARN: DOMAIN,
          AccessPolicies: policy({ ...who, Action: 'es:ESHttp*', Resource: `${DOMAIN}/*` }),
          ...more,
        },
      ],
    },
  },
});
const OFFICE = { ...EVERYBODY, Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } };

const queue = (statement: JsonObject): Miniature => ({
  answers: {
    'sqs/GetQueueAttributes': {
      [QUEUE_URL]: {
        Attributes: {
          QueueArn: QUEUE,
          Policy: policy({ Action: 'sqs:ReceiveMessage', Resource: QUEUE, ...statement }),
        },
      },
    },
  },
});

const TOPIC = arn('sns', 'alerts');
const topic = (statement: JsonObject): Miniature => ({
  answers: {
    'sns/ListTopics': { Topics: [{ TopicArn: TOPIC }] },
    'sns/GetTopicAttributes': {
      [TOPIC]: {
        Attributes: { TopicArn: TOPIC, Policy: policy({ Action: 'sns:Subscribe', Resource: TOPIC, ...statement }) },
      },
    },
  },
});

const trusting = (statement: JsonObject): Miniature => ({
  roles: { open: { trust: { Effect: 'Allow', Action: 'sts:AssumeRole', ...statement } } },
});
const IF_TAGGED = { Condition: { StringEquals: { 'aws:ResourceTag/shown': 'yes' } } };

/** Ways in from the internet, and what stands open to it. */
export const ENTRY_EXAMPLES: ExampleFamily = {
  'exposed-service': {
    from: 'internet',
    reaches: WEB,
    access: 'control',
    works: {
      why: 'The internet reaches a port of a running instance.',
      world: { instances: { 'i-web': { open: true } } },
    },
    fails: { why: 'The group of the instance lets nobody in.', world: { instances: { 'i-web': {} } } },
    alsoFails: [
      { why: 'The instance is stopped.', world: { instances: { 'i-web': { open: true, state: 'stopped' } } } },
      {
        why: 'The group of the instance lets one office in, which is not the internet.',
        world: { instances: { 'i-web': { open: true, group: 'sg-office' } } },
      },
    ],
    unknown: {
      why: 'The network ACLs of the subnets were not collected.',
      world: { instances: { 'i-web': { open: true } }, missing: ['ec2/DescribeNetworkAcls'] },
      because: 'network ACL',
    },
  },
  'exposed-function': {
    from: 'internet',
    reaches: FUNCTION,
    access: 'control',
    works: {
      why: 'The function has a URL that asks for nothing, and its policy lets everybody call it; its code has to give way.',
      world: called(OPEN_URL),
      depends: 'function code',
    },
    fails: {
      why: 'The URL asks for requests that are signed.',
      world: called({ shop: { ...OPEN_URL.shop, AuthType: 'AWS_IAM' } }),
    },
    alsoFails: [
      { why: 'The policy lets one account call it.', world: called(OPEN_URL, ONE_ACCOUNT) },
      {
        why: 'The URL is a newer one, for which lambda:InvokeFunction has to be allowed too.',
        world: called({ shop: { ...OPEN_URL.shop, CreationTime: '2026-01-15T08:00:00Z' } }),
      },
    ],
    unknown: { why: 'The URLs of functions were not collected.', world: called(undefined), because: 'function URL' },
  },
  'invoke-function': {
    from: ANN,
    reaches: FUNCTION,
    access: 'control',
    works: {
      why: 'Ann may invoke the function; its code has to give way.',
      world: invoking(`lambda:InvokeFunction on ${FUNCTION}`),
      depends: 'function code',
    },
    fails: {
      why: 'The function that Ann may invoke is another one.',
      world: invoking(`lambda:InvokeFunction on ${FUNCTION}-2`),
    },
    unknown: {
      why: 'Ann may invoke functions with a tag, and the tags of this one were not collected.',
      world: invoking(ifTagged(`lambda:InvokeFunction on ${FUNCTION}`)),
      because: 'aws:ResourceTag/stage',
    },
  },
  'public-snapshot': {
    from: 'internet',
    reaches: SNAPSHOT,
    access: 'read',
    works: { why: 'The snapshot is shared with everybody.', world: shared(ALL, 'unblocked') },
    fails: {
      why: 'The region blocks all public sharing, also of what is shared already.',
      world: shared(ALL, 'block-all-sharing'),
    },
    alsoFails: [
      { why: 'The snapshot is shared with one account.', world: shared({ UserId: '999988887777' }, 'unblocked') },
    ],
    unknown: {
      why: 'Whether the region blocks public sharing was not collected.',
      world: shared(ALL, undefined),
      because: 'public access to snapshots',
    },
  },
  'public-bucket': {
    from: 'internet',
    reaches: BUCKET,
    access: 'read',
    works: { why: 'The bucket’s policy lets everybody read objects.', world: bucket(EVERYBODY, false) },
    fails: { why: 'The bucket’s block of public access overrides its policy.', world: bucket(EVERYBODY, true) },
    alsoFails: [
      { why: 'The policy lets one account read.', world: bucket(ONE_ACCOUNT, false) },
      {
        why: 'The objects are encrypted with the AWS-managed key, which nobody else uses.',
        world: bucket(EVERYBODY, false, {}, arn('kms', 'alias/aws/s3')),
      },
    ],
    unknown: {
      why: 'The policy asks for a tag of the object, whose tags nobody collects.',
      world: bucket(EVERYBODY, false, { Condition: { StringEquals: { 's3:ExistingObjectTag/shown': 'yes' } } }),
      because: 's3:ExistingObjectTag/shown',
    },
  },
  'public-secret': {
    from: 'internet',
    reaches: SECRET,
    access: 'read',
    works: {
      why: 'The policies of the secret and of its key let everybody in.',
      world: secret([DECRYPT, DECRYPT_HERE]),
    },
    fails: { why: 'The policy of the key lets its own account alone decrypt.', world: secret([DECRYPT_HERE]) },
    alsoFails: [{ why: 'The key is turned off.', world: turnedOff(secret([DECRYPT, DECRYPT_HERE])) }],
    unknown: { why: 'The policy of the key was not collected.', world: secret(null), because: 'key' },
  },
  'public-queue': {
    from: 'internet',
    reaches: QUEUE,
    access: 'read',
    works: { why: 'The queue’s policy lets everybody receive messages.', world: queue(EVERYBODY) },
    fails: { why: 'The queue’s policy lets one account receive messages.', world: queue(ONE_ACCOUNT) },
    unknown: {
      why: 'The policy asks for a tag of the queue, whose tags were not collected.',
      world: queue({ ...EVERYBODY, ...IF_TAGGED }),
      because: 'aws:ResourceTag/shown',
    },
  },
  'public-search-domain': {
    from: 'internet',
    reaches: DOMAIN,
    access: 'read',
    works: {
      why: 'The domain is on the internet, and its access policy lets everybody in.',
      world: searched(EVERYBODY),
    },
    fails: { why: 'The access policy lets one account in.', world: searched(ONE_ACCOUNT) },
    alsoFails: [
      { why: 'The access policy lets in the addresses of one office.', world: searched(OFFICE) },
      {
        why: 'The domain is in a VPC.',
        world: searched(EVERYBODY, { VPCOptions: { VPCId: 'vpc-1', SubnetIds: ['subnet-1'] } }),
      },
    ],
    unknown: {
      why: 'The domain has fine-grained access control, whose users are not in the API.',
      world: searched(EVERYBODY, { AdvancedSecurityOptions: { Enabled: true } }),
      because: 'fine-grained access',
    },
  },
  'public-topic': {
    from: 'internet',
    reaches: TOPIC,
    access: 'read',
    works: { why: 'The topic’s policy lets everybody subscribe.', world: topic(EVERYBODY) },
    fails: {
      why: 'The policy is what SNS gives a new topic: it is for what services send for the owner’s things.',
      world: topic({ ...EVERYBODY, Condition: { StringEquals: { 'AWS:SourceOwner': ACCOUNT } } }),
    },
    alsoFails: [{ why: 'The topic’s policy lets one account subscribe.', world: topic(ONE_ACCOUNT) }],
    unknown: {
      why: 'The policy asks for a tag of the topic, whose tags were not collected.',
      world: topic({ ...EVERYBODY, ...IF_TAGGED }),
      because: 'aws:ResourceTag/shown',
    },
  },
  'open-role-trust': {
    from: 'internet',
    reaches: ROLE,
    access: 'control',
    works: { why: 'The role trusts every AWS account.', world: trusting({ Principal: { AWS: '*' } }) },
    fails: {
      why: 'The role trusts the accounts of one organization.',
      world: trusting({
        Principal: { AWS: '*' },
        Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-abc1234567' } },
      }),
    },
    unknown: {
      why: 'The role asks for an external id, which the intruder may or may not know.',
      world: trusting({ Principal: { AWS: '*' }, Condition: { StringEquals: { 'sts:ExternalId': 'e-1' } } }),
      because: 'sts:ExternalId',
    },
  },
};
