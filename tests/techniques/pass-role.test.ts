import { describe, expect, test } from 'vitest';
import { openAnalysis } from '../../src/main/analyze.js';
import type { JsonObject } from '../../src/model/index.js';
import { memorySnapshot } from '../../src/snapshot/index.js';
import { ACCOUNT, arn, type Miniature, miniature, roleArn, type Says, userArn } from './miniature.js';
import { reachedFrom } from './reached.js';

const ANN = userArn('ann');
const STRONG = roleArn('strong');
const PASS = `iam:PassRole on ${STRONG}`;
const named = (name: string): string => arn('lambda', `function:${name}`);
const create = (name: string): string => `lambda:CreateFunction on ${named(name)}`;
const invoke = (name: string): string => `lambda:InvokeFunction on ${named(name)}`;

const world = (says: readonly Says[], more: Miniature = {}): Miniature => ({
  ...more,
  users: { ann: { says: [PASS, ...says] }, ...more.users },
  roles: { strong: { trust: 'lambda.amazonaws.com' }, ...more.roles },
});

const THERE: Miniature = {
  answers: {
    'lambda/ListFunctions': {
      Functions: [{ FunctionName: 'shop', FunctionArn: named('shop'), Role: roleArn('weak') }],
    },
  },
};

const IN_EUROPE = 'arn:aws:lambda:eu-west-1:111122223333:function:*';
const inRegion = (action: string, region: string): Says => ({
  Effect: 'Allow',
  Action: action,
  Resource: '*',
  Condition: { StringLike: { 'aws:RequestedRegion': region } },
});

describe('calls on one new thing', () => {
  test.each<[string, Miniature]>([
    ['one name is of both forms', world([create('dev-*'), invoke('*-job')])],
    ['one call is allowed on anything', world([create('dev-*'), 'lambda:InvokeFunction'])],
    ['the one name that may be given is not taken', world([create('shop'), invoke('shop')])],
    ['another name is not taken', world([create('shop*'), invoke('shop*')], THERE)],
    ['the versions of what is made are invoked', world([create('dev-*'), invoke('dev-*:*')])],
    [
      'only some names are denied',
      world(['lambda:*', { Effect: 'Deny', Action: 'lambda:InvokeFunction', Resource: named('dev-*') }]),
    ],
    [
      'a name is of the form that a variable makes',
      world([create(`\${aws:username}-*`), invoke(`\${aws:username}-*`)]),
    ],
    [
      'another principal makes the other call',
      world([create('dev-*'), 'sts:AssumeRole'], {
        roles: { runner: { trust: 'user/ann', says: [invoke('dev-*')] } },
      }),
    ],
    [
      'a group gives the rights, with names that nobody has yet',
      {
        users: { ann: { says: [`iam:AddUserToGroup on ${arn('iam', 'group/devs')}`] } },
        roles: { strong: { trust: 'lambda.amazonaws.com' }, other: { says: [invoke('ops-*')] } },
        groups: { devs: { says: [PASS, create('dev-*'), invoke('dev-*')] } },
      },
    ],
    ['both calls are allowed in one region alone', world([inRegion('lambda:*', 'eu-west-1')])],
    ['both are allowed in regions of one form', world([inRegion('lambda:*', 'eu-*')])],
    ['one is allowed in a region by name', world(['lambda:CreateFunction', `lambda:InvokeFunction on ${IN_EUROPE}`])],
  ])('works where %s', (_, mini) => {
    expect(reachedFrom(mini, ANN).assets.get(STRONG)).toBe('control confirmed');
  });

  test.each<[string, Miniature]>([
    ['no name is of both forms', world([create('dev-*'), invoke('prod-*')])],
    ['the one name that may be given is taken', world([create('shop'), invoke('shop')], THERE)],
    [
      'what may be made is denied',
      world([
        create('dev-*'),
        'lambda:InvokeFunction',
        { Effect: 'Deny', Action: 'lambda:InvokeFunction', Resource: named('dev-*') },
      ]),
    ],
    [
      'the calls are allowed in different regions',
      world([inRegion('lambda:CreateFunction', 'eu-west-1'), inRegion('lambda:InvokeFunction', 'us-east-1')]),
    ],
    [
      'what is allowed by name is in another region',
      world([inRegion('lambda:CreateFunction', 'us-east-1'), `lambda:InvokeFunction on ${IN_EUROPE}`]),
    ],
  ])('fails where %s', (_, mini) => {
    expect(reachedFrom(mini, ANN).assets.get(STRONG)).toBeUndefined();
  });
});

describe('a second role is passed in the same call', () => {
  const trust = (Condition?: JsonObject): JsonObject => ({
    Effect: 'Allow',
    Principal: { Service: 'elasticmapreduce.amazonaws.com' },
    Action: 'sts:AssumeRole',
    ...(Condition && { Condition }),
  });
  const withId = trust({ StringEquals: { 'sts:ExternalId': 'y' } });
  const cluster = (passes: readonly string[], second: Miniature['roles'] = {}): Miniature => ({
    users: {
      ann: { says: ['elasticmapreduce:RunJobFlow', ...passes.map((role) => `iam:PassRole on ${roleArn(role)}`)] },
    },
    roles: { strong: { trust: 'ec2.amazonaws.com', profile: true }, limited: { trust: withId }, ...second },
  });
  const open = { plain: { trust: trust() } };

  test.each<[string, string, Miniature]>([
    ['control conditional', 'it trusts its service on a condition', cluster(['strong', 'limited'])],
    ['control confirmed', 'another one trusts it on none', cluster(['strong', 'limited', 'plain'], open)],
    ['control conditional', 'the one that trusts it on none may not be passed', cluster(['strong', 'limited'], open)],
    [
      'control conditional',
      'both trust it, each on a condition',
      cluster(['strong', 'limited', 'other'], {
        other: { trust: trust({ StringEquals: { 'sts:ExternalId': 'x' } }) },
      }),
    ],
  ])('%s where %s', (expected, _, mini) => {
    expect(reachedFrom(mini, ANN).assets.get(STRONG)).toBe(expected);
  });
});

test('an agent runtime is invoked in place of commanded, and an express machine waited for', () => {
  const runtime = ['CreateAgentRuntime', 'CreateAgentRuntimeEndpoint', 'CreateWorkloadIdentity', 'InvokeAgentRuntime'];
  const roles = { strong: { trust: 'bedrock-agentcore.amazonaws.com' }, states: { trust: 'states.amazonaws.com' } };
  const { assets } = reachedFrom(
    {
      users: {
        ann: {
          says: [
            'iam:PassRole',
            ...runtime.map((action) => `bedrock-agentcore:${action}`),
            'states:CreateStateMachine',
            'states:StartSyncExecution',
          ],
        },
      },
      roles,
    },
    ANN,
  );
  expect([assets.get(STRONG), assets.get(roleArn('states'))]).toEqual(['control confirmed', 'control confirmed']);
});

describe('calls that name the role', () => {
  const asks = (action: string, key: string, value: string): Says => ({
    Effect: 'Allow',
    Action: action,
    Resource: '*',
    Condition: { StringEquals: { [key]: value } },
  });
  const stack = (...says: readonly Says[]): Miniature => ({
    users: { ann: { says: [PASS, ...says] } },
    roles: { strong: { trust: 'cloudformation.amazonaws.com' } },
  });
  const PROFILE = arn('iam', 'instance-profile/strong');
  const launch = (...says: readonly Says[]): Miniature => ({
    users: { ann: { says: [PASS, ...says] } },
    roles: { strong: { trust: 'ec2.amazonaws.com', profile: true } },
  });
  const PARTS = ['network-interface', 'subnet', 'volume', 'security-group'].map((kind) => arn('ec2', `${kind}/*`));
  const parts: Says = {
    Effect: 'Allow',
    Action: 'ec2:RunInstances',
    Resource: [...PARTS, 'arn:aws:ec2:*::image/*'],
  };
  const withProfile = (profile: string): Says => asks('ec2:RunInstances', 'ec2:InstanceProfile', profile);

  test.each<[string, Miniature]>([
    ['a stack that may have it', stack(asks('cloudformation:CreateStack', 'cloudformation:RoleArn', STRONG))],
    ['an instance that may have its profile', launch(parts, withProfile(PROFILE))],
  ])('pass it to %s', (_, mini) => {
    expect(reachedFrom(mini, ANN).steps.get(STRONG)?.length).toBe(1);
    expect(reachedFrom(mini, ANN).assets.get(STRONG)).toMatch(/confirmed/);
  });

  test.each<[string, Miniature]>([
    [
      'stacks with another role alone',
      stack(asks('cloudformation:CreateStack', 'cloudformation:RoleArn', roleArn('deploy'))),
    ],
    [
      'stacks without any role',
      stack('cloudformation:CreateStack', {
        Effect: 'Deny',
        Action: 'cloudformation:*',
        Resource: '*',
        Condition: { StringEquals: { 'cloudformation:RoleArn': STRONG } },
      }),
    ],
    ['instances with another profile alone', launch(parts, withProfile(arn('iam', 'instance-profile/batch')))],
    ['what has a profile, which no subnet has', launch(withProfile(PROFILE))],
  ])('not where Ann may make %s', (_, mini) => {
    expect(reachedFrom(mini, ANN).assets.get(STRONG)).toBeUndefined();
  });

  test('it hangs on the template where only those of one place may be used', () => {
    const url = 'https://s3.amazonaws.com/templates/network.yaml';
    const mini = stack(asks('cloudformation:CreateStack', 'cloudformation:TemplateUrl', url));
    expect(reachedFrom(mini, ANN).assets.get(STRONG)).toMatch(/conditional/);
  });
});

// @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSEC2SpotServiceRolePolicy.html: it is EC2 Spot that calls RunInstances
describe('a request for spot instances', () => {
  const held = { roles: { strong: { trust: 'ec2.amazonaws.com', profile: true } } } as const;
  const had = (...says: readonly Says[]) => reachedFrom(world(says, held), ANN).assets.get(STRONG);
  const denied = (Action: string): Says => ({ Effect: 'Deny', Action, Resource: '*' });

  test('takes no permission to run instances', () => {
    expect(had('ec2:RequestSpotInstances')).toBe('control confirmed');
    expect(had('ec2:*', denied('ec2:RunInstances'))).toBe('control confirmed');
  });

  test('is no way where it is denied itself', () => {
    expect(had('ec2:*', denied('ec2:R*Instances'))).toBeUndefined();
    expect(had('ec2:DescribeSpotInstanceRequests')).toBeUndefined();
  });
});

describe('tasks that policies allow in one cluster', () => {
  const CLUSTER = arn('ecs', 'cluster/shop');
  const inCluster = (name: string): Says => ({
    Effect: 'Allow',
    Action: 'ecs:RunTask',
    Resource: '*',
    Condition: { ArnEquals: { 'ecs:cluster': arn('ecs', `cluster/${name}`) } },
  });
  const world = (name: string): Miniature => ({
    users: { ann: { says: [PASS, 'ecs:RegisterTaskDefinition', inCluster(name)] } },
    roles: { strong: { trust: 'ecs-tasks.amazonaws.com' } },
    answers: { 'ecs/ListClusters': { clusterArns: [CLUSTER] } },
  });
  const control = (name: string): string | undefined => reachedFrom(world(name), ANN).assets.get(STRONG);

  test('run where there is such a cluster', () => {
    expect(control('shop')).toBe('control confirmed');
  });

  test('do not run where there is another one', () => {
    expect(control('gone')).toBeUndefined();
  });

  test('may run where those of another region were not collected', () => {
    const within = (regions: readonly string[], name: string) => {
      const snapshot = miniature(world(name));
      const accounts = [{ id: ACCOUNT, regions }];
      const { blastRadius } = openAnalysis({ ...snapshot, accounts }, { toolVersion: '0.0.0' });
      return blastRadius([ANN]).reaches.find(({ asset }) => asset === STRONG)?.confidence;
    };
    expect(within(['us-east-1', 'eu-west-1'], 'shop')).toBe('confirmed');
    expect(within(['us-east-1', 'eu-west-1'], 'gone')).toBe('conditional');
    expect(within(['us-east-1'], 'gone')).toBeUndefined();
    // Nothing but what belongs to no region was collected.
    expect(within([], 'gone')).toBe('conditional');
  });
});

test('what another account has does not stand for what the role’s own account lacks', () => {
  const PARTNER = '999988887777';
  const says = [PASS, 'ecs:RegisterTaskDefinition', 'ecs:RunTask'];
  const roles = { strong: { trust: 'ecs-tasks.amazonaws.com' } };
  const withClusters = (own: readonly string[], theirs: readonly string[]): string | undefined => {
    const listing = (account: string, names: readonly string[]) => ({
      clusterArns: names.map((name) => arn('ecs', `cluster/${name}`, account)),
    });
    const partner = { users: { bob: {} } };
    const answers = { 'ecs/ListClusters': listing(ACCOUNT, own) };
    const snapshot = miniature({ users: { ann: { says } }, roles, answers, accounts: { [PARTNER]: partner } });
    const there = snapshot.everyAnswer.flatMap((answer) =>
      answer.operation === 'ListClusters'
        ? [{ ...answer, account: PARTNER, body: listing(PARTNER, theirs), source: `of ${PARTNER}` }]
        : [],
    );
    const both = memorySnapshot({ answers: [...snapshot.everyAnswer, ...there], gaps: [] });
    const { reaches } = openAnalysis(both, { toolVersion: '0.0.0' }).blastRadius([ANN]);
    return reaches.find(({ asset }) => asset === STRONG)?.confidence;
  };
  expect(withClusters(['shop'], [])).toBe('confirmed');
  expect(withClusters([], ['shop'])).toBeUndefined();
});

describe('where policies tell more names apart than are tried', () => {
  const crowd = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [`user-${i}`, { says: [invoke(`team-${i}-*`)] }]),
  );
  const had = (...says: readonly Says[]): string | undefined => {
    const { users, ...rest } = world(says);
    return reachedFrom({ ...rest, users: { ...crowd, ...users } }, ANN).assets.get(STRONG);
  };

  test('calls that are allowed on any name serve', () => {
    expect(had('lambda:CreateFunction', 'lambda:InvokeFunction')).toBe('control confirmed');
  });

  test('it is unknown whether calls on names of some forms do', () => {
    expect(had(create('dev-*'), invoke('dev-*'))).toBe('control conditional');
    expect(had(create('dev-*'), invoke('prod-*'))).toBe('control conditional');
  });

  test('one call alone is none', () => {
    expect(had('lambda:CreateFunction')).toBeUndefined();
  });
});

describe('stacks whose types of resources policies limit', () => {
  const control = (operator: string, types: readonly string[], ...more: readonly Says[]): string | undefined =>
    reachedFrom(
      {
        users: {
          ann: {
            says: [
              PASS,
              {
                Effect: 'Allow',
                Action: 'cloudformation:CreateStack',
                Resource: '*',
                Condition: {
                  [operator]: { 'cloudformation:ResourceTypes': types },
                  Null: { 'cloudformation:ResourceTypes': 'false' },
                },
              },
              ...more,
            ],
          },
        },
        roles: { strong: { trust: 'cloudformation.amazonaws.com' } },
      },
      ANN,
    ).assets.get(STRONG);

  test('do what they like with roles where they may have these', () => {
    expect(control('ForAllValues:StringLike', ['AWS::S3::*', 'AWS::IAM::*'])).toBe('control confirmed');
    expect(control('ForAllValues:StringNotLike', ['AWS::EC2::*'])).toBe('control confirmed');
  });

  test('do not where they may have buckets alone', () => {
    expect(control('ForAllValues:StringLike', ['AWS::S3::*'])).toBeUndefined();
  });

  test('do where nothing has to be said of types', () => {
    expect(control('ForAllValues:StringLike', ['AWS::S3::*'], 'cloudformation:CreateStack')).toBe('control confirmed');
  });
});
