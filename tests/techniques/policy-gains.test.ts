import { describe, expect, test } from 'vitest';
import { ACCOUNT, arn, type Miniature, roleArn, type Says, userArn } from './miniature.js';
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

test('a console password is deleted and made anew by whoever may do both', () => {
  const victim = { says: ['*'], password: true } as const;
  const both = ['iam:CreateLoginProfile', 'iam:DeleteLoginProfile'].map((a) => `${a} on ${userArn('bob')}`);
  expect(reachedFrom({ users: { ann: { says: both }, bob: victim } }, ANN).assets.get(userArn('bob'))).toBe(
    'control confirmed',
  );
});
