import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/model/index.js';
import { type Miniature, roleArn, type Says, userArn } from './miniature.js';
import { reachedFrom } from './reached.js';

const ANN = userArn('ann');
const DEPLOY = roleArn('deploy');

/** A role that the account's principals may assume, with an extra of which the trust policy says something. */
const world = (says: readonly Says[], Condition: JsonObject, trusted: readonly string[]): Miniature => ({
  users: { ann: { says } },
  roles: {
    deploy: {
      trust: {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111122223333:root' },
        Action: ['sts:AssumeRole', ...trusted],
        Condition,
      },
    },
  },
});
const assumed = (mini: Miniature): string | undefined => reachedFrom(mini, ANN).assets.get(DEPLOY);

describe.each([
  ['sts:SetSourceIdentity', { StringLike: { 'sts:SourceIdentity': '*' } }],
  ['sts:TagSession', { StringEquals: { 'aws:RequestTag/team': 'shop' } }],
])('a session that has to be made with %s', (action, condition) => {
  test('is made where both sides allow it', () => {
    expect(assumed(world(['sts:AssumeRole', action], condition, [action]))).toBe('control confirmed');
  });

  test.each([
    ['Ann may not', world(['sts:AssumeRole'], condition, [action])],
    ['the trust policy does not let her', world(['sts:AssumeRole', action], condition, [])],
  ])('is not made where %s', (_, mini) => {
    expect(assumed(mini)).toBeUndefined();
  });

  test('hangs on the second factor where that is asked for', () => {
    const withMfa: Says = {
      Effect: 'Allow',
      Action: action,
      Resource: '*',
      Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
    };
    expect(assumed(world(['sts:AssumeRole', withMfa], condition, [action]))).toBe('control conditional');
  });
});

test('a session that must not have a source identity is made without', () => {
  const without = { Null: { 'sts:SourceIdentity': 'true' } };
  expect(assumed(world(['sts:AssumeRole'], without, []))).toBe('control confirmed');
});
