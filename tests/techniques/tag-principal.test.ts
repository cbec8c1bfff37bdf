import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/model/index.js';
import { arn, type Miniature, roleArn, type Says, tagList, userArn } from './miniature.js';
import { type ReachedFrom, reachedFrom } from './reached.js';

const ANN = userArn('ann');
const STRONG = roleArn('strong');

/** A role that whoever of the account has a tag may assume. */
const world = (says: readonly Says[], tags: Record<string, string> = {}): Miniature => ({
  users: { ann: { says: [`sts:AssumeRole on ${STRONG}`, ...says], tags } },
  roles: {
    strong: {
      says: ['s3:*'],
      trust: {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111122223333:root' },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'aws:PrincipalTag/Access': 'full' } },
      },
    },
  },
});

const tagging = (operator: string, key: string, value: string): Says => ({
  Effect: 'Allow',
  Action: 'iam:TagUser',
  Resource: ANN,
  Condition: { [operator]: { [key]: value } },
});

describe('a role that asks for a tag', () => {
  test.each<[string, readonly Says[]]>([
    ['may tag herself', [`iam:TagUser on ${ANN}`]],
    ['may give herself that tag', [tagging('ForAllValues:StringEquals', 'aws:TagKeys', 'Access')]],
    ['may give herself that value', [tagging('StringEquals', 'aws:RequestTag/Access', 'full')]],
  ])('is had by Ann, who %s', (_, says) => {
    const { assets, steps } = reachedFrom(world(says), ANN);
    expect(assets.get(STRONG)).toBe('control confirmed');
    expect(steps.get(STRONG)).toEqual(['tag-principal', 'assume-role']);
  });

  test.each<[string, readonly Says[]]>([
    ['may not tag anybody', []],
    ['may tag another', [`iam:TagUser on ${userArn('bob')}`]],
    ['may give herself other tags alone', [tagging('ForAllValues:StringEquals', 'aws:TagKeys', 'team')]],
    ['may give herself another value alone', [tagging('StringEquals', 'aws:RequestTag/Access', 'read')]],
  ])('is not had by Ann, who %s', (_, says) => {
    expect(reachedFrom(world(says), ANN).assets.get(STRONG)).toBeUndefined();
  });

  test('is had at once by whoever has the tag', () => {
    expect(reachedFrom(world(['iam:TagUser'], { Access: 'full' }), ANN).steps.get(STRONG)).toEqual(['assume-role']);
  });
});

describe('a role that asks for two tags', () => {
  const asks = (Condition: JsonObject): Miniature => {
    const { users, roles } = world([]);
    const trust = {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111122223333:root' },
      Action: 'sts:AssumeRole',
      Condition,
    };
    return { users: users ?? {}, roles: { strong: { ...roles?.['strong'], trust } } };
  };
  const TWO = asks({ StringEquals: { 'aws:PrincipalTag/Access': 'full', 'aws:PrincipalTag/stage': 'dev' } });
  const UNLOCKED = asks({
    StringEquals: { 'aws:PrincipalTag/Access': 'full' },
    Null: { 'aws:PrincipalTag/stage': 'true' },
  });
  const taken = (of: Miniature, says: readonly Says[], bob: readonly Says[] = []): string | undefined => {
    const users = {
      ann: { says: [`sts:AssumeRole on ${STRONG}`, ...says], tags: { stage: 'live' } },
      bob: { says: bob },
    };
    return reachedFrom({ ...of, users }, ANN).assets.get(STRONG);
  };
  const keys = (...names: readonly string[]): Says => ({
    Effect: 'Allow',
    Action: ['iam:TagUser', 'iam:UntagUser'],
    Resource: ANN,
    Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': names } },
  });

  test.each<[string, string, readonly Says[]]>([
    ['may tag herself', 'control confirmed', ['iam:TagUser']],
    ['may give herself each of them', 'control confirmed', [keys('Access'), keys('stage')]],
    [
      'may give herself each with that value',
      'control conditional',
      [
        tagging('StringEquals', 'aws:RequestTag/Access', 'full'),
        tagging('StringEquals', 'aws:RequestTag/stage', 'dev'),
      ],
    ],
  ])('is had by Ann, who %s', (_, expected, says) => {
    expect(taken(TWO, says)).toBe(expected);
  });

  test('is not had by Ann, who may give herself one of them alone', () => {
    expect(taken(TWO, [keys('Access')])).toBeUndefined();
    expect(taken(TWO, [keys('Access')], [keys('stage')])).toBeUndefined();
  });

  test('is had on condition by who may set one and take the other away', () => {
    const untag: Says = { Effect: 'Allow', Action: 'iam:UntagUser', Resource: ANN };
    const tag = tagging('ForAllValues:StringEquals', 'aws:TagKeys', 'Access');
    expect(taken(UNLOCKED, [tag, untag])).toBe('control conditional');
    expect(taken(UNLOCKED, [tag])).toBeUndefined();
    expect(taken(UNLOCKED, [untag])).toBeUndefined();
  });
});

describe('a secret of which a tag must be that of the reader', () => {
  const SECRET = arn('secretsmanager', 'secret:orders-AbCdEf', '111122223333');
  const reads = (condition: JsonObject): Says => ({
    Effect: 'Allow',
    Action: 'secretsmanager:GetSecretValue',
    Resource: '*',
    Condition: condition,
  });
  const OWN = reads({ StringEquals: { 'aws:ResourceTag/team': '${aws:PrincipalTag/team}' } });
  const reached = (says: readonly Says[], tags: Record<string, string> = { team: 'red' }): string | undefined =>
    reachedFrom(
      {
        users: { ann: { says, tags } },
        answers: {
          'secrets-manager/ListSecrets': {
            SecretList: [{ ARN: SECRET, Name: 'orders', Tags: tagList({ team: 'blue' }) }],
          },
        },
      },
      ANN,
    ).assets.get(SECRET);

  test.each<[string, string, readonly Says[]]>([
    ['may tag herself', 'read confirmed', ['iam:TagUser']],
    ['may give herself that value', 'read confirmed', [tagging('StringEquals', 'aws:RequestTag/team', 'blue')]],
    // Which of the values of that form serves is not tried.
    ['may give herself values of a form', 'read conditional', [tagging('StringLike', 'aws:RequestTag/team', 'b*')]],
    [
      'may give herself all values but one',
      'read conditional',
      [tagging('StringNotEquals', 'aws:RequestTag/team', 'red')],
    ],
  ])('is read by Ann, who %s', (_, expected, says) => {
    expect(reached([OWN, ...says])).toBe(expected);
  });

  test.each<[string, readonly Says[]]>([
    ['may tag nobody', []],
    ['may tag another', [`iam:TagUser on ${userArn('bob')}`]],
    ['may give herself another value alone', [tagging('StringEquals', 'aws:RequestTag/team', 'green')]],
    ['may give herself another tag alone', [tagging('ForAllValues:StringEquals', 'aws:TagKeys', 'stage')]],
  ])('is not read by Ann, who %s', (_, says) => {
    expect(reached([OWN, ...says])).toBeUndefined();
  });

  test('whose tag is compared with a name in the ARN', () => {
    const named: Says = {
      Effect: 'Allow',
      Action: 'secretsmanager:GetSecretValue',
      Resource: arn('secretsmanager', 'secret:${aws:PrincipalTag/app}-*', '111122223333'),
    };
    expect(reached([named, 'iam:TagUser'])).toBe('read confirmed');
    expect(reached([named])).toBeUndefined();
  });

  test('of which more values are asked for than are tried', () => {
    const many = Array.from({ length: 40 }, (_, i) => `team-${i}`);
    const anyOf = reads({ StringEquals: { 'aws:PrincipalTag/team': many } });
    expect(reached([anyOf, tagging('StringEquals', 'aws:RequestTag/team', 'team-39')])).toBe('read confirmed');
    expect(reached([anyOf, tagging('StringLike', 'aws:RequestTag/team', 'team-2?')])).toBe('read conditional');
    expect(reached([anyOf, tagging('StringEquals', 'aws:RequestTag/team', 'team')])).toBeUndefined();
    expect(reached([anyOf, 'iam:TagUser'])).toBe('read confirmed');
    expect(reached([anyOf])).toBeUndefined();
    expect(reached([anyOf, tagging('ForAllValues:StringEquals', 'aws:TagKeys', 'stage')])).toBeUndefined();
  });

  test('and is given the value of the reader, by whoever may set their own value alone', () => {
    const retags = (condition: JsonObject): Says => ({
      Effect: 'Allow',
      Action: 'secretsmanager:TagResource',
      Resource: '*',
      Condition: condition,
    });
    const own = { StringEquals: { 'aws:RequestTag/team': '${aws:PrincipalTag/team}' } };
    const other = { StringEquals: { 'aws:RequestTag/team': 'green' } };
    expect(reached([OWN, retags(own)])).toBe('read confirmed');
    expect(reached([OWN, retags(other)])).toBeUndefined();
    expect(reached([OWN, retags(own)], {})).toBeUndefined();
  });
});

describe('a tag that keeps Ann from a role', () => {
  const withTag = (says: readonly Says[], tags: Record<string, string> = { Access: 'none' }): ReachedFrom => {
    const { users, roles } = world([
      ...says,
      {
        Effect: 'Deny',
        Action: 'sts:AssumeRole',
        Resource: STRONG,
        Condition: { StringLike: { 'aws:PrincipalTag/access': '?*' } },
      },
    ]);
    const strong = { ...roles?.['strong'], trust: { AWS: ANN } };
    return reachedFrom({ users: { ann: { ...users?.['ann'], tags } }, roles: { strong } }, ANN);
  };
  const untagging = (key: string): Says => ({
    Effect: 'Allow',
    Action: 'iam:UntagUser',
    Resource: ANN,
    Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': [key] } },
  });

  test.each<[string, readonly Says[]]>([
    ['may untag herself', ['iam:UntagUser']],
    ['may take that tag away', [untagging('access')]],
  ])('keeps her no longer, who %s', (_, says) => {
    const { assets, steps } = withTag(says);
    expect(assets.get(STRONG)).toBe('control confirmed');
    expect(steps.get(STRONG)).toEqual(['untag-principal', 'assume-role']);
  });

  test.each<[string, readonly Says[]]>([
    ['may not untag anybody', []],
    ['may untag another', [`iam:UntagUser on ${userArn('bob')}`]],
    ['may take other tags away alone', [untagging('team')]],
  ])('keeps her, who %s', (_, says) => {
    expect(withTag(says).assets.get(STRONG)).toBeUndefined();
  });

  test('is not taken away from who has none', () => {
    expect(withTag(['iam:UntagUser'], {}).steps.get(STRONG)).toEqual(['assume-role']);
  });
});
