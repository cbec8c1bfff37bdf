import type { Json, JsonObject } from '../../src/model/index.js';
import { describe, expect, test } from 'vitest';
import { ACCOUNT, arn, type Miniature, roleArn, type Says, userArn } from './miniature.js';
import { authorizationDetails } from './miniature-iam.js';
import { reachedFrom } from './reached.js';

const ANN = userArn('ann');
const ADMIN = `aws:admin/${ACCOUNT}`;
const LEDGER = 'arn:aws:s3:::ledger';
const READ = `s3:GetObject on ${LEDGER}/*`;
const group = (name: string): string => arn('iam', `group/${name}`);
const join = (name: string): string => `iam:AddUserToGroup on ${group(name)}`;

const world = (more: Miniature): Miniature => ({
  ...more,
  answers: { 'global/s3/ListBuckets': { Buckets: [{ Name: 'ledger' }] }, 's3/GetBucketLocation': { ledger: {} } },
});

const attaching = (policy: string): Says => ({
  Effect: 'Allow',
  Action: ['iam:AttachUserPolicy', 'iam:AttachRolePolicy'],
  Resource: '*',
  Condition: { ArnLike: { 'iam:PolicyARN': policy } },
});

/** Everything but what gives rights. */
const POWER: Says = { Effect: 'Allow', NotAction: ['iam:*', 'organizations:*'], Resource: '*' };
const ALL_BUT_IAM: readonly Says[] = ['*', { Effect: 'Deny', Action: 'iam:*', Resource: '*' }];
const POWER_USER = 'arn:aws:iam::aws:policy/PowerUserAccess';

/** What a power user does is gained, and no administration by it. */
describe('coming under a policy that allows all but IAM', () => {
  const roll = 'iam:SetDefaultPolicyVersion';
  test.each<[string, Miniature]>([
    ['by a group', { users: { ann: { says: [join('power')] } }, groups: { power: { says: [POWER] } } }],
    [
      'by a group that denies IAM',
      { users: { ann: { says: [join('power')] } }, groups: { power: { says: ALL_BUT_IAM } } },
    ],
    [
      'by another version',
      { users: { ann: { says: [roll], attached: ['own'] } }, policies: { own: [['s3:List*'], [POWER]] } },
    ],
    [
      'by a policy of AWS that alone may be attached',
      {
        users: { ann: { says: [attaching(POWER_USER)] }, dan: { attached: [POWER_USER] } },
        policies: { [POWER_USER]: [[POWER]] },
      },
    ],
  ])('%s', (_, more) => {
    const { assets } = reachedFrom(world(more), ANN);
    expect([assets.get(LEDGER), assets.get(ADMIN)]).toEqual(['read confirmed, write confirmed', undefined]);
  });

  test('not where another policy of AWS alone may be attached', () => {
    const users = {
      ann: { says: [attaching('arn:aws:iam::aws:policy/IAMReadOnlyAccess')] },
      dan: { attached: [POWER_USER] },
    };
    const { assets } = reachedFrom(world({ users, policies: { [POWER_USER]: [[POWER]] } }), ANN);
    expect([assets.get(LEDGER), assets.get(ADMIN)]).toEqual([undefined, undefined]);
  });
});

describe('coming under further policies', () => {
  test.each<[string, Miniature, string, string]>([
    [
      'by a group that gives the right to join another',
      {
        users: { ann: { says: [join('first')] } },
        groups: { first: { says: [join('second')] }, second: { says: [READ] } },
      },
      LEDGER,
      'read confirmed',
    ],
    [
      'by a group, while somebody else may write everybody’s policies',
      {
        users: { ann: { says: [join('readers')] }, operator: { says: ['iam:PutUserPolicy'] } },
        groups: { readers: { says: [READ] } },
      },
      LEDGER,
      'read confirmed',
    ],
    [
      'by a role that puts users in groups',
      {
        users: { ann: { says: [`sts:AssumeRole on ${roleArn('staff')}`] } },
        roles: { staff: { trust: 'user/ann', says: ['iam:AddUserToGroup'] } },
        groups: { readers: { says: [READ] } },
      },
      LEDGER,
      'read confirmed',
    ],
    [
      'by a group whose policy a role asks for',
      {
        users: { ann: { says: [join('operators')] } },
        roles: { ops: { trust: 'root', says: ['*'] } },
        groups: { operators: { says: [`sts:AssumeRole on ${roleArn('ops')}`] } },
      },
      ADMIN,
      'admin confirmed',
    ],
    [
      'by a group whose policies it may write once it is in it',
      { users: { ann: { says: ['iam:AddUserToGroup', 'iam:PutGroupPolicy'] } }, groups: { guests: {} } },
      ADMIN,
      'admin confirmed',
    ],
    [
      'by policies that may be attached to a role',
      {
        users: { ann: { says: [attaching('arn:aws:iam::*:policy/team-*')] } },
        roles: { web: { trust: 'user/ann' } },
        policies: { 'team-readers': [[READ]], 'team-guests': [['s3:ListAllMyBuckets']] },
      },
      LEDGER,
      'read confirmed',
    ],
    [
      'by a group of which a policy was not collected',
      { users: { ann: { says: [join('readers')] } }, groups: { readers: { attached: [arn('iam', 'policy/gone')] } } },
      LEDGER,
      'read conditional',
    ],
  ])('%s', (_, more, asset, expected) => {
    expect(reachedFrom(world(more), ANN).assets.get(asset)?.split(', ')[0]).toBe(expected);
  });

  test.each<[string, Miniature]>([
    [
      'a boundary limits what the group gives',
      {
        users: { ann: { says: [join('readers')], boundary: ['iam:*'] } },
        groups: { readers: { says: [READ] } },
      },
    ],
    [
      'the group denies what it gives',
      {
        users: { ann: { says: [join('readers')] } },
        groups: { readers: { says: [READ, { Effect: 'Deny', Action: 's3:*', Resource: '*' }] } },
      },
    ],
    [
      'the version is of a policy that somebody else has',
      {
        users: { ann: { says: ['iam:SetDefaultPolicyVersion'] }, bob: { attached: ['own'] } },
        policies: { own: [['s3:ListAllMyBuckets'], [READ]] },
      },
    ],
    [
      'the policy can be attached to somebody else alone',
      {
        users: {
          ann: {
            says: [
              {
                Effect: 'Allow',
                Action: 'iam:AttachUserPolicy',
                Resource: userArn('bob'),
                Condition: { ArnLike: { 'iam:PolicyARN': '*' } },
              },
            ],
          },
          bob: {},
        },
        policies: { readers: [[READ]] },
      },
    ],
    [
      'a policy of the group may be written, but nobody puts Ann in it',
      { users: { ann: { says: ['iam:PutGroupPolicy'] } }, groups: { guests: {} } },
    ],
  ])('nothing is gained: %s', (_, more) => {
    const { assets } = reachedFrom(world(more), ANN);
    expect([assets.get(LEDGER), assets.get(ADMIN)]).toEqual([undefined, undefined]);
  });
});

const policyArn = (name: string): string => arn('iam', `policy/${name}`);
const may = (Action: string, Resource: string, Condition?: JsonObject): JsonObject => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
});
const attachOnly = (policy: string, Resource = '*', Action = 'iam:AttachUserPolicy'): Says =>
  may(Action, Resource, { ArnLike: { 'iam:PolicyARN': policy } });
const TEAM = policyArn('team-*');

describe('a policy that is written first, where only some may be attached', () => {
  const ann = (...says: readonly Says[]): Miniature => ({ users: { ann: { says }, bob: {} } });
  test.each<[string, string, Miniature]>([
    ['of a name that may be made', 'admin confirmed', ann(may('iam:CreatePolicy', TEAM), attachOnly(TEAM))],
    ['of one name', 'admin confirmed', ann(may('iam:CreatePolicy', TEAM), attachOnly(policyArn('*-own')))],
    ['of any name', 'admin confirmed', ann(may('iam:CreatePolicy', '*'), attachOnly(policyArn('*')))],
    [
      'by another principal',
      'admin confirmed',
      {
        users: { ann: { says: [attachOnly(TEAM), 'sts:AssumeRole'] } },
        roles: { maker: { trust: 'user/ann', says: [may('iam:CreatePolicy', TEAM)] } },
      },
    ],
    [
      'to a role',
      'admin confirmed',
      {
        users: {
          ann: {
            says: ['sts:AssumeRole', may('iam:CreatePolicy', TEAM), attachOnly(TEAM, '*', 'iam:AttachRolePolicy')],
          },
        },
        roles: { web: { trust: 'user/ann' } },
      },
    ],
    [
      'by a new version of one that is attached to nobody',
      'admin confirmed',
      {
        ...ann(may('iam:CreatePolicyVersion', TEAM), attachOnly(TEAM)),
        policies: { 'team-x': [['s3:ListAllMyBuckets']] },
      },
    ],
    [
      'of which one may be made by another principal, and one by oneself',
      'admin confirmed',
      {
        users: {
          ann: { says: [may('iam:CreatePolicy', policyArn('team-z-*')), attachOnly(TEAM)] },
          bob: { says: [may('iam:CreatePolicy', policyArn('team-a-*'))] },
        },
      },
    ],
    [
      'where it may be made from one office alone',
      'admin conditional',
      ann(may('iam:CreatePolicy', TEAM, { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }), attachOnly(TEAM)),
    ],
  ])('%s', (_, expected, more) => {
    expect(reachedFrom(world(more), ANN).assets.get(ADMIN)?.split(', ')[0]).toBe(expected);
  });

  test.each<[string, Miniature]>([
    ['no name may be made and attached', ann(may('iam:CreatePolicy', policyArn('dev-*')), attachOnly(TEAM))],
    [
      'what may be attached may not be made',
      ann(may('iam:CreatePolicy', '*'), attachOnly(TEAM), { ...may('iam:CreatePolicy', TEAM), Effect: 'Deny' }),
    ],
    [
      'only a policy of AWS may be attached',
      ann(may('iam:CreatePolicy', '*'), attachOnly('arn:aws:iam::aws:policy/ReadOnlyAccess')),
    ],
    ['it may be attached to somebody else alone', ann(may('iam:CreatePolicy', '*'), attachOnly(TEAM, userArn('bob')))],
    [
      'a boundary limits what it gives',
      {
        users: {
          ann: {
            says: [may('iam:CreatePolicy', '*'), attachOnly(TEAM)],
            boundary: ['iam:CreatePolicy', 'iam:AttachUserPolicy'],
          },
        },
      },
    ],
    [
      'the version is of a policy that may not be attached',
      { ...ann(may('iam:CreatePolicyVersion', '*'), attachOnly(TEAM)), policies: { other: [['s3:ListAllMyBuckets']] } },
    ],
    ['nothing may be made', ann(attachOnly(TEAM))],
  ])('is no way where %s', (_, more) => {
    expect(reachedFrom(world(more), ANN).assets.get(ADMIN)).toBeUndefined();
  });
});

describe('policies that are attached together', () => {
  const STRONG = roleArn('strong');
  const TO_WEB = roleArn('web');
  const attachToWeb = (policy: string): Says => attachOnly(policyArn(policy), TO_WEB, 'iam:AttachRolePolicy');
  const lambda = (annSays: readonly Says[], more: Miniature['roles'] = {}): Miniature => ({
    users: { ann: { says: [`sts:AssumeRole on ${TO_WEB}`, ...annSays] }, bob: { says: [attachToWeb('runners')] } },
    roles: { web: { trust: 'user/ann' }, strong: { trust: 'lambda.amazonaws.com' }, ...more },
    policies: {
      passers: [[`iam:PassRole on ${STRONG}`]],
      runners: [['lambda:CreateFunction', 'lambda:InvokeFunction']],
    },
  });
  const helper = { helper: { trust: 'root', says: [attachToWeb('runners')] } };
  const reached = (more: Miniature) => reachedFrom(world(more), ANN).assets.get(STRONG);

  test('by one who may attach both, of which another may attach one', () => {
    expect(reached(lambda([attachToWeb('passers'), attachToWeb('runners')]))).toBe('control confirmed');
  });

  test('by two who are both had', () => {
    expect(reached(lambda([attachToWeb('passers'), `sts:AssumeRole on ${roleArn('helper')}`], helper))).toBe(
      'control confirmed',
    );
  });

  test('but not by two of whom one is not', () => {
    expect(reached(lambda([attachToWeb('passers')], helper))).toBeUndefined();
  });

  test('by one who may attach some to what another may attach anything to', () => {
    const master = { master: { trust: 'ec2.amazonaws.com', says: ['iam:AttachRolePolicy'] } };
    expect(reached(lambda([attachToWeb('passers'), attachToWeb('runners')], master))).toBe('control confirmed');
  });

  test('though somebody else may make everybody an administrator', () => {
    const { assets } = reachedFrom(
      world({
        users: { ann: { says: [join('readers')] } },
        roles: { deploy: { trust: 'ec2.amazonaws.com', says: ['iam:*'] } },
        groups: { readers: { says: [READ] } },
      }),
      ANN,
    );
    expect([assets.get(LEDGER), assets.get(ADMIN)]).toEqual(['read confirmed', undefined]);
  });

  test('in two groups that the same people put users in', () => {
    const groups = (second: readonly Says[]): Miniature => ({
      users: { ann: { says: [join('passers'), join('runners')] } },
      roles: { strong: { trust: 'lambda.amazonaws.com' } },
      groups: { passers: { says: [`iam:PassRole on ${STRONG}`] }, runners: { says: second } },
    });
    expect(reached(groups(['lambda:CreateFunction', 'lambda:InvokeFunction']))).toBe('control confirmed');
    expect(reached(groups(['lambda:CreateFunction']))).toBeUndefined();
  });
});

test('a console password is deleted and made anew by whoever may do both', () => {
  const victim = { says: ['*'], password: true } as const;
  const both = ['iam:CreateLoginProfile', 'iam:DeleteLoginProfile'].map((a) => `${a} on ${userArn('bob')}`);
  expect(reachedFrom({ users: { ann: { says: both }, bob: victim } }, ANN).assets.get(userArn('bob'))).toBe(
    'control confirmed',
  );
});

describe('what only policies that are brought into force look at', () => {
  const APP = arn('iam', 'policy/app-*');
  const SECRET = arn('secretsmanager', 'secret:orders-AbCdEf', ACCOUNT);
  const ask = (tag: string, value: string): JsonObject => ({ StringEquals: { [tag]: value } });
  const reads = (condition: JsonObject): Says => ({
    Effect: 'Allow',
    Action: 'secretsmanager:GetSecretValue',
    Resource: '*',
    Condition: condition,
  });
  const secrets = {
    'secrets-manager/ListSecrets': { SecretList: [{ ARN: SECRET, Name: 'orders' }] },
    'secrets-manager/GetResourcePolicy': { [SECRET]: {} },
  };
  const reached = (more: Miniature): ReadonlyMap<string, string> =>
    reachedFrom({ ...more, answers: secrets }, ANN).assets;

  test('names of policies are tried that a group lets its members make and attach', () => {
    const inGroup = (says: readonly Says[]): string | undefined =>
      reached({ users: { ann: { says: [join('makers')] } }, groups: { makers: { says } } }).get(ADMIN);
    expect(inGroup([attaching(APP), 'iam:CreatePolicy'])).toBe('admin confirmed');
    expect(inGroup([attaching(APP)])).toBeUndefined();
    expect(inGroup([attaching(APP), `iam:CreatePolicy on ${arn('iam', 'policy/test-*')}`])).toBeUndefined();
  });

  test('tags of resources are changed that a group’s policy asks for', () => {
    const tagged = (condition: JsonObject, ...says: readonly Says[]): string | undefined =>
      reached({
        users: { ann: { says: [join('readers'), ...says] } },
        groups: { readers: { says: [reads(condition)] } },
      }).get(SECRET);
    const open = ask('aws:ResourceTag/open', 'yes');
    const tagging = (condition: JsonObject): Says => ({
      Effect: 'Allow',
      Action: 'secretsmanager:TagResource',
      Resource: '*',
      Condition: condition,
    });
    expect(tagged(open, 'secretsmanager:TagResource')).toBe('read confirmed');
    expect(tagged(open, tagging(ask('aws:RequestTag/open', 'yes')))).toBe('read confirmed');
    expect(tagged(open)).toBeUndefined();
    expect(tagged(open, tagging(ask('aws:RequestTag/open', 'no')))).toBeUndefined();
    expect(tagged(ask('aws:RequestedRegion', 'xx-nowhere-1'), 'secretsmanager:TagResource')).toBeUndefined();
  });

  test('tags do not serve where the group may not be joined', () => {
    const more = { users: { ann: { says: ['secretsmanager:TagResource'] } } };
    expect(
      reached({ ...more, groups: { readers: { says: [reads(ask('aws:ResourceTag/open', 'yes'))] } } }).get(SECRET),
    ).toBeUndefined();
  });

  test('who may attach anything but only in one group does not stand for who may attach it in another', () => {
    const bob = userArn('bob');
    const attachTo = (condition: JsonObject): Says => ({
      Effect: 'Allow',
      Action: 'iam:AttachUserPolicy',
      Resource: bob,
      Condition: condition,
    });
    const readers = arn('iam', 'policy/readers');
    const from = (role: string): ReadonlyMap<string, string> =>
      reached({
        users: {
          ann: { says: [`iam:CreateAccessKey on ${bob}`, `sts:AssumeRole on ${roleArn(role)}`] },
          bob: {},
        },
        roles: {
          'to-some': { trust: 'root', says: [join('some')] },
          'to-any': { trust: 'root', says: [join('any')] },
          'to-none': { trust: 'root' },
        },
        groups: {
          some: { says: [attachTo({ ArnEquals: { 'iam:PolicyARN': readers } })] },
          any: { says: [attachTo({})] },
        },
        policies: { readers: [['secretsmanager:GetSecretValue']] },
      });
    expect(from('to-some').get(SECRET)).toBe('read confirmed');
    expect(from('to-some').get(ADMIN)).toBeUndefined();
    expect(from('to-any').get(ADMIN)).toBe('admin confirmed');
    expect(from('to-none').get(SECRET)).toBeUndefined();
  });
});

describe('a policy that looks at a tag of whoever it applies to', () => {
  const byTag = (Effect: string, operator: string, value: string): Says => ({
    Effect,
    Action: 's3:GetObject',
    Resource: `${LEDGER}/*`,
    Condition: { [operator]: { 'aws:PrincipalTag/team': value } },
  });
  const forTeam = byTag('Allow', 'StringEquals', 'ledger');
  const readers = arn('iam', 'policy/readers');
  const attached = (says: readonly Says[], policy: readonly Says[] = [forTeam], tags = {}): string | undefined =>
    reachedFrom(world({ users: { ann: { says, tags } }, policies: { readers: [policy] } }), ANN).assets.get(LEDGER);
  const tagOnly = (tag: string): Says => ({
    Effect: 'Allow',
    Action: 'iam:TagUser',
    Resource: ANN,
    Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': tag } },
  });

  test('allows once it is attached and the tag is set', () => {
    expect(attached([attaching(readers), 'iam:TagUser'])).toBe('read confirmed');
    expect(attached([attaching(readers), tagOnly('team')])).toBe('read confirmed');
    expect(attached([attaching(readers)], [forTeam], { team: 'ledger' })).toBe('read confirmed');
  });

  test('allows nothing where one of both may not be done', () => {
    expect(attached([attaching(readers)])).toBeUndefined();
    expect(attached(['iam:TagUser'])).toBeUndefined();
    expect(attached([attaching(readers), tagOnly('stage')])).toBeUndefined();
    expect(attached([attaching(readers), `iam:TagUser on ${userArn('bob')}`])).toBeUndefined();
  });

  test('is had by a group too, and denies no longer once the tag is gone', () => {
    const denied = [READ, byTag('Deny', 'StringLike', '*')];
    const grouped = (says: readonly Says[]): string | undefined =>
      reachedFrom(
        world({
          users: { ann: { says: [join('readers'), ...says], tags: { team: 'x' } } },
          groups: { readers: { says: denied } },
        }),
        ANN,
      ).assets.get(LEDGER);
    expect(grouped(['iam:UntagUser'])).toBe('read confirmed');
    expect(grouped([])).toBeUndefined();
  });

  test('is read where it is URL-encoded, with a tag whose name and value have spaces', () => {
    const policy: Says = {
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: `${LEDGER}/*`,
      Condition: { StringEquals: { 'aws:PrincipalTag/cost center': 'head office' } },
    };
    const encoded = (says: readonly Says[]): string | undefined => {
      const plain = world({ users: { ann: { says } }, policies: { readers: [[policy]] } });
      const details = JSON.stringify(authorizationDetails(plain, ACCOUNT), (key, value: Json) =>
        key.endsWith('Document') ? encodeURIComponent(JSON.stringify(value)) : value,
      );
      const answers = {
        ...plain.answers,
        'global/iam/GetAccountAuthorizationDetails': JSON.parse(details) as JsonObject,
      };
      return reachedFrom({ ...plain, answers }, ANN).assets.get(LEDGER);
    };
    expect(encoded([attaching(readers), 'iam:TagUser'])).toBe('read confirmed');
    expect(encoded([attaching(readers), tagOnly('cost center')])).toBe('read confirmed');
    expect(encoded([attaching(readers), tagOnly('cost')])).toBeUndefined();
  });

  test('is doubted where more policies and tags are there than are tried, or several tags are asked for at once', () => {
    const forTags = (...tags: readonly string[]): Says => ({
      ...(forTeam as JsonObject),
      Condition: { StringEquals: Object.fromEntries(tags.map((tag) => [`aws:PrincipalTag/${tag}`, 'yes'])) },
    });
    const numbers = Array.from({ length: 16 }, (_, i) => `t${i}`);
    const others = numbers.map((tag): Says => ({ ...(forTags(tag) as JsonObject), Action: 's3:ListBucket' }));
    const inAny = (policy: Says, says: readonly Says[]): string | undefined =>
      attached([attaching(readers), ...says], [...others, policy]);
    expect(inAny(forTags('t9'), ['iam:TagUser'])).toBe('read conditional');
    expect(inAny(forTags('t0', 't9'), ['iam:TagUser'])).toBe('read conditional');
    expect(inAny(forTags('t9'), numbers.slice(0, 9).map(tagOnly))).toBeUndefined();
    expect(attached([attaching(readers), 'iam:TagUser'], [forTags('a', 'b')])).toBe('read conditional');
    expect(attached([attaching(readers), tagOnly('a')], [forTags('a', 'b')])).toBeUndefined();
  });
});

describe('changes of several kinds to what applies to Ann', () => {
  const policy = (name: string): string => arn('iam', `policy/${name}`);
  const DELETE = 'iam:DeleteUserPermissionsBoundary';
  const JOIN = join('readers');
  const bounded = (says: readonly Says[], bob: readonly Says[] = []): Miniature =>
    world({
      users: { ann: { says, boundary: ['iam:*'], attached: ['own'] }, bob: { says: bob } },
      groups: { readers: { says: [READ] } },
      policies: { own: [['s3:ListAllMyBuckets'], [READ, 's3:ListBucket']], readers: [[READ]], guests: [['s3:List*']] },
    });
  const attach = attaching(policy('readers'));
  const roll = `iam:SetDefaultPolicyVersion on ${policy('own')}`;
  const reads = (of: Miniature): string | undefined => reachedFrom(of, ANN).assets.get(LEDGER);

  test.each<[string, readonly Says[]]>([
    ['a group', [DELETE, JOIN]],
    ['a policy that is attached', [DELETE, attach]],
    ['another version', [DELETE, roll]],
  ])('give together what a boundary keeps from her: %s', (_, says) => {
    expect(reads(bounded(says))).toBe('read confirmed');
    expect(reads(bounded(says.slice(1)))).toBeUndefined();
    expect(reads(bounded(says.slice(0, 1)))).toBeUndefined();
  });

  test('are made where three are needed, and told on condition where there are others that may not be', () => {
    const MAKE = [DELETE, join('passers'), attaching(policy('makers'))];
    const passed = (says: readonly Says[], bob: readonly Says[] = []): string | undefined =>
      reachedFrom(
        {
          users: { ann: { says, boundary: ['iam:*'], attached: ['own'] }, bob: { says: bob } },
          roles: { strong: { trust: 'lambda.amazonaws.com' } },
          groups: { passers: { says: [`iam:PassRole on ${roleArn('strong')}`] } },
          policies: { makers: [['lambda:CreateFunction', 'lambda:InvokeFunction']], own: [['s3:List*'], ['sqs:*']] },
        },
        ANN,
      ).assets.get(roleArn('strong'));
    expect(passed(MAKE)).toBe('control confirmed');
    expect(passed([...MAKE, roll])).toBe('control confirmed');
    expect(passed(MAKE, [roll])).toBe('control conditional');
    expect(passed(MAKE.slice(1), [roll, DELETE])).toBeUndefined();
  });

  test('give nothing by a policy that does not allow it', () => {
    expect(reads(bounded([DELETE, attaching(policy('guests'))]))).toBeUndefined();
  });

  test('give what a denial that is detached keeps from her', () => {
    const denied = (says: readonly Says[]): Miniature =>
      world({
        users: { ann: { says: [JOIN, ...says], attached: ['no'] } },
        groups: { readers: { says: [READ] } },
        policies: { no: [[{ Effect: 'Deny', Action: 's3:*', Resource: '*' }]] },
      });
    expect(reads(denied(['iam:DetachUserPolicy']))).toBe('read confirmed');
    expect(reads(denied([]))).toBeUndefined();
  });

  test('are the two halves of one call', () => {
    const passed = (says: readonly Says[]): string | undefined =>
      reachedFrom(
        {
          users: { ann: { says } },
          roles: { strong: { trust: 'lambda.amazonaws.com' } },
          groups: { passers: { says: [`iam:PassRole on ${roleArn('strong')}`] } },
          policies: { makers: [['lambda:CreateFunction', 'lambda:InvokeFunction']] },
        },
        ANN,
      ).assets.get(roleArn('strong'));
    expect(passed([join('passers'), attaching(policy('makers'))])).toBe('control confirmed');
    expect(passed([join('passers')])).toBeUndefined();
    expect(passed([attaching(policy('makers'))])).toBeUndefined();
  });

  test('are her tags and her boundary', () => {
    const tagged = (says: readonly Says[]): Miniature =>
      world({
        users: {
          ann: {
            says: [
              READ,
              { Effect: 'Deny', Action: 's3:*', Resource: '*', Condition: { Null: { 'aws:PrincipalTag/ok': 'true' } } },
              ...says,
            ],
            boundary: ['iam:*'],
          },
        },
      });
    expect(reads(tagged([DELETE, 'iam:TagUser']))).toBe('read confirmed');
    expect(reads(tagged([DELETE]))).toBeUndefined();
    expect(reads(tagged(['iam:TagUser']))).toBeUndefined();
  });
});
