import { describe, expect, test } from 'vitest';
import { type Miniature, roleArn, type Says, userArn } from './miniature.js';
import { reachedFrom } from './reached.js';

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
