import type { JsonObject } from '../src/model/index.js';
import type { WholeSnapshot } from '../src/snapshot/index.js';
import {
  arn,
  miniature,
  keyArn,
  type Miniature,
  type MiniatureRole,
  roleArn,
  userArn,
} from '../tests/techniques/miniature.js';
import { accountId, peered } from './peered-estate.js';

/** A kind of account in which a question could be asked for every pair of two lists that both grow. */
export interface Shape {
  readonly title: string;
  readonly estate: (count: number) => WholeSnapshot;
}

const each = <T>(count: number, entry: (index: number) => readonly [string, T]): Record<string, T> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => entry(index)));

/** An account with a host that the internet reaches, whose role is the first one, or may make the keys of the first user. */
const shape = (title: string, world: (count: number) => Miniature): Shape => ({
  title,
  estate: (count) => {
    const own = world(count);
    const web = { says: ['iam:CreateAccessKey on *-0', 'sts:AssumeRole'] };
    const roles: Readonly<Record<string, MiniatureRole>> = own.roles ?? { web };
    const [name = ''] = Object.keys(roles);
    const first = { ...roles[name], trust: 'ec2.amazonaws.com', profile: true };
    return miniature({
      ...own,
      roles: { ...roles, [name]: first },
      instances: { 'i-web': { role: name, open: true } },
    });
  },
});

const json = (...Statement: readonly JsonObject[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
const role = (index: number): string => `role-${index}`;
const allow = (Action: string, Resource: string, Condition?: JsonObject): JsonObject => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
});

function buckets(count: number, policy?: (index: number) => JsonObject): Record<string, JsonObject> {
  const name = (index: number): string => `bucket-${index}`;
  return {
    'global/s3/ListBuckets': { Buckets: Array.from({ length: count }, (_, index) => ({ Name: name(index) })) },
    's3/GetBucketLocation': each(count, (index) => [name(index), {}]),
    's3/GetBucketPolicy': each(policy ? count : 0, (index) => {
      const Statement = { ...allow('s3:GetObject', `arn:aws:s3:::${name(index)}/*`), ...policy?.(index) };
      return [name(index), { Policy: json(Statement) }];
    }),
  };
}

const secretArn = (index: number): string => arn('secretsmanager', `secret:secret-${index}-AbCdEf`);

function secrets(count: number, more: (index: number) => JsonObject = () => ({})): Record<string, JsonObject> {
  const SecretList = Array.from({ length: count }, (_, index) => ({
    ARN: secretArn(index),
    Name: `secret-${index}`,
    ...more(index),
  }));
  return {
    'secrets-manager/ListSecrets': { SecretList },
    'secrets-manager/GetResourcePolicy': each(count, (index) => [secretArn(index), {}]),
  };
}

const team = (index: number): JsonObject => ({ Tags: [{ Key: 'team', Value: `team-${index}` }] });

const named = (index: number, count: number): JsonObject => ({
  AWS: Array.from({ length: 10 }, (_, n) => roleArn(role((index + n + 1) % count))),
});

/** Accounts of an organization with a role and a policy each; the management account is the one of the host. */
const underPolicies = (count: number): Miniature => ({
  accounts: each(count, (index) => [
    accountId(index),
    { roles: { admin: { trust: 'root', says: ['*'] }, app: { trust: 'root', says: ['*'] } } },
  ]),
  answers: {
    'global/organizations/DescribeOrganization': { Organization: { Id: 'o-1', MasterAccountId: '111122223333' } },
    'global/organizations/ListRoots': {
      Roots: [{ Id: 'r-1', PolicyTypes: [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }] }],
    },
    'global/organizations/ListAccountsForParent': {
      'r-1': { Accounts: Array.from({ length: count }, (_, index) => ({ Id: accountId(index) })) },
    },
    'global/organizations/ListPoliciesForTarget': {
      'r-1/SERVICE_CONTROL_POLICY': { Policies: [{ Id: 'p-FullAWSAccess' }] },
      ...each(count, (index) => [
        `${accountId(index)}/SERVICE_CONTROL_POLICY`,
        { Policies: [{ Id: 'p-FullAWSAccess' }, { Id: `p-${index}` }] },
      ]),
    },
    'global/organizations/DescribePolicy': each(count, (index) => [
      `p-${index}`,
      {
        Policy: {
          PolicySummary: { Id: `p-${index}` },
          Content: json({
            Effect: 'Deny',
            Action: ['iam:*', 's3:*'],
            Resource: '*',
            Condition: { ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${accountId(index)}:role/admin` } },
          }),
        },
      },
    ]),
  },
});

const roles = (count: number, of: (index: number) => MiniatureRole): NonNullable<Miniature['roles']> =>
  each(count, (index) => [role(index), { trust: 'ec2.amazonaws.com', ...of(index) }]);

export const SHAPES: readonly Shape[] = [
  shape('roles that each name ten others in their trust', (count) => ({
    roles: roles(count, (index) => ({ trust: named(index, count), says: ['sts:AssumeRole'] })),
  })),
  shape('roles that trust the account, and may all be assumed', (count) => ({
    roles: roles(count, () => ({ trust: 'root', says: ['sts:AssumeRole'] })),
  })),
  shape('buckets whose policies each name a role', (count) => ({
    roles: roles(count, () => ({ trust: 'root' })),
    answers: buckets(count, (index) => ({ Principal: { AWS: roleArn(role(index)) } })),
  })),
  shape('buckets whose policies each compare aws:PrincipalArn', (count) => ({
    roles: roles(count, () => ({ trust: 'root' })),
    answers: buckets(count, (index) => ({
      Principal: '*',
      Condition: { ArnEquals: { 'aws:PrincipalArn': roleArn(role(index)) } },
    })),
  })),
  shape('buckets whose policies each compare aws:PrincipalTag', (count) => ({
    roles: roles(count, (index) => ({ trust: 'root', tags: { team: `team-${index}` } })),
    answers: buckets(count, (index) => ({
      Principal: { AWS: arn('iam', 'root') },
      Condition: { StringEquals: { 'aws:PrincipalTag/team': `team-${index}` } },
    })),
  })),
  shape('secrets for whoever has the same tag', (count) => ({
    roles: roles(count, (index) => ({ attached: ['own-team'], tags: { team: `team-${index}` } })),
    policies: {
      'own-team': [
        [
          allow('secretsmanager:GetSecretValue', '*', {
            StringEquals: { 'aws:ResourceTag/team': '${aws:PrincipalTag/team}' },
          }),
        ],
      ],
    },
    answers: secrets(count, team),
  })),
  shape('secrets that each are read by one role', (count) => ({
    roles: roles(count, (index) => ({ says: [`secretsmanager:GetSecretValue on ${secretArn(index)}`] })),
    answers: secrets(count),
  })),
  shape('keys with a grant each, and secrets under them', (count) => ({
    roles: roles(count, () => ({ says: ['secretsmanager:GetSecretValue'] })),
    keys: each(count, (index) => [`key-${index}`, {}]),
    answers: {
      ...secrets(count, (index) => ({ KmsKeyId: keyArn(`key-${index}`) })),
      'kms/ListGrants': each(count, (index) => [
        `key-${index}`,
        {
          Grants: [
            {
              GrantId: `g-${index}`,
              GranteePrincipal: roleArn(role(index)),
              Operations: ['Decrypt', 'GenerateDataKey'],
            },
          ],
        },
      ]),
    },
  })),
  shape('policies that the next role may rewrite', (count) => ({
    roles: roles(count, (index) => ({
      attached: [`policy-${index}`],
      says: [`iam:CreatePolicyVersion on ${arn('iam', `policy/policy-${(index + 1) % count}`)}`],
    })),
    policies: each(count, (index) => [`policy-${index}`, [[`s3:GetObject on arn:aws:s3:::bucket-${index}/*`]]]),
    answers: buckets(count),
  })),
  shape('users of groups of ten, who may join every group', (count) => ({
    users: each(count, (index) => [
      `user-${index}`,
      { keys: [`AKIA${index}`], groups: [`group-${Math.floor(index / 10)}`] },
    ]),
    groups: each(Math.ceil(count / 10), (index) => [
      `group-${index}`,
      { says: [`s3:GetObject on arn:aws:s3:::bucket-${index}/*`, 'iam:AddUserToGroup'] },
    ]),
    answers: buckets(Math.ceil(count / 10)),
  })),
  shape('users under boundaries of their own, which the next one may take away', (count) => ({
    users: each(count, (index) => [
      `user-${index}`,
      {
        keys: [`AKIA${index}`],
        boundary: [allow('iam:*', '*')],
        says: [
          `s3:GetObject on arn:aws:s3:::bucket-${index}/*`,
          `iam:DeleteUserPermissionsBoundary on ${userArn(`user-${index + 1}`)}`,
        ],
      },
    ]),
    answers: buckets(count),
  })),
  shape('users with the bucket of their name', (count) => ({
    users: each(count, (index) => [`bucket-${index}`, { keys: [`AKIA${index}`], attached: ['home'] }]),
    policies: { home: [[allow('s3:*', 'arn:aws:s3:::${aws:username}/*')]] },
    answers: buckets(count),
  })),
  shape('users whose keys one role each may make', (count) => ({
    users: each(count, (index) => [`user-${index}`, { says: [`s3:GetObject on arn:aws:s3:::bucket-${index}/*`] }]),
    roles: roles(count, (index) => ({ says: [`iam:CreateAccessKey on ${userArn(`user-${index}`)}`] })),
    answers: buckets(count),
  })),
  shape('roles that each pass another to a function', (count) => ({
    roles: roles(count, (index) => ({
      trust: 'lambda.amazonaws.com',
      says: ['lambda:CreateFunction', 'lambda:InvokeFunction', `iam:PassRole on ${roleArn(role((index + 1) % count))}`],
    })),
  })),
  shape('accounts whose roles trust the next one', (count) => ({
    accounts: each(count, (index) => [
      accountId(index),
      {
        roles: {
          app: {
            trust: { AWS: roleArn('app', accountId((index + 1) % count)) },
            says: [`sts:AssumeRole on ${roleArn('app', accountId((index + count - 1) % count))}`],
          },
        },
      },
    ]),
  })),
  shape('accounts under policies with conditions', underPolicies),
  { title: 'accounts whose networks peer in a row', estate: peered },
];
