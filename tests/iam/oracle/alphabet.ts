/** Two accounts, few names: small enough that random policies and random requests meet. */
export const HOME = '111122223333';
export const FOREIGN = '444455556666';

const arn = (account: string, resource: string): string => `arn:aws:iam::${account}:${resource}`;
const session = (account: string, resource: string): string => `arn:aws:sts::${account}:assumed-role/${resource}`;

export const USERS = [arn(HOME, 'user/ann'), arn(HOME, 'user/team/bob'), arn(FOREIGN, 'user/ann')];
/** Named sessions, each of a role in {@link ROLES}; `ops` lives under a path, which its sessions' ARNs do not show. */
export const SESSIONS = [session(HOME, 'app/i-0a'), session(HOME, 'ops/eve'), session(FOREIGN, 'app/i-0a')];
export const ROLES = [arn(HOME, 'role/app'), arn(HOME, 'role/team/ops'), arn(FOREIGN, 'role/app')];
export const SERVICES = ['lambda.amazonaws.com', 'ec2.amazonaws.com'];
export const ANYBODY = 'aws:any-principal';

/** What a `Principal` element may list under `AWS`, beside `*`. */
export const AWS_PRINCIPALS = [
  HOME,
  arn(HOME, 'root'),
  arn(FOREIGN, 'root'),
  FOREIGN,
  ...USERS,
  ...ROLES,
  ...SESSIONS,
  'AIDACKCEVSQ6C2EXAMPLE',
];

/** A resource with the actions that act on it, and the patterns that policies use for both. */
export interface Family {
  readonly service: string;
  /** Whether the resource has a policy of its own. */
  readonly owned: boolean;
  /** Only the resource's own policy opens it (role trust, key policy). */
  readonly needsOwnPolicy?: boolean;
  readonly account: string;
  readonly requests: readonly (readonly [action: string, resource: string])[];
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Condition keys of the service itself that all of the family's actions know. */
  readonly keys: readonly ContextKey[];
}

export type KeyKind = 'string' | 'strings' | 'arn' | 'date' | 'number' | 'boolean' | 'address' | 'binary';

export interface ContextKey {
  readonly name: string;
  readonly kind: KeyKind;
  /** Values in requests; for `strings` the elements. */
  readonly values: readonly string[];
  /** Values in policies. */
  readonly patterns: readonly string[];
}

const key = (name: string, kind: KeyKind, values: readonly string[], patterns: readonly string[]): ContextKey => ({
  name,
  kind,
  values,
  patterns,
});

const ARNS = [...ROLES, ...USERS, 'arn:aws:sns:us-east-1:111122223333:news'];
const ARN_PATTERNS = [
  ...ARNS,
  'arn:aws:iam::111122223333:role/*',
  'arn:aws:iam::*:role/app',
  'arn:*:iam::1111?2223333:user/ann',
  'arn:aws:*:*:111122223333:*',
  'arn:aws:iam::111122223333:user/${aws:username}',
];

export const KEYS: readonly ContextKey[] = [
  key('aws:username', 'string', ['ann', 'bob'], ['ann', 'b?b', 'B*', '${aws:PrincipalTag/owner}']),
  key(
    'aws:PrincipalTag/owner',
    'string',
    ['ann', 'Ann', 'a*', 'x.txt'],
    ['ann', 'A*', 'a${*}', 'a*', '${aws:username}', "${aws:username, 'ann'}", '*'],
  ),
  key('aws:RequestTag/env', 'string', ['prod', 'dev'], ['prod', 'PROD', 'd*', '${aws:PrincipalTag/owner}', '?*']),
  key('aws:SourceVpc', 'string', ['vpc-1', 'vpc-2'], ['vpc-1', 'vpc-?', 'vpc-3']),
  key('aws:PrincipalOrgID', 'string', ['o-acme'], ['o-acme', 'o-*', 'o-other']),
  key('aws:TagKeys', 'strings', ['env', 'owner', 'Env'], ['env', 'OWNER', 'e*', '*']),
  key('aws:CalledVia', 'strings', ['athena.amazonaws.com', 'cloudformation.amazonaws.com'], ['athena*', 'x', '*.com']),
  key('aws:PrincipalArn', 'arn', ARNS, ARN_PATTERNS),
  key('aws:SourceArn', 'arn', ARNS, ARN_PATTERNS),
  key(
    'aws:CurrentTime',
    'date',
    ['2026-01-01T00:00:00Z', '2026-06-15T12:30:00Z', '2027-01-01T00:00:00Z'],
    ['2026-01-01T00:00:00Z', '2026-06-15T14:30:00+02:00', '2026-06-15', '2027-01-01T00:00:01Z', '2025-12-31T23:59:59Z'],
  ),
  key('aws:MultiFactorAuthAge', 'number', ['0', '300', '3600'], ['300', '3600', '299.5', '-1', '0']),
  key('aws:MultiFactorAuthPresent', 'boolean', ['true', 'false'], ['true', 'false', 'TRUE']),
  key('aws:SecureTransport', 'boolean', ['true', 'false'], ['true', 'false']),
  key(
    'aws:SourceIp',
    'address',
    ['10.0.0.5', '203.0.113.9', '2001:db8::1'],
    ['10.0.0.0/8', '203.0.113.9', '203.0.113.9/32', '0.0.0.0/0', '2001:db8::/32', '::/0', '10.0.0.4/31', '2001:db8::1'],
  ),
  key('aws:userid', 'binary', ['QmluYXJ5', 'AAEC'], ['QmluYXJ5', 'AAEC', 'AAED']),
];

const ANY_ACTION = ['*'];
const ANY_RESOURCE = ['*', 'arn:aws:*:*:*:*'];
const TAGGED = key('aws:ResourceTag/env', 'string', ['prod', 'dev'], ['prod', 'd*', '${aws:RequestTag/env}']);

const family = (
  service: string,
  account: string,
  kind: 'owned' | 'needs own policy' | 'plain',
  requests: Family['requests'],
  actions: readonly string[],
  resources: readonly string[],
  keys: readonly ContextKey[] = [TAGGED],
): Family => ({
  service,
  account,
  owned: kind !== 'plain',
  needsOwnPolicy: kind === 'needs own policy',
  requests,
  actions: [...ANY_ACTION, ...actions],
  resources: [...ANY_RESOURCE, ...resources],
  keys,
});

export const FAMILIES: readonly Family[] = [
  family(
    's3',
    HOME,
    'owned',
    [
      ['s3:GetObject', 'arn:aws:s3:::data/ann/x.txt'],
      ['s3:PutObject', 'arn:aws:s3:::data/Ann/x.txt'],
      ['S3:getobject', 'arn:aws:s3:::data/bob/a?b'],
      ['s3:GetObject', 'arn:aws:s3:::data-2/x.txt'],
    ],
    ['s3:*', 's3:GetObject', 'S3:getobject', 's3:Get*', 's3:?etObject', 's3:P*t*', 's3:*Object'],
    [
      'arn:aws:s3:::data/*',
      'arn:aws:s3:::data*',
      'arn:aws:s3:::data/${aws:username}/*',
      'arn:aws:s3:::data/${aws:PrincipalTag/owner}/x.txt',
      "arn:aws:s3:::data/${aws:username, 'bob'}/*",
      'arn:aws:s3:::data/ann/x.txt',
      'arn:aws:s3:::data/?nn/?.txt',
      'arn:aws:s3:::*/x.txt',
      'arn:aws:s3:::data/bob/a${?}b',
      'arn:aws:s3:::DATA/*',
      'arn:*:s3:::data/*/*',
      'arn:aws:s3:*:*:data/*',
    ],
    [],
  ),
  family(
    's3',
    FOREIGN,
    'owned',
    [
      ['s3:ListBucket', 'arn:aws:s3:::lake'],
      ['s3:DeleteBucket', 'arn:aws:s3:::lake'],
    ],
    ['s3:*', 's3:List*', 's3:ListBucket', 's3:DeleteBucket', 'S3:DELETE*'],
    ['arn:aws:s3:::lake', 'arn:aws:s3:::l?ke', 'arn:aws:s3:::lake/*', 'arn:aws:s3:::*'],
    [],
  ),
  family(
    'sqs',
    HOME,
    'owned',
    [
      ['sqs:SendMessage', 'arn:aws:sqs:us-east-1:111122223333:jobs'],
      ['sqs:ReceiveMessage', 'arn:aws:sqs:us-east-1:111122223333:jobs'],
    ],
    ['sqs:*', 'sqs:SendMessage', 'sqs:Receive*', 'sqs:*Message', 'SQS:sendmessage'],
    [
      'arn:aws:sqs:*:*:jobs',
      'arn:aws:sqs:us-east-1:111122223333:jobs',
      'arn:aws:sqs:us-*-1:*:j*',
      'arn:aws:sqs:eu-west-1:*:*',
    ],
  ),
  family(
    'kms',
    HOME,
    'needs own policy',
    [
      ['kms:Decrypt', 'arn:aws:kms:us-east-1:111122223333:key/1234'],
      ['kms:DescribeKey', 'arn:aws:kms:us-east-1:111122223333:key/1234'],
    ],
    ['kms:*', 'kms:Decrypt', 'kms:De*', 'kms:describekey'],
    [
      'arn:aws:kms:*:*:key/*',
      'arn:aws:kms:us-east-1:111122223333:key/1234',
      'arn:aws:kms:us-east-1:*:key/${aws:username}',
    ],
  ),
  family(
    'sts',
    HOME,
    'needs own policy',
    [
      ['sts:AssumeRole', 'arn:aws:iam::111122223333:role/team/deploy'],
      ['sts:TagSession', 'arn:aws:iam::111122223333:role/team/deploy'],
    ],
    ['sts:*', 'sts:AssumeRole', 'sts:Assume*', 'STS:*Session'],
    [
      'arn:aws:iam::*:role/*',
      'arn:aws:iam::111122223333:role/team/deploy',
      'arn:aws:iam::111122223333:role/team/*',
      'arn:aws:iam::111122223333:role/deploy',
    ],
  ),
  family(
    'secretsmanager',
    FOREIGN,
    'owned',
    [['secretsmanager:GetSecretValue', 'arn:aws:secretsmanager:us-east-1:444455556666:secret:db-AbCdEf']],
    ['secretsmanager:*', 'secretsmanager:Get*', 'secretsmanager:GetSecretValue'],
    [
      'arn:aws:secretsmanager:*:*:secret:*',
      'arn:aws:secretsmanager:us-east-1:444455556666:secret:db-??????',
      'arn:aws:secretsmanager:*:*:secret:DB-*',
    ],
  ),
  family(
    'ec2',
    HOME,
    'plain',
    [
      ['ec2:StopInstances', 'arn:aws:ec2:us-east-1:111122223333:instance/i-0a'],
      ['ec2:DescribeInstances', '*'],
    ],
    ['ec2:*', 'ec2:Stop*', 'ec2:*Instances', 'EC2:describeinstances'],
    [
      'arn:aws:ec2:*:*:instance/*',
      'arn:aws:ec2:us-east-1:111122223333:instance/i-0a',
      'arn:aws:ec2:*:*:*',
      'arn:aws:ec2:*:*:instance/i-0?',
    ],
    [],
  ),
  family(
    'iam',
    HOME,
    'plain',
    [
      ['iam:PassRole', 'arn:aws:iam::111122223333:role/team/deploy'],
      ['iam:CreateUser', 'arn:aws:iam::111122223333:user/ann'],
    ],
    ['iam:*', 'iam:Pass*', 'iam:CreateUser', 'IAM:createuser'],
    [
      'arn:aws:iam::*:role/*',
      'arn:aws:iam::111122223333:user/${aws:username}',
      'arn:aws:iam::*:*',
      'arn:aws:iam::111122223333:role/team/deploy',
    ],
    [],
  ),
];
