import { describe, expect, it } from 'vitest';
import { buildAuthorizer, type Retagging } from '../../src/iam/index.js';
import type { Gap, Json, JsonObject } from '../../src/model/index.js';
import { type Answer, memorySnapshot } from '../../src/snapshot/index.js';

const A = '111122223333';
const role = (name: string) => `arn:aws:iam::${A}:role/${name}`;
const user = (name: string) => `arn:aws:iam::${A}:user/${name}`;
const allow = (Action: Json, Resource: Json = '*', more: JsonObject = {}): JsonObject => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const deny = (Action: Json, Resource: Json = '*', more: JsonObject = {}): JsonObject => ({
  Effect: 'Deny',
  Action,
  Resource,
  ...more,
});
const doc = (...Statement: JsonObject[]): JsonObject => ({ Version: '2012-10-17', Statement });
const trusts = (Principal: Json, more: JsonObject = {}): JsonObject =>
  doc({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...more });

const answer = (region: string, service: string, operation: string, body: JsonObject): Answer => ({
  account: A,
  region,
  service,
  operation,
  source: `${A}/${region}/${service}/${operation}.json`,
  body,
});

function aUser(name: string, policy: JsonObject, more: JsonObject = {}): JsonObject {
  return {
    UserName: name,
    UserId: `AIDA${name}`,
    Arn: user(name),
    UserPolicyList: [{ PolicyName: 'own', PolicyDocument: policy }],
    ...more,
  };
}

function aRole(name: string, trust: JsonObject, policy: JsonObject, more: JsonObject = {}): JsonObject {
  return {
    RoleName: name,
    RoleId: `AROA${name}`,
    Arn: role(name),
    AssumeRolePolicyDocument: JSON.stringify(trust),
    RolePolicyList: [{ PolicyName: 'own', PolicyDocument: encodeURIComponent(JSON.stringify(policy)) }],
    ...more,
  };
}

const authorizer = (iam: JsonObject, answers: readonly Answer[] = [], gaps: readonly Gap[] = []) =>
  buildAuthorizer(
    memorySnapshot({
      answers: [answer('global', 'iam', 'GetAccountAuthorizationDetails', iam), ...answers],
      gaps,
      collectedAt: '2026-06-01T00:00:00Z',
    }),
  );

describe('evaluate', () => {
  const can = (policy: JsonObject, action: string, resource = '*', more: JsonObject = {}) =>
    authorizer({ UserDetailList: [aUser('ann', policy, more)] }).evaluate({ principal: user('ann'), action, resource });

  it('says unknown while an attached policy was not collected, but for what is denied anyway', () => {
    const missing = { AttachedManagedPolicies: [{ PolicyArn: 'arn:aws:iam::aws:policy/Some' }] };
    expect(can(doc(), 's3:ListAllMyBuckets', '*', missing)).toMatchObject({
      verdict: 'unknown',
      conditions: [{ key: 'arn:aws:iam::aws:policy/Some', operator: 'Known' }],
    });
    expect(can(doc(deny('s3:*')), 's3:ListAllMyBuckets', '*', missing).verdict).toBe('explicit-deny');
  });

  it('reads group policies', () => {
    const iam = {
      UserDetailList: [aUser('ann', doc(), { GroupList: ['devs'] })],
      GroupDetailList: [
        {
          GroupName: 'devs',
          Arn: `arn:aws:iam::${A}:group/devs`,
          GroupPolicyList: [{ PolicyName: 'g', PolicyDocument: doc(allow('s3:*')) }],
        },
      ],
    };
    const verdict = authorizer(iam).evaluate({ principal: user('ann'), action: 's3:ListAllMyBuckets' });
    expect(verdict).toMatchObject({
      verdict: 'allowed',
      decidedBy: [{ policy: `arn:aws:iam::${A}:group/devs#g`, statement: '0' }],
    });
  });

  it('knows of multi-factor authentication what the credentials can carry', () => {
    const iam = {
      UserDetailList: [
        aUser('needs', doc(allow('s3:*', '*', { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }))),
        aUser(
          'broken-guard',
          doc(allow('s3:*', '*', { Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } } })),
        ),
      ],
      RoleDetailList: [
        aRole(
          'web',
          trusts({ Service: 'ec2.amazonaws.com' }),
          doc(allow('s3:*', '*', { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } })),
        ),
      ],
    };
    const verdict = (principal: string) =>
      authorizer(iam).evaluate({ principal, action: 's3:ListAllMyBuckets' }).verdict;
    expect(verdict(user('needs'))).toBe('depends');
    expect(verdict(user('broken-guard'))).toBe('allowed');
    expect(verdict(role('web'))).toBe('implicit-deny');
  });

  it('takes the time from when the snapshot was made', () => {
    const until = (time: string) =>
      doc(allow('s3:*', '*', { Condition: { DateLessThan: { 'aws:CurrentTime': time } } }));
    const from = (time: string) =>
      doc(allow('s3:*', '*', { Condition: { DateGreaterThan: { 'aws:CurrentTime': time } } }));
    expect(can(from('2020-01-01T00:00:00Z'), 's3:ListAllMyBuckets').verdict).toBe('allowed');
    expect(can(until('2020-01-01T00:00:00Z'), 's3:ListAllMyBuckets').verdict).toBe('implicit-deny');
    expect(can(until('2030-01-01T00:00:00Z'), 's3:ListAllMyBuckets').verdict).toBe('allowed');
  });

  it('looks for a name that serves, where the name is open', () => {
    const named = doc(
      allow('lambda:CreateFunction', `arn:aws:lambda:*:${A}:function:dev-*`),
      deny('lambda:*', `arn:aws:lambda:*:${A}:function:dev-x*`),
    );
    const open = `arn:aws:lambda:us-east-1:${A}:function:*`;
    expect(can(named, 'lambda:CreateFunction', open).verdict).toBe('allowed');
    expect(can(named, 'lambda:CreateFunction', `arn:aws:lambda:us-east-1:${A}:function:prod-*`).verdict).toBe(
      'implicit-deny',
    );
    expect(can(doc(allow('*'), deny('lambda:*')), 'lambda:CreateFunction', open).verdict).toBe('explicit-deny');
  });

  it('knows tags, and leaves them open where they may be rewritten', () => {
    const iam = {
      UserDetailList: [
        aUser(
          'ann',
          doc(
            allow('iam:CreateAccessKey', '*', {
              Condition: { StringEquals: { 'iam:ResourceTag/team': '${aws:PrincipalTag/team}' } },
            }),
          ),
          {
            Tags: [{ Key: 'team', Value: 'red' }],
          },
        ),
        aUser('red', doc(), { Tags: [{ Key: 'Team', Value: 'red' }] }),
        aUser('blue', doc(), { Tags: [{ Key: 'team', Value: 'blue' }] }),
      ],
    };
    const ask = (resource: string, retagged?: Retagging) =>
      authorizer(iam).evaluate({
        principal: user('ann'),
        action: 'iam:CreateAccessKey',
        resource,
        ...(retagged && { retagged }),
      }).verdict;
    expect([ask(user('red')), ask(user('blue')), ask(user('blue'), 'set'), ask(user('blue'), 'removed')]).toEqual([
      'allowed',
      'implicit-deny',
      'allowed',
      'implicit-deny',
    ]);
  });
});

describe('the organization', () => {
  const iam = { UserDetailList: [aUser('ann', doc(allow('*')))] };
  const tree = (content: JsonObject | undefined) => [
    answer('global', 'organizations', 'DescribeOrganization', {
      Organization: { Id: 'o-1', MasterAccountId: '999988887777' },
    }),
    answer('global', 'organizations', 'ListRoots', {
      Roots: [{ Id: 'r-1', PolicyTypes: [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }] }],
    }),
    answer('global', 'organizations', 'ListAccountsForParent', { 'r-1': { Accounts: [{ Id: A }] } }),
    answer('global', 'organizations', 'ListPoliciesForTarget', {
      'r-1/SERVICE_CONTROL_POLICY': { Policies: [{ Id: 'p-FullAWSAccess' }, { Id: 'p-1' }] },
      [`${A}/SERVICE_CONTROL_POLICY`]: { Policies: [{ Id: 'p-FullAWSAccess' }] },
    }),
    answer(
      'global',
      'organizations',
      'DescribePolicy',
      content ? { 'p-1': { Policy: { PolicySummary: { Id: 'p-1' }, Content: JSON.stringify(content) } } } : {},
    ),
  ];
  const ask = (answers: readonly Answer[], action = 's3:ListAllMyBuckets') =>
    authorizer(iam, answers).evaluate({ principal: user('ann'), action });

  it('denies by a policy at the root, and nothing else', () => {
    expect(ask(tree(doc(deny('s3:*')))).verdict).toBe('explicit-deny');
    expect(ask(tree(doc(deny('s3:*'))), 'ec2:DescribeInstances').verdict).toBe('allowed');
  });

  it('leaves open what a policy says that was not collected', () => {
    expect(ask(tree(undefined))).toMatchObject({ verdict: 'unknown', conditions: [{ key: 'p-1' }] });
  });

  it('is said to be missing where nothing of it was collected', () => {
    const answer = ask([]);
    expect(answer.verdict).toBe('allowed');
    expect(answer.notes.join()).toContain('were not collected: judged as if there were none');
  });
});

describe('isAdministrator', () => {
  const POWER = [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }];
  const attach = (name: string) =>
    allow('iam:AttachUserPolicy', '*', {
      Condition: { ArnEquals: { 'iam:PolicyARN': `arn:aws:iam::aws:policy/${name}` } },
    });
  const iam = {
    UserDetailList: [
      aUser('admin', doc(allow('*'))),
      aUser('admin-but', doc(allow('*'), deny('cloudtrail:StopLogging'))),
      aUser('power', doc({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' })),
      aUser('power-reader', doc(...POWER, attach('ReadOnlyAccess'))),
      aUser('power-lifter', doc(...POWER, attach('IAMFullAccess'))),
      aUser('power-maker', doc(...POWER, attach('ReadOnlyAccess'), allow(['iam:CreateUser', 'iam:CreateAccessKey']))),
      aUser('reader', doc(allow(['s3:Get*', 'iam:Get*', 'ec2:Describe*']))),
      aUser('capped', doc(allow('*')), {
        PermissionsBoundary: { PermissionsBoundaryArn: `arn:aws:iam::${A}:policy/cap` },
      }),
      aUser('with-mfa', doc(allow('*', '*', { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }))),
    ],
    Policies: [
      {
        Arn: `arn:aws:iam::${A}:policy/cap`,
        DefaultVersionId: 'v1',
        PolicyVersionList: [{ VersionId: 'v1', Document: doc(allow('s3:*')) }],
      },
    ],
  };
  const engine = authorizer(iam);
  it.each([
    ['admin', false, 'allowed'],
    ['admin-but', false, 'allowed'],
    ['power', false, 'implicit-deny'],
    ['power-reader', false, 'implicit-deny'],
    ['power-lifter', false, 'allowed'],
    ['power-maker', false, 'implicit-deny'],
    ['power-reader', true, 'allowed'],
    ['reader', false, 'implicit-deny'],
    ['reader', true, 'allowed'],
    ['capped', false, 'implicit-deny'],
    ['capped', true, 'implicit-deny'],
    ['with-mfa', false, 'depends'],
  ] as const)('%s (elevated: %s): %s', (name, elevated, verdict) => {
    expect(engine.isAdministrator(user(name), { elevated }).verdict).toBe(verdict);
  });
});

describe('openings', () => {
  const bucketPolicy = (...statements: JsonObject[]) =>
    answer('us-east-1', 's3', 'GetBucketPolicy', { data: { Policy: JSON.stringify(doc(...statements)) } });
  const everybody = { Principal: '*', ...allow('s3:GetObject', 'arn:aws:s3:::data/*') };
  const ownBlock = answer('us-east-1', 's3', 'GetPublicAccessBlock', { data: {} });
  const open = (answers: readonly Answer[], resource = 'arn:aws:s3:::data', iam: JsonObject = {}) =>
    authorizer(iam, answers)
      .openings(resource)
      .map(({ to, who, actions }) => `${to} ${who} ${actions.join()}`);

  it('finds the public, and not where access is blocked', () => {
    const block = (config: JsonObject) =>
      answer('global', 's3-control', 'GetPublicAccessBlock', { [A]: { PublicAccessBlockConfiguration: config } });
    expect(open([bucketPolicy(everybody), block({}), ownBlock])).toEqual(['public  s3:GetObject']);
    // Whether the public is kept out was not collected: AWS's services never are.
    expect(open([bucketPolicy(everybody)])).toEqual(['public  s3:GetObject', 'service * s3:GetObject']);
    expect(open([bucketPolicy(everybody), block({ RestrictPublicBuckets: true })])).toEqual(['service * s3:GetObject']);
    expect(open([bucketPolicy(everybody, { Principal: '*', ...deny('s3:*') })])).toEqual([]);
  });

  it('tells the organization and accounts from the public', () => {
    expect(
      open([bucketPolicy({ ...everybody, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } })]),
    ).toEqual(['organization o-1 s3:GetObject']);
    expect(open([bucketPolicy({ ...everybody, Principal: { AWS: ['444455556666', A] } })])).toEqual([
      'account 444455556666 s3:GetObject',
    ]);
  });

  it('reads access control lists', () => {
    const acl = (uri: string) =>
      answer('us-east-1', 's3', 'GetBucketAcl', {
        data: {
          Grants: [{ Grantee: { Type: 'Group', URI: `http://acs.amazonaws.com/groups/${uri}` }, Permission: 'READ' }],
        },
      });
    expect(open([acl('global/AllUsers')])[0]).toContain('public  s3:ListBucket');
    expect(open([acl('s3/LogDelivery')])).toEqual([]);
  });

  it('reads role trust: everybody, an identity provider, a service', () => {
    const roles = (principal: Json) => ({ RoleDetailList: [aRole('r', trusts(principal), doc())] });
    expect(open([], role('r'), roles({ AWS: '*' }))).toEqual(['public  sts:AssumeRole']);
    expect(open([], role('r'), roles({ Service: 'ec2.amazonaws.com' }))).toEqual([
      'service ec2.amazonaws.com sts:AssumeRole',
    ]);
    expect(open([], role('r'), roles({ AWS: user('ann') }))).toEqual([]);
  });
});

describe('grants to principals of equal policies', () => {
  const NAMES = ['ann', 'bob', 'cat'];
  const object = (bucket: string): string => `arn:aws:s3:::${bucket}/*`;
  const grants = (policy: JsonObject, ...statements: readonly JsonObject[]) => {
    const Policy = JSON.stringify(doc(...statements));
    const engine = authorizer({ UserDetailList: NAMES.map((name) => aUser(name, policy)) }, [
      answer('global', 's3', 'ListBuckets', { Buckets: [{ Name: 'data' }] }),
      answer('us-east-1', 's3', 'GetBucketPolicy', { data: { Policy } }),
    ]);
    return engine.grants({ action: 's3:GetObject', principals: NAMES.map(user), resources: [object('data')] });
  };
  const names = (...statements: Parameters<typeof grants>) =>
    grants(...statements).map(({ principals }) => principals.map((id) => id.slice(id.lastIndexOf('/') + 1)).join());
  const on = (Principal: Json, statement: JsonObject): JsonObject => ({ Principal, ...statement });
  const gives = (name: string) => on({ AWS: user(name) }, allow('s3:GetObject', object('data')));

  it('are one where the bucket names one of those who may anyway', () => {
    expect(names(doc(allow('s3:*')), gives('bob'))).toEqual(['ann,bob,cat']);
  });

  it('are to the one whom the bucket names where the others may not', () => {
    expect(names(doc(), gives('bob'))).toEqual(['bob']);
  });

  it('are not to the one whom the bucket denies, named or by a condition on who asks', () => {
    const denies = deny('s3:*', object('data'));
    const byName = { Condition: { ArnEquals: { 'aws:PrincipalArn': user('bob') } } };
    expect(names(doc(allow('s3:*')), on({ AWS: user('bob') }, denies))).toEqual(['ann,cat']);
    expect(names(doc(allow('s3:*')), on('*', { ...denies, ...byName }))).toEqual(['ann,cat']);
    expect(names(doc(allow('s3:*')), gives('cat'), on({ AWS: user('cat') }, denies))).toEqual(['ann,bob']);
  });

  it('are to whom a condition on who asks lets in', () => {
    const likeAnn = { Condition: { StringLike: { 'aws:username': ['a*', 'c*'] } } };
    expect(names(doc(), on('*', allow('s3:GetObject', object('data'), likeAnn)))).toEqual(['ann,cat']);
  });

  it('are to those whose own policies speak of it, where the bucket leaves it to the account', () => {
    const account = on({ AWS: `arn:aws:iam::${A}:root` }, allow('s3:GetObject', object('data')));
    expect(names(doc(allow('s3:*', object('data'))), account)).toEqual(['ann,bob,cat']);
    expect(names(doc(allow('s3:*', object('other'))), account)).toEqual([]);
  });

  it('are few where each of many buckets names one', () => {
    const users = Array.from({ length: 30 }, (_, i) => `u${i}`);
    const engine = authorizer({ UserDetailList: users.map((name) => aUser(name, doc(allow('s3:*')))) }, [
      answer('global', 's3', 'ListBuckets', { Buckets: users.map((Name) => ({ Name })) }),
      answer(
        'us-east-1',
        's3',
        'GetBucketPolicy',
        Object.fromEntries(
          users.map((name) => {
            const statement = on({ AWS: user(name) }, allow('s3:GetObject', object(name)));
            return [name, { Policy: JSON.stringify(doc(statement)) }];
          }),
        ),
      ),
    ]);
    const found = engine.grants({
      action: 's3:GetObject',
      principals: users.map(user),
      resources: users.map(object),
    });
    // The bucket of the one who stands for them all is told apart.
    expect(found.map(({ principals, resources }) => [principals.length, resources.length])).toEqual([
      [30, 1],
      [30, 29],
    ]);
  });
});

describe('grants by the tags of resources', () => {
  const secret = (name: string) => `arn:aws:secretsmanager:us-east-1:${A}:secret:${name}-AbCdEf`;
  const tagged = (operator: string, name: string, value: string) => ({
    Condition: { [operator]: { [`aws:ResourceTag/${name}`]: value } },
  });
  const engine = (condition: JsonObject) =>
    authorizer({ UserDetailList: [aUser('ann', doc(allow('secretsmanager:*', '*', condition)))] }, [
      answer('us-east-1', 'secrets-manager', 'ListSecrets', {
        SecretList: [
          { ARN: secret('red'), Name: 'red', Tags: [{ Key: 'Team', Value: 'red' }] },
          { ARN: secret('blue'), Name: 'blue', Tags: [{ Key: 'team', Value: 'blue' }] },
          { ARN: secret('bare'), Name: 'bare', Tags: [] },
        ],
      }),
    ]);
  const readable = (condition: JsonObject) =>
    engine(condition)
      .grants({
        action: 'secretsmanager:GetSecretValue',
        principals: [user('ann')],
        resources: ['red', 'blue', 'bare'].map(secret),
      })
      .flatMap(({ resources }) => resources.map((arn) => /secret:(.*)-/.exec(arn)?.[1]));

  it('are on those that have the tag which is asked for', () => {
    expect(readable(tagged('StringEquals', 'team', 'red'))).toEqual(['red']);
    expect(readable(tagged('StringEquals', 'team', 'r*'))).toEqual([]);
    expect(readable(tagged('StringLike', 'team', 'r*'))).toEqual(['red']);
    expect(readable(tagged('StringNotEquals', 'team', 'red'))).toEqual(['bare', 'blue']);
    expect(readable(tagged('StringEqualsIfExists', 'team', 'red'))).toEqual(['bare', 'red']);
  });
});

describe('anything at all', () => {
  it('is read without a crash', () => {
    const odd: Json[] = [
      null,
      7,
      'x',
      [],
      {},
      [null],
      [{}],
      { Arn: 5 },
      [{ Arn: 'arn:aws:iam::1:user/x', UserPolicyList: [{ PolicyDocument: 3 }] }],
    ];
    for (const value of odd) {
      const engine = authorizer({
        UserDetailList: value,
        RoleDetailList: value,
        GroupDetailList: value,
        Policies: value,
      });
      expect(engine.evaluate({ principal: user('nobody'), action: 's3:GetObject' }).verdict).toBe('unknown');
      expect(engine.evaluate({ principal: 'what', action: '' }).verdict).toBe('unknown');
    }
  });
});
