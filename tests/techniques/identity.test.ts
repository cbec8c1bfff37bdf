import { describe, expect, test } from 'vitest';
import { openAnalysis } from '../../src/main/analyze.js';
import type { JsonObject } from '../../src/model/index.js';
import { HERE, INSTANCE, on, operators, PROVISION, RESERVED, SET } from './examples/identity-center.js';
import { ACCOUNT, arn, type Miniature, miniature, roleArn, type Says, userArn } from './miniature.js';
import { reachedFrom } from './reached.js';

const ADMIN = `aws:admin/${ACCOUNT}`;
const ANN = userArn('ann');

/** Ann with some rights, beside others. */
const ann = (says: readonly string[], others: Miniature = {}): Miniature => ({
  ...others,
  users: { ann: { says, keys: ['AKIAANNANNANNANNANN1'] }, ...others.users },
});

describe('rewriting policies', () => {
  const cases: readonly (readonly [string, Miniature, string])[] = [
    ['put-user-policy', ann([`iam:PutUserPolicy on ${ANN}`]), ADMIN],
    ['attach-user-policy', ann([`iam:AttachUserPolicy on ${ANN}`]), ADMIN],
    [
      'put-group-policy',
      { users: { ann: { groups: ['team'] } }, groups: { team: { says: ['iam:PutGroupPolicy'] } } },
      ADMIN,
    ],
    [
      'attach-group-policy',
      { users: { ann: { groups: ['team'] } }, groups: { team: { says: ['iam:AttachGroupPolicy'] } } },
      ADMIN,
    ],
    [
      'add-user-to-group',
      ann(['iam:AddUserToGroup'], {
        groups: { admins: { attached: ['arn:aws:iam::aws:policy/AdministratorAccess'] } },
      }),
      ADMIN,
    ],
    [
      'create-policy-version',
      { users: { ann: { attached: ['team'] } }, policies: { team: [['iam:CreatePolicyVersion']] } },
      ADMIN,
    ],
    [
      'set-default-policy-version',
      { users: { ann: { attached: ['team'] } }, policies: { team: [['iam:SetDefaultPolicyVersion'], ['*']] } },
      ADMIN,
    ],
  ];
  test.each(cases)('%s makes an administrator', (technique, world, target) => {
    const { assets, steps } = reachedFrom(world, ANN);
    expect(assets.get(target)).toBe('admin confirmed');
    expect(steps.get(target)).toContain(technique);
  });

  const tempting: readonly (readonly [string, Miniature])[] = [
    [
      'an inline policy on somebody else gives nothing by itself',
      ann([`iam:PutUserPolicy on ${userArn('bob')}`], { users: { bob: {} } }),
    ],
    ['a boundary without the action', { users: { ann: { says: ['iam:PutUserPolicy'], boundary: ['s3:*'] } } }],
    [
      'a boundary that allows the action, but nothing else',
      { users: { ann: { says: ['iam:PutUserPolicy'], boundary: ['iam:PutUserPolicy', 's3:*'] } } },
    ],
    ['an explicit deny', { users: { ann: { says: ['iam:*', { Effect: 'Deny', Action: 'iam:*', Resource: '*' }] } } }],
    [
      'only a harmless policy may be attached',
      {
        users: {
          ann: {
            says: [
              {
                Effect: 'Allow',
                Action: 'iam:AttachUserPolicy',
                Resource: '*',
                Condition: { ArnEquals: { 'iam:PolicyARN': 'arn:aws:iam::aws:policy/ReadOnlyAccess' } },
              },
            ],
          },
        },
      },
    ],
    [
      'joining a group that has no rights',
      ann(['iam:AddUserToGroup'], { groups: { readers: { says: ['s3:GetObject'] } } }),
    ],
    [
      'rewriting a policy that nobody has',
      ann(['iam:CreatePolicyVersion'], { policies: { spare: [['s3:GetObject']] } }),
    ],
    [
      'rolling back to a version that is no stronger',
      {
        users: { ann: { attached: ['team'] } },
        policies: { team: [['iam:SetDefaultPolicyVersion'], ['s3:GetObject']] },
      },
    ],
    ['a group of which one is no member', ann(['iam:PutGroupPolicy'], { groups: { team: {} } })],
  ];
  test.each(tempting)('no administrator: %s', (_, world) => {
    expect([...reachedFrom(world, ANN).assets.keys()]).not.toContain(ADMIN);
  });

  test('an administrator policy that asks for MFA makes it depend', () => {
    const world: Miniature = {
      users: {
        ann: {
          says: [
            {
              Effect: 'Allow',
              Action: 'iam:PutUserPolicy',
              Resource: '*',
              Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
            },
          ],
        },
      },
    };
    expect(reachedFrom(world, ANN).assets.get(ADMIN)).toBe('admin conditional');
  });
});

describe('credentials of others', () => {
  const BOB = userArn('bob');
  const R = roleArn('strong');
  const bob = { users: { bob: {} } };
  const withPassword = { users: { bob: { password: true } } };
  const strong = { roles: { strong: { trust: 'ec2.amazonaws.com' } } };

  test.each([
    ['create-access-key', ann(['iam:CreateAccessKey'], bob), BOB],
    ['create-login-profile', ann(['iam:CreateLoginProfile'], bob), BOB],
    ['update-login-profile', ann(['iam:UpdateLoginProfile'], withPassword), BOB],
    ['update-assume-role-policy', ann(['iam:UpdateAssumeRolePolicy'], strong), R],
    ['assume-role', ann(['sts:AssumeRole'], { roles: { strong: { trust: 'root' } } }), R],
    ['assume-role', ann([], { roles: { strong: { trust: 'user/ann' } } }), R],
  ] as const)('%s', (technique, world, target) => {
    const { assets, steps } = reachedFrom(world, ANN);
    expect(assets.get(target)).toBe('control confirmed');
    expect(steps.get(target)).toEqual([technique]);
  });

  test.each([
    [
      'a user with two keys gets no third',
      ann(['iam:CreateAccessKey'], { users: { bob: { keys: ['AKIA1', 'AKIA2'] } } }),
      BOB,
    ],
    ['a first password for a user that has one', ann(['iam:CreateLoginProfile'], withPassword), BOB],
    ['another password for a user that has none', ann(['iam:UpdateLoginProfile'], bob), BOB],
    [
      'a service-linked role',
      ann(['iam:UpdateAssumeRolePolicy'], {
        roles: { linked: { trust: 'ecs.amazonaws.com', path: '/aws-service-role/ecs.amazonaws.com/' } },
      }),
      roleArn('aws-service-role/ecs.amazonaws.com/linked'),
    ],
    ['the trust names the account, but no policy lets Ann', ann([], { roles: { strong: { trust: 'root' } } }), R],
    ['the policy lets Ann, but the trust does not', ann(['sts:AssumeRole'], strong), R],
  ] as const)('not: %s', (_, world, target) => {
    expect([...reachedFrom(world, ANN).assets.keys()]).not.toContain(target);
  });

  test('two keys are no hindrance to one who may delete them', () => {
    const world = ann(['iam:CreateAccessKey', 'iam:DeleteAccessKey'], { users: { bob: { keys: ['AKIA1', 'AKIA2'] } } });
    expect(reachedFrom(world, ANN).assets.get(BOB)).toBe('control confirmed');
  });

  test('an external id that Ann may not know makes it depend', () => {
    const trust = { AWS: 'arn:aws:iam::999988887777:root' };
    const world: Miniature = { ...ann(['sts:AssumeRole']), roles: { strong: { trust } } };
    expect([...reachedFrom(world, ANN).assets.keys()]).not.toContain(R);
  });
});

describe('passing a role', () => {
  const pass = (says: readonly string[], trust: string, more: Partial<Miniature> = {}): Miniature =>
    ann(['iam:PassRole', ...says], { roles: { strong: { trust } }, ...more });
  const R = roleArn('strong');

  test.each([
    ['pass-role-lambda-function', pass(['lambda:CreateFunction', 'lambda:InvokeFunction'], 'lambda.amazonaws.com')],
    ['pass-role-glue-job', pass(['glue:CreateJob', 'glue:StartJobRun'], 'glue.amazonaws.com')],
    [
      'pass-role-sagemaker-notebook',
      pass(
        ['sagemaker:CreateNotebookInstance', 'sagemaker:CreatePresignedNotebookInstanceUrl'],
        'sagemaker.amazonaws.com',
      ),
    ],
    [
      'pass-role-ec2-instance',
      {
        ...pass(['ec2:RunInstances'], 'ec2.amazonaws.com'),
        roles: { strong: { trust: 'ec2.amazonaws.com', profile: true } },
      },
    ],
    [
      'pass-role-ec2-new-profile',
      pass(['ec2:RunInstances', 'iam:AddRoleToInstanceProfile', 'iam:CreateInstanceProfile'], 'ec2.amazonaws.com'),
    ],
  ] as const)('%s', (technique, world) => {
    const { assets, steps } = reachedFrom(world, ANN);
    expect(assets.get(R)).toBe('control confirmed');
    expect(steps.get(R)).toEqual([technique]);
  });

  test.each([
    [
      'the role does not trust the service',
      pass(['lambda:CreateFunction', 'lambda:InvokeFunction'], 'ec2.amazonaws.com'),
    ],
    ['nothing can be created', pass([], 'lambda.amazonaws.com')],
    [
      'the role may be passed to another service only',
      ann([], {
        users: {
          ann: {
            says: [
              'lambda:*',
              {
                Effect: 'Allow',
                Action: 'iam:PassRole',
                Resource: '*',
                Condition: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
              },
            ],
          },
        },
        roles: { strong: { trust: 'lambda.amazonaws.com' } },
      }),
    ],
    ['no instance profile holds the role', pass(['ec2:RunInstances'], 'ec2.amazonaws.com')],
    [
      'passing and creating are of two principals',
      {
        users: { ann: { says: ['iam:PassRole', 'sts:AssumeRole'] } },
        roles: {
          strong: { trust: 'lambda.amazonaws.com' },
          maker: { trust: 'user/ann', says: ['lambda:CreateFunction', 'lambda:InvokeFunction'] },
        },
      },
    ],
  ] as const)('not: %s', (_, world) => {
    expect([...reachedFrom(world, ANN).assets.keys()]).not.toContain(R);
  });

  test('the one who passes may leave the invoking to another principal', () => {
    const world: Miniature = {
      users: { ann: { says: ['iam:PassRole', 'lambda:CreateFunction'] } },
      roles: {
        strong: { trust: 'lambda.amazonaws.com' },
        caller: { trust: 'user/ann', says: ['lambda:InvokeFunction'] },
      },
    };
    const { steps } = reachedFrom(world, ANN);
    expect(steps.get(R)).toEqual(['assume-role', 'pass-role-lambda-function']);
  });

  test('a stack gives the effects of its role: administration where the role is an administrator', () => {
    const world: Miniature = {
      ...ann(['iam:PassRole', 'cloudformation:CreateStack']),
      roles: { strong: { trust: 'cloudformation.amazonaws.com', says: ['*'] } },
    };
    expect(reachedFrom(world, ANN).assets.get(`aws:admin/${ACCOUNT}`)).toBe('admin confirmed');
  });
});

describe('what a service does as a role', () => {
  const acting = (service: string, says: readonly string[], more: Miniature = {}): Miniature => ({
    users: {
      ann: { says: ['iam:PassRole', 'cloudformation:CreateStack', 'transfer:CreateServer', 'transfer:CreateUser'] },
    },
    roles: {
      builder: { trust: service, says },
      inner: { trust: 'root', says: ['s3:PutObject'] },
      far: { trust: 'lambda.amazonaws.com', says: ['*'] },
    },
    answers: { 'global/s3/ListBuckets': { Buckets: [{ Name: 'orders' }] } },
    ...more,
  });
  const CALLER = 'cloudformation.amazonaws.com';
  const BUCKET = 'arn:aws:s3:::orders';

  test('includes passing another role on, and assuming one', () => {
    const passing = reachedFrom(
      acting(CALLER, ['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction']),
      ANN,
    );
    expect(passing.steps.get(roleArn('far'))).toEqual(['pass-role-cloudformation-stack', 'pass-role-lambda-function']);
    const assuming = reachedFrom(acting(CALLER, ['sts:AssumeRole']), ANN);
    expect(assuming.assets.get(roleArn('inner'))).toBe('control confirmed');
  });

  test('includes reading, if the service shows it', () => {
    expect(reachedFrom(acting(CALLER, ['s3:GetObject']), ANN).assets.get(BUCKET)).toBe('read conditional');
    expect(reachedFrom(acting(CALLER, ['s3:PutObject']), ANN).assets.get(BUCKET)).toBe('write confirmed');
  });

  test('is what is in stores, where all that it does is to move that', () => {
    const mover = 'transfer.amazonaws.com';
    expect(reachedFrom(acting(mover, ['s3:GetObject']), ANN).assets.get(BUCKET)).toBe('read confirmed');
    const strong = reachedFrom(acting(mover, ['*']), ANN).assets;
    expect(strong.get(BUCKET)).toBe('read confirmed');
    expect(strong.has(ADMIN)).toBe(false);
    expect(strong.has(roleArn('far'))).toBe(false);
  });

  test('is nothing where the role trusts another service', () => {
    expect(reachedFrom(acting('lambda.amazonaws.com', ['s3:PutObject', 'sts:AssumeRole']), ANN).assets.size).toBe(0);
  });
});

test('ARNs of the miniature are what AWS writes', () => {
  expect(arn('ec2', 'instance/i-1')).toBe('arn:aws:ec2:us-east-1:111122223333:instance/i-1');
});

describe('tagging what a policy decides by', () => {
  const onTagged = {
    Effect: 'Allow',
    Action: 'iam:CreateAccessKey',
    Resource: '*',
    Condition: { StringEquals: { 'aws:ResourceTag/team': 'dev' } },
  };
  const BOB = userArn('bob');

  test('who may tag the user can make keys for it', () => {
    const world: Miniature = { users: { ann: { says: [onTagged, 'iam:TagUser'] }, bob: {} } };
    const { assets, steps } = reachedFrom(world, ANN);
    expect(assets.get(BOB)).toBe('control confirmed');
    expect(steps.get(BOB)).toEqual(['retag-resource', 'create-access-key']);
  });

  test('who may not tag it cannot', () => {
    const world: Miniature = { users: { ann: { says: [onTagged] }, bob: {} } };
    expect([...reachedFrom(world, ANN).assets.keys()]).not.toContain(BOB);
  });

  describe('where the tags that may be set are limited', () => {
    const tagUser = (operator: string, key: string, value: string): Says => ({
      Effect: 'Allow',
      Action: 'iam:TagUser',
      Resource: '*',
      Condition: { [operator]: { [key]: value } },
    });
    const onBob = (says: Says) =>
      reachedFrom({ users: { ann: { says: [onTagged, says] }, bob: {} } }, ANN).steps.get(BOB);

    test.each([
      ['tag', tagUser('ForAllValues:StringEquals', 'aws:TagKeys', 'team')],
      ['value', tagUser('StringEquals', 'aws:RequestTag/team', 'dev')],
    ])('to that %s, who may set it can', (_, says) => {
      expect(onBob(says)).toEqual(['retag-resource', 'create-access-key']);
    });

    test.each([
      ['tag', tagUser('ForAllValues:StringEquals', 'aws:TagKeys', 'cost-center')],
      ['value', tagUser('StringEquals', 'aws:RequestTag/team', 'qa')],
    ])('to another %s, who may set it cannot', (_, says) => {
      expect(onBob(says)).toBeUndefined();
    });

    test('to what is being made, nobody tags what is there', () => {
      const says: readonly Says[] = [
        { ...onTagged, Action: 'ssm:StartSession' },
        {
          Effect: 'Allow',
          Action: 'ec2:CreateTags',
          Resource: '*',
          Condition: { StringEquals: { 'ec2:CreateAction': 'RunInstances' } },
        },
      ];
      const answers = {
        'ssm/DescribeInstanceInformation': {
          InstanceInformationList: [{ InstanceId: 'i-other', PingStatus: 'Online' }],
        },
      };
      const world: Miniature = { users: { ann: { says } }, instances: { 'i-other': {} }, answers };
      expect([...reachedFrom(world, ANN).assets.keys()]).not.toContain(arn('ec2', 'instance/i-other'));
    });
  });

  describe('a tag that keeps the action off', () => {
    const unlessTagged = { ...onTagged, Condition: { StringNotEquals: { 'aws:ResourceTag/team': 'core' } } };
    const tags = { team: 'core' };
    const onBob = (says: readonly Says[]) =>
      reachedFrom({ users: { ann: { says }, bob: { tags } } }, ANN).steps.get(BOB);

    test('who may take it away can do the action then', () => {
      expect(onBob([unlessTagged, 'iam:UntagUser'])).toEqual(['retag-resource', 'create-access-key']);
    });

    test('who may change its value can too', () => {
      expect(onBob([unlessTagged, 'iam:TagUser'])).toEqual(['retag-resource', 'create-access-key']);
    });

    test.each([
      ['nobody changes it', [unlessTagged]],
      [
        'it may be taken away from what is tagged otherwise alone',
        [unlessTagged, { ...onTagged, Action: ['iam:UntagUser', 'iam:TagUser'] }],
      ],
      ['tags of others may be taken away', [unlessTagged, `iam:UntagUser on ${userArn('carol')}`]],
      ['taking it away does not give it the value that the policy asks for', [onTagged, 'iam:UntagUser']],
    ])('not where %s', (_, says) => {
      expect(onBob(says)).toBeUndefined();
    });
  });

  test('where the tag is there already, no tagging is needed', () => {
    const world: Miniature = { users: { ann: { says: [onTagged, 'iam:TagUser'] }, bob: { tags: { team: 'dev' } } } };
    expect(reachedFrom(world, ANN).steps.get(BOB)).toEqual(['create-access-key']);
  });
});

describe('users with a tag that says another name', () => {
  const BOB = userArn('bob');
  const world = (keys: readonly string[], says: readonly string[], password = false): Miniature => ({
    users: { ann: { says }, bob: { keys, password, tags: { Name: 'The builder' } } },
  });
  const two = ['AKIABOBBOBBOBBOBBOB1', 'AKIABOBBOBBOBBOBBOB2'];

  test('have the keys that IAM lists under their own name', () => {
    expect(reachedFrom(world(two.slice(1), ['iam:CreateAccessKey']), ANN).assets.get(BOB)).toBe('control confirmed');
    expect(reachedFrom(world(two, ['iam:CreateAccessKey']), ANN).assets.has(BOB)).toBe(false);
  });

  test('have the password that IAM lists under their own name', () => {
    expect(reachedFrom(world([], ['iam:UpdateLoginProfile'], true), ANN).assets.get(BOB)).toBe('control confirmed');
    expect(reachedFrom(world([], ['iam:UpdateLoginProfile']), ANN).assets.has(BOB)).toBe(false);
  });
});

test('what is said of one function is not said of another that is tagged with its name', () => {
  const functionArn = (name: string) => arn('lambda', `function:${name}`);
  const world: Miniature = {
    ...ann(['lambda:UpdateFunctionCode']),
    roles: { shop: { trust: 'lambda.amazonaws.com', says: ['s3:GetObject'] } },
    answers: {
      'global/s3/ListBuckets': { Buckets: [{ Name: 'orders' }] },
      'lambda/ListFunctions': {
        Functions: ['web', 'inner'].map((name) => ({
          FunctionName: name,
          FunctionArn: functionArn(name),
          Role: roleArn('shop'),
        })),
      },
      'lambda/ListTags': { [functionArn('inner')]: { Tags: { Name: 'web' } } },
      'lambda/GetFunctionUrlConfig': { web: { AuthType: 'NONE', FunctionUrl: 'https://a/' } },
      'api-gateway/GetRestApis': {},
      'apigatewayv2/GetApis': {},
    },
  };
  const entries = openAnalysis(miniature(world), { toolVersion: '0.0.0' })
    .report()
    .paths.map(({ entry }) => entry.id);
  expect(entries).toContain(functionArn('web'));
  expect(entries).not.toContain(functionArn('inner'));
});

describe('a permission set that AWS refused to describe', () => {
  const WRITE = 'sso:PutInlinePolicyToPermissionSet';
  const OTHER = `${SET}-3`;
  /** The role of Operators may rewrite and provision some sets; what the instance answers of its sets. */
  const access = (sets: readonly string[], answers: Readonly<Record<string, JsonObject>>): string | undefined => {
    const world = operators([
      on(WRITE, [INSTANCE, ...sets]),
      on('sso:ProvisionPermissionSet', [INSTANCE, HERE, ...sets]),
    ]);
    const { 'sso-admin/ListInstances': listed } = world.answers ?? {};
    return reachedFrom(
      { ...world, answers: { ...(listed && { 'sso-admin/ListInstances': listed }), ...answers } },
      RESERVED,
    ).assets.get(ADMIN);
  };
  const LISTED = { 'sso-admin/ListPermissionSets': { [INSTANCE]: { PermissionSets: [SET, OTHER] } } };
  const described = (...named: readonly (readonly [string, string])[]): Readonly<Record<string, JsonObject>> => ({
    ...LISTED,
    'sso-admin/DescribePermissionSet': Object.fromEntries(
      named.map(([set, Name]) => [set, { PermissionSet: { PermissionSetArn: set, Name } }]),
    ),
  });

  test('may give any role whose set is not known by name', () => {
    expect(reachedFrom(operators([on(WRITE, [INSTANCE, SET]), PROVISION]), RESERVED).assets.get(ADMIN)).toBe(
      'admin confirmed',
    );
    expect(access([SET], LISTED)).toBe('admin conditional');
    expect(access([OTHER], described([SET, 'Auditors']))).toBe('admin conditional');
  });

  test('gives none that another set is known to give', () => {
    expect(access([OTHER], described([SET, 'Operators']))).toBeUndefined();
    expect(access([OTHER], described([SET, 'Operators'], [OTHER, 'Auditors']))).toBeUndefined();
  });

  test('is among those of an instance whose sets were not listed', () => {
    expect(access([SET], {})).toBe('admin conditional');
    expect(access([SET], { 'sso-admin/ListPermissionSets': { [INSTANCE]: { PermissionSets: [] } } })).toBeUndefined();
    expect(access(['arn:aws:sso:::permissionSet/ssoins-9999/*'], {})).toBeUndefined();
  });
});
