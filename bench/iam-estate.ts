import type { Json, JsonObject } from '../src/model/index.js';
import { memorySnapshot, type Snapshot } from '../src/snapshot/index.js';
import { type Random, randomFrom } from './random.js';

const ACCOUNT = '111122223333';

const SERVICES = [
  's3',
  'ec2',
  'sqs',
  'kms',
  'iam',
  'lambda',
  'dynamodb',
  'secretsmanager',
  'logs',
  'rds',
  'ssm',
  'ecr',
];

function makeStatement(random: Random, team: number): JsonObject {
  const service = random.pick(SERVICES);
  const verbs = ['Get*', 'List*', 'Describe*', 'Put*', 'Create*', '*', 'Delete*', 'Update*'];
  const actions = verbs.filter(() => random.next() < 0.3).map((verb) => `${service}:${verb}`);
  const region = random.next() < 0.5 ? '*' : 'us-east-1';
  const resource =
    service === 's3' ? `arn:aws:s3:::team-${team}-*/*` : `arn:aws:${service}:${region}:${ACCOUNT}:*team-${team}*`;
  return {
    Effect: random.next() < 0.1 ? 'Deny' : 'Allow',
    Action: actions.length === 0 ? [`${service}:Get*`] : actions,
    Resource: random.next() < 0.3 ? '*' : [resource],
    ...(random.next() < 0.2 && { Condition: { StringEquals: { 'aws:PrincipalTag/team': `team-${team}` } } }),
  };
}

const makeDocument = (random: Random, team: number, statements: number): JsonObject => ({
  Version: '2012-10-17',
  Statement: Array.from({ length: statements }, () => makeStatement(random, team)),
});

export interface BenchEstate {
  readonly snapshot: Snapshot;
  readonly principals: readonly string[];
  /** Each principal's identity policies, for whoever is not asked about a snapshot. */
  readonly documentsOf: ReadonlyMap<string, readonly JsonObject[]>;
  /** The permissions boundaries of those that have one. */
  readonly boundaryOf: ReadonlyMap<string, JsonObject>;
}

/**
 * An account of `count` users and roles as accounts are: a pool of managed policies that grows with it (one to 25 principals), one
 * to three of them each, an inline policy of its own for a third of the principals, a boundary for a tenth.
 */
export function makeEstate(count: number): BenchEstate {
  const random = randomFrom(count);
  const pool = Math.max(20, Math.ceil(count / 25));
  const teams = Math.max(4, Math.ceil(count / 50));
  const arnOf = (index: number): string => `arn:aws:iam::${ACCOUNT}:policy/managed-${index}`;
  const managed = Array.from({ length: pool }, (_, index) => makeDocument(random, index % teams, 3 + random.below(8)));
  const documentsOf = new Map<string, readonly JsonObject[]>();
  const boundaryOf = new Map<string, JsonObject>();
  const users: Json[] = [];
  const roles: Json[] = [];
  for (let index = 0; index < count; index += 1) {
    const kind = index % 5 === 0 ? 'user' : 'role';
    const name = `${kind}-${index}`;
    const arn = `arn:aws:iam::${ACCOUNT}:${kind}/${name}`;
    const attached = [...new Set(Array.from({ length: 1 + (index % 3) }, () => random.below(pool)))];
    const own = index % 3 === 0 ? [makeDocument(random, index % teams, 2)] : [];
    const inline = own.map((PolicyDocument) => ({ PolicyName: 'own', PolicyDocument }));
    documentsOf.set(arn, [...attached.map((at) => managed[at] as JsonObject), ...own]);
    const boundary = index % 10 === 9 ? index % pool : undefined;
    if (boundary !== undefined) boundaryOf.set(arn, managed[boundary] as JsonObject);
    const common = {
      Path: '/',
      Arn: arn,
      AttachedManagedPolicies: attached.map((at) => ({ PolicyArn: arnOf(at), PolicyName: `managed-${at}` })),
      Tags: [{ Key: 'team', Value: `team-${index % teams}` }],
      ...(boundary !== undefined && {
        PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: arnOf(boundary) },
      }),
    };
    if (kind === 'user')
      users.push({ ...common, UserName: name, UserId: `AIDA${index}`, GroupList: [], UserPolicyList: inline });
    else {
      const service = index % 2 === 0 ? 'ec2.amazonaws.com' : 'lambda.amazonaws.com';
      roles.push({
        ...common,
        RoleName: name,
        RoleId: `AROA${index}`,
        RolePolicyList: inline,
        InstanceProfileList: [],
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } },
        },
      });
    }
  }
  const body: JsonObject = {
    UserDetailList: users,
    GroupDetailList: [],
    RoleDetailList: roles,
    Policies: managed.map((Document, index) => ({
      PolicyName: `managed-${index}`,
      Arn: arnOf(index),
      DefaultVersionId: 'v1',
      PolicyVersionList: [{ VersionId: 'v1', IsDefaultVersion: true, Document }],
    })),
  };
  const place = { account: ACCOUNT, region: 'global', service: 'iam', operation: 'GetAccountAuthorizationDetails' };
  const source = `${ACCOUNT}/global/iam/GetAccountAuthorizationDetails.json`;
  const snapshot = memorySnapshot({ answers: [{ ...place, source, body }] });
  return { snapshot, principals: [...documentsOf.keys()], documentsOf, boundaryOf };
}
