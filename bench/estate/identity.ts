import type { JsonObject } from '../../src/model/index.js';
import { ACCOUNT, arn, type Ledger, tags, WHEN } from './ledger.js';

/** The names of roles by who uses them. */
export interface EstateRoles {
  readonly instance: readonly string[];
  readonly lambda: readonly string[];
}

const TEMPLATES = 40;
const OPERATION = 'iam/GetAccountAuthorizationDetails';

/** What policies grant on, in the proportion in which accounts do. */
const GRANTS: readonly (readonly [actions: readonly string[], resource: string])[] = [
  [['s3:GetObject', 's3:ListBucket'], 'arn:aws:s3:::estate-%-*'],
  [['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], 'arn:aws:s3:::estate-data-%-*'],
  [['sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:DeleteMessage'], arn('sqs', 'team-%-*')],
  [['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], '*'],
  [['cloudwatch:PutMetricData', 'ec2:DescribeTags', 'ec2:DescribeInstances'], '*'],
  [['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'], arn('secretsmanager', 'secret:team-%/*')],
  [['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParametersByPath'], arn('ssm', 'parameter/team-%/*')],
  [['kms:Decrypt', 'kms:GenerateDataKey'], '*'],
  [['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem'], arn('dynamodb', 'table/team-%-*')],
  [['rds-db:connect'], arn('rds-db', 'dbuser:*/app')],
  [['ecr:GetAuthorizationToken', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], '*'],
  [['ssm:UpdateInstanceInformation', 'ssmmessages:*', 'ec2messages:*'], '*'],
  [['ec2:CreateSnapshot', 'ec2:DescribeVolumes', 'ec2:DescribeSnapshots', 'ec2:CreateTags'], '*'],
  [['sts:AssumeRole'], arn('iam', 'role/team-%-*', '')],
];

/** What is granted too widely now and then. */
const WIDE_SHARE = 0.05;
const WIDE_GRANTS: typeof GRANTS = [
  [['s3:GetObject', 's3:ListBucket'], '*'],
  [['secretsmanager:GetSecretValue', 'secretsmanager:ListSecrets'], '*'],
  [['ssm:SendCommand', 'ssm:StartSession'], '*'],
  [['rds:CreateDBSnapshot', 'rds:RestoreDBInstanceFromDBSnapshot', 'rds:ModifyDBInstance', 'rds:Describe*'], '*'],
  [['iam:PassRole', 'ec2:RunInstances'], '*'],
  [['ebs:ListSnapshotBlocks', 'ebs:GetSnapshotBlock', 'ec2:ModifySnapshotAttribute'], '*'],
];

function statement(ledger: Ledger, team: number, index: number): JsonObject {
  const [actions, resource] = ledger.random.pick(ledger.random.next() < WIDE_SHARE ? WIDE_GRANTS : GRANTS);
  return {
    Sid: `Statement${index}`,
    Effect: 'Allow',
    Action: actions,
    Resource: resource.replace('%', String(team)),
    ...(ledger.random.next() < 0.08 && { Condition: { StringEquals: { 'aws:RequestedRegion': ['us-east-1'] } } }),
  };
}

const document = (statements: readonly JsonObject[]): string =>
  encodeURIComponent(JSON.stringify({ Version: '2012-10-17', Statement: statements }));

const drawn = (ledger: Ledger, team: number, most: number): string =>
  document(Array.from({ length: 1 + ledger.random.below(most) }, (_, i) => statement(ledger, team, i)));

/** Roles of instances and functions, users and groups. Three in five have their policies of 40 templates; a few are administrators. */
export function addIdentities(ledger: Ledger, roles: number): EstateRoles {
  const { random } = ledger;
  const admin = addPolicy(
    ledger,
    'AdministratorAccess',
    document([{ Effect: 'Allow', Action: '*', Resource: '*' }]),
    true,
  );
  const core = addPolicy(
    ledger,
    'AmazonSSMManagedInstanceCore',
    document([
      { Effect: 'Allow', Action: ['ssm:UpdateInstanceInformation', 'ssm:GetDocument', 'ssmmessages:*'], Resource: '*' },
      { Effect: 'Allow', Action: ['ec2messages:*'], Resource: '*' },
    ]),
    true,
  );
  const templates = Array.from({ length: TEMPLATES }, (_, i) =>
    addPolicy(ledger, `template-${i}`, drawn(ledger, i, 5), false),
  );
  const names = { instance: [] as string[], lambda: [] as string[] };
  for (let i = 0; i < roles; i++) {
    const user = i % 4 === 3 ? 'lambda' : 'instance';
    const name = `team-${i % TEMPLATES}-${user}-${i}`;
    names[user].push(name);
    const isAdmin = random.next() < 0.005;
    const isBespoke = random.next() > 0.6;
    addRole(ledger, name, user === 'lambda' ? 'lambda.amazonaws.com' : 'ec2.amazonaws.com', {
      managed: [...(isAdmin ? [admin] : []), ...(isBespoke ? [] : [random.pick(templates)]), core],
      inline: isBespoke ? [drawn(ledger, i % TEMPLATES, 6)] : [],
    });
  }
  addPeople(ledger, admin, templates);
  return names;
}

function addPolicy(ledger: Ledger, name: string, text: string, isAws: boolean): JsonObject {
  const policyArn = isAws ? `arn:aws:iam::aws:policy/${name}` : arn('iam', `policy/${name}`, '');
  ledger.record(
    OPERATION,
    'Policies',
    {
      PolicyName: name,
      PolicyId: `ANPA${ledger.random.hex(16).toUpperCase()}`,
      Arn: policyArn,
      Path: '/',
      DefaultVersionId: 'v1',
      AttachmentCount: 3,
      PermissionsBoundaryUsageCount: 0,
      IsAttachable: true,
      CreateDate: WHEN,
      UpdateDate: WHEN,
      PolicyVersionList: [{ Document: text, VersionId: 'v1', IsDefaultVersion: true, CreateDate: WHEN }],
    },
    'global',
  );
  return { PolicyName: name, PolicyArn: policyArn };
}

function addRole(
  ledger: Ledger,
  name: string,
  service: string,
  policies: { readonly managed: readonly JsonObject[]; readonly inline: readonly string[] },
): void {
  const trust = document([{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }]);
  const role = {
    Path: '/',
    RoleName: name,
    RoleId: `AROA${ledger.random.hex(16).toUpperCase()}`,
    Arn: arn('iam', `role/${name}`, ''),
    CreateDate: WHEN,
    AssumeRolePolicyDocument: trust,
  };
  const profile = {
    Path: '/',
    InstanceProfileName: name,
    InstanceProfileId: `AIPA${ledger.random.hex(16).toUpperCase()}`,
    Arn: arn('iam', `instance-profile/${name}`, ''),
    CreateDate: WHEN,
    Roles: [role],
  };
  ledger.record(
    OPERATION,
    'RoleDetailList',
    {
      ...role,
      InstanceProfileList: service.startsWith('ec2') ? [profile] : [],
      RolePolicyList: policies.inline.map((text, i) => ({ PolicyName: `inline-${i}`, PolicyDocument: text })),
      AttachedManagedPolicies: policies.managed,
      Tags: tags({ Team: name.split('-')[1] ?? '', ManagedBy: 'terraform' }),
      RoleLastUsed: { LastUsedDate: WHEN, Region: 'us-east-1' },
    },
    'global',
  );
}

function addPeople(ledger: Ledger, admin: JsonObject, templates: readonly JsonObject[]): void {
  const group = (name: string, managed: readonly JsonObject[]): void =>
    ledger.record(
      OPERATION,
      'GroupDetailList',
      {
        Path: '/',
        GroupName: name,
        GroupId: `AGPA${ledger.random.hex(16).toUpperCase()}`,
        Arn: arn('iam', `group/${name}`, ''),
        CreateDate: WHEN,
        GroupPolicyList: [],
        AttachedManagedPolicies: managed,
      },
      'global',
    );
  group('admins', [admin]);
  group('developers', templates.slice(0, 3));
  for (let i = 0; i < 30; i++) {
    ledger.record(
      OPERATION,
      'UserDetailList',
      {
        Path: '/',
        UserName: `user-${i}`,
        UserId: `AIDA${ledger.random.hex(16).toUpperCase()}`,
        Arn: `arn:aws:iam::${ACCOUNT}:user/user-${i}`,
        CreateDate: WHEN,
        GroupList: [i < 3 ? 'admins' : 'developers'],
        AttachedManagedPolicies: [],
        Tags: [],
      },
      'global',
    );
  }
}
