import * as fc from 'fast-check';
import { field, type Json, type JsonObject, objects, text } from '../../../src/model/index.js';
import { memorySnapshot, type Answer, type Snapshot } from '../../../src/snapshot/index.js';
import { FAMILIES, type Family, FOREIGN, HOME } from './alphabet.js';
import { drawPolicy } from './policy-arbitraries.js';

/** A snapshot of two small accounts, with questions that their policies are about. */
export interface Estate {
  readonly snapshot: Snapshot;
  readonly principals: readonly string[];
  readonly questions: readonly { readonly action: string; readonly resources: readonly string[] }[];
}

const REGION = 'us-east-1';
const OWNERS = ['ann', 'Ann', 'bob'];

const subset = <T>(items: readonly T[], most = items.length): fc.Arbitrary<T[]> =>
  fc.subarray([...items], { maxLength: Math.min(most, items.length) });

const drawTags: fc.Arbitrary<Json> = fc.oneof(
  fc.constant<Json>([]),
  fc.constantFrom(...OWNERS).map((Value): Json => [{ Key: 'owner', Value }]),
);

const inline = (policies: fc.Arbitrary<JsonObject>): fc.Arbitrary<Json> =>
  fc
    .array(policies, { maxLength: 1 })
    .map((documents) => documents.map((PolicyDocument, index) => ({ PolicyName: `inline-${index}`, PolicyDocument })));

const bounded = (PermissionsBoundary: Json | undefined): JsonObject =>
  PermissionsBoundary === undefined ? {} : { PermissionsBoundary };

/** GetAccountAuthorizationDetails of an account with three managed policies, a group, three users and three roles. */
function drawDetails(account: string, families: readonly Family[]): fc.Arbitrary<JsonObject> {
  const policy = fc.constantFrom(...families).chain((family) => drawPolicy(family, 'identity', 2, 2));
  const sts = FAMILIES.find(({ service }) => service === 'sts') as Family;
  const managed = [0, 1, 2].map((index) => `arn:aws:iam::${account}:policy/managed-${index}`);
  const attached = subset(managed, 2).map(
    (arns): Json => arns.map((PolicyArn) => ({ PolicyArn, PolicyName: PolicyArn.split('/')[1] ?? '' })),
  );
  const bound = fc
    .constantFrom(...managed)
    .map((PermissionsBoundaryArn): Json => ({ PermissionsBoundaryArn, PermissionsBoundaryType: 'Policy' }));
  const boundary = fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: bound });
  const common = fc.record({ policies: inline(policy), attached, boundary, tags: drawTags });
  const user = (path: string, name: string): fc.Arbitrary<Json> =>
    fc.tuple(common, subset(['staff'])).map(([drawn, groups]) => ({
      Path: path,
      UserName: name,
      UserId: `AIDA${name.toUpperCase()}${account}`,
      Arn: `arn:aws:iam::${account}:user${path}${name}`,
      GroupList: groups,
      UserPolicyList: drawn.policies,
      AttachedManagedPolicies: drawn.attached,
      Tags: drawn.tags,
      ...bounded(drawn.boundary),
    }));
  const role = (path: string, name: string): fc.Arbitrary<Json> =>
    fc.tuple(common, drawPolicy(sts, 'trust', 2, 2)).map(([drawn, AssumeRolePolicyDocument]) => ({
      Path: path,
      RoleName: name,
      RoleId: `AROA${name.toUpperCase()}${account}`,
      Arn: `arn:aws:iam::${account}:role${path}${name}`,
      AssumeRolePolicyDocument,
      RolePolicyList: drawn.policies,
      AttachedManagedPolicies: drawn.attached,
      InstanceProfileList: [],
      Tags: drawn.tags,
      ...bounded(drawn.boundary),
    }));
  return fc
    .record({
      documents: fc.tuple(policy, policy, policy),
      group: fc.tuple(inline(policy), attached),
      users: fc.tuple(user('/', 'ann'), user('/team/', 'bob'), user('/', 'cyd')),
      roles: fc.tuple(role('/', 'app'), role('/team/', 'ops'), role('/team/', 'deploy')),
    })
    .map(({ documents, group: [policies, attachments], users, roles }) => ({
      UserDetailList: users,
      GroupDetailList: [
        {
          Path: '/',
          GroupName: 'staff',
          GroupId: `AGPA${account}`,
          Arn: `arn:aws:iam::${account}:group/staff`,
          GroupPolicyList: policies,
          AttachedManagedPolicies: attachments,
        },
      ],
      RoleDetailList: roles,
      Policies: documents.map((Document, index) => ({
        PolicyName: `managed-${index}`,
        Arn: managed[index] ?? '',
        DefaultVersionId: 'v1',
        PolicyVersionList: [{ VersionId: 'v1', IsDefaultVersion: true, Document }],
      })),
    }));
}

const answer = (account: string, region: string, service: string, operation: string, body: JsonObject): Answer => ({
  account,
  region,
  service,
  operation,
  source: `${account}/${region}/${service}/${operation}.json`,
  body,
});

const BUCKETS = [
  [HOME, 'data'],
  [HOME, 'data-2'],
  [FOREIGN, 'lake'],
] as const;
const SECRET = 'arn:aws:secretsmanager:us-east-1:444455556666:secret:db-AbCdEf';
const KEY = 'arn:aws:kms:us-east-1:111122223333:key/1234';

const GRANTEES = [`arn:aws:iam::${HOME}:user/ann`, `arn:aws:iam::${HOME}:role/app`, `arn:aws:iam::${FOREIGN}:user/ann`];

const maybe = (answers: fc.Arbitrary<Answer[]>): fc.Arbitrary<Answer[]> =>
  fc.oneof({ weight: 3, arbitrary: answers }, { weight: 1, arbitrary: fc.constant<Answer[]>([]) });

const familyOf = (service: string, account: string): Family =>
  FAMILIES.find((family) => family.service === service && family.account === account) as Family;

const ownPolicy = (service: string, account: string): fc.Arbitrary<string> =>
  drawPolicy(familyOf(service, account), 'resource', 2).map((document) => JSON.stringify(document));

/** Answers that state the resources' own policies; some are missing, as where collecting them was refused. */
function drawResourceAnswers(): fc.Arbitrary<readonly Answer[]> {
  const buckets = fc
    .tuple(...BUCKETS.map(([account]) => fc.option(ownPolicy('s3', account), { nil: undefined, freq: 2 })))
    .map((policies) =>
      [HOME, FOREIGN].flatMap((account) => {
        const mine = BUCKETS.flatMap(([owner, name], index) =>
          owner === account ? [[name, policies[index]] as const] : [],
        );
        return [
          answer(account, 'global', 's3', 'ListBuckets', { Buckets: mine.map(([Name]) => ({ Name })) }),
          answer(
            account,
            REGION,
            's3',
            'GetBucketPolicy',
            Object.fromEntries(mine.flatMap(([name, Policy]) => (Policy === undefined ? [] : [[name, { Policy }]]))),
          ),
        ];
      }),
    );
  const grants = subset(GRANTEES, 2).map(
    (arns): Json =>
      arns.map((GranteePrincipal) => ({ GrantId: GranteePrincipal, GranteePrincipal, Operations: ['Decrypt'] })),
  );
  const key = fc
    .tuple(ownPolicy('kms', HOME), grants)
    .map(([Policy, Grants]) => [
      answer(HOME, REGION, 'kms', 'ListKeys', { Keys: [{ KeyId: '1234', KeyArn: KEY }] }),
      answer(HOME, REGION, 'kms', 'GetKeyPolicy', { '1234': { Policy } }),
      answer(HOME, REGION, 'kms', 'ListGrants', { '1234': { Grants } }),
    ]);
  const secret = fc
    .tuple(ownPolicy('secretsmanager', FOREIGN), drawTags)
    .map(([ResourcePolicy, Tags]) => [
      answer(FOREIGN, REGION, 'secrets-manager', 'ListSecrets', { SecretList: [{ ARN: SECRET, Name: 'db', Tags }] }),
      answer(FOREIGN, REGION, 'secrets-manager', 'GetResourcePolicy', { [SECRET]: { ARN: SECRET, ResourcePolicy } }),
    ]);
  return fc.tuple(maybe(buckets), maybe(key), maybe(secret)).map((answers) => answers.flat());
}

const WILDCARDS = new Map([
  ['s3', ['arn:aws:s3:::data/*', 'arn:aws:s3:::data-2/x.txt']],
  [
    'sts',
    [HOME, FOREIGN].flatMap((account) => ['app', 'team/ops'].map((name) => `arn:aws:iam::${account}:role/${name}`)),
  ],
  ['iam', [`arn:aws:iam::${HOME}:role/app`, `arn:aws:iam::${FOREIGN}:role/app`]],
  ['ec2', [`arn:aws:ec2:us-east-1:${HOME}:instance/i-0b`, `arn:aws:ec2:us-east-1:${FOREIGN}:instance/*`]],
]);

function questionsOf(family: Family): Estate['questions'] {
  return family.requests.map(([action, resource]) => {
    if (resource === '*') return { action, resources: ['*'] };
    const alike = family.requests
      .filter(([other]) => other.toLowerCase() === action.toLowerCase())
      .map(([, one]) => one);
    const more = family.service === 's3' && family.account === FOREIGN ? [] : (WILDCARDS.get(family.service) ?? []);
    return { action, resources: [...new Set([resource, ...alike, ...more])] };
  });
}

export function drawEstate(): fc.Arbitrary<Estate> {
  return fc.uniqueArray(fc.constantFrom(...FAMILIES), { minLength: 1, maxLength: 2 }).chain((families) =>
    fc
      .tuple(
        drawDetails(HOME, families),
        fc.option(drawDetails(FOREIGN, families), { nil: undefined, freq: 3 }),
        drawResourceAnswers(),
      )
      .map(([home, foreign, resources]) => {
        const details = [
          answer(HOME, 'global', 'iam', 'GetAccountAuthorizationDetails', home),
          ...(foreign === undefined
            ? []
            : [answer(FOREIGN, 'global', 'iam', 'GetAccountAuthorizationDetails', foreign)]),
        ];
        const arns = details.flatMap(({ body }) =>
          [body['UserDetailList'], body['RoleDetailList']].flatMap((list) =>
            objects(list).flatMap((entry) => text(field(entry, 'Arn')) ?? []),
          ),
        );
        return {
          snapshot: memorySnapshot({ answers: [...details, ...resources] }),
          principals: arns,
          questions: families.flatMap(questionsOf),
        };
      }),
  );
}
