import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/model/index.js';
import { arn, type Miniature, type Says, userArn } from './miniature.js';
import { reachedFrom } from './reached.js';

const ANN = userArn('ann');
const HOST = arn('ec2', 'instance/i-shop');

const may = (Action: string, Condition?: JsonObject): Says => ({
  Effect: 'Allow',
  Action,
  Resource: arn('ec2', 'instance/*').replace('us-east-1', '*'),
  ...(Condition && { Condition }),
});
const enter = (Condition: JsonObject): Says => may('ssm:StartSession', Condition);
const onTag = (tag: string, value: string): JsonObject => ({ StringEquals: { [`aws:ResourceTag/${tag}`]: value } });
const set = (Condition?: JsonObject): Says => may('ec2:CreateTags', Condition);
const only = (...keys: readonly string[]): JsonObject => ({ 'ForAllValues:StringEquals': { 'aws:TagKeys': keys } });
const value = (tag: string, ...values: readonly string[]): JsonObject => ({
  StringEquals: { [`aws:RequestTag/${tag}`]: values },
});

/** Somebody else asks for other values of the same tags, and may set what Ann may not. */
const BOB: readonly Says[] = [
  enter(onTag('stage', 'test')),
  enter(onTag('team', 'ops')),
  may('ec2:CreateTags', value('stage', 'live')),
];

const world = (says: readonly Says[]): Miniature => ({
  users: { ann: { says }, bob: { says: BOB } },
  instances: { 'i-shop': { tags: { stage: 'live', team: 'core' } } },
  answers: {
    'ssm/DescribeInstanceInformation': { InstanceInformationList: [{ InstanceId: 'i-shop', PingStatus: 'Online' }] },
  },
});

/** The techniques by which Ann gets the host. */
const entered = (says: readonly Says[]): readonly string[] | undefined => reachedFrom(world(says), ANN).steps.get(HOST);

describe('a host that is entered where it has a tag', () => {
  const RETAGGED = ['retag-resource', 'ssm-start-session'];
  const TWO = { StringEquals: { 'aws:ResourceTag/stage': 'dev', 'aws:ResourceTag/team': 'ops' } };
  const NOT_LIVE = { StringNotEquals: { 'aws:ResourceTag/stage': 'live' } };
  test.each<[string, readonly Says[]]>([
    ['may set that value', [enter(onTag('stage', 'dev')), set(value('stage', 'dev'))]],
    ['may set that tag', [enter(onTag('team', 'red')), set(only('team'))]],
    ['may set one of several values', [enter(NOT_LIVE), set(value('stage', 'live', 'dev'))]],
    ['may set both tags that are asked for', [enter(TWO), set(only('stage', 'team'))]],
    ['may set them by one call each', [enter(TWO), set(only('stage')), set(only('team'))]],
    [
      'may set one with the other alone',
      [enter(TWO), set({ StringEquals: { 'aws:RequestTag/stage': 'dev', 'aws:RequestTag/team': 'ops' } })],
    ],
    ['may take that tag away', [enter(NOT_LIVE), may('ec2:DeleteTags', only('stage'))]],
  ])('by Ann, who %s', (_, says) => {
    expect(entered(says)).toEqual(RETAGGED);
  });

  test.each<[string, readonly Says[]]>([
    ['may set another value', [enter(onTag('stage', 'dev')), set(value('stage', 'test'))]],
    [
      'may set any value but that',
      [enter(onTag('stage', 'dev')), set({ StringNotEquals: { 'aws:RequestTag/stage': 'dev' } })],
    ],
    ['may set another tag', [enter(onTag('stage', 'dev')), set(only('team'))]],
    ['may set the value alone that keeps her out', [enter(NOT_LIVE), set(value('stage', 'live'))]],
    ['may set one of the two tags', [enter(TWO), set(only('team'))]],
    ['may take another tag away', [enter(NOT_LIVE), may('ec2:DeleteTags', only('team'))]],
  ])('not by Ann, who %s', (_, says) => {
    expect(entered(says)).toBeUndefined();
  });
});

describe('a host that is entered where it has more than two tags', () => {
  const tags = (...names: readonly string[]): JsonObject => ({
    StringEquals: Object.fromEntries(names.map((name) => [`aws:ResourceTag/${name}`, 'yes'])),
  });
  const THREE = enter(tags('a', 'b', 'c'));
  const togetherOnly = set({
    StringEquals: { 'aws:RequestTag/a': 'yes', 'aws:RequestTag/b': 'yes', 'aws:RequestTag/c': 'yes' },
  });
  const UNLOCKED = enter({ StringEquals: { 'aws:ResourceTag/a': 'yes' }, Null: { 'aws:ResourceTag/stage': 'true' } });
  const two = Array.from({ length: 16 }, (_, i) => enter(tags(`t${i}`, `u${i}`)));
  const eachT = two.map((_, i) => set(only(`t${i}`)));
  const host = (says: readonly Says[]): string | undefined => reachedFrom(world(says), ANN).assets.get(HOST);

  test.each<[string, readonly Says[]]>([
    ['may set all three by one call each', [THREE, set(only('a')), set(only('b')), set(only('c'))]],
    ['may set all three', [THREE, set(only('a', 'b', 'c'))]],
    ['may set all three together alone', [THREE, togetherOnly]],
    ['may set one and take another away', [UNLOCKED, set(only('a')), may('ec2:DeleteTags', only('stage'))]],
    ['may set two of very many', [...two, ...eachT, set(only('u15'))]],
  ])('is had on condition by Ann, who %s', (_, says) => {
    expect(host(says)).toBe('control conditional');
  });

  test('is had for certain by Ann, who may set the two of very many that serve', () => {
    expect(host([...two, set(only('t15')), set(only('u15'))])).toBe('control confirmed');
  });

  test.each<[string, readonly Says[]]>([
    ['may set two of the three', [THREE, set(only('a', 'b'))]],
    ['may set two, and others that do not matter', [THREE, set(only('a', 'b', 'cost', 'owner'))]],
    ['may set one and take the same away', [UNLOCKED, set(only('a')), may('ec2:DeleteTags', only('a'))]],
    ['may take one away and set no other', [UNLOCKED, set(only('stage')), may('ec2:DeleteTags', only('stage'))]],
    ['may set one of very many', [...two, set(only('t0'))]],
  ])('is not had by Ann, who %s', (_, says) => {
    expect(host(says)).toBeUndefined();
  });
});
