import { describe, expect, test } from 'vitest';
import { ACCOUNT, arn, type Miniature, type Says, userArn } from './miniature.js';
import { reachedFrom } from './reached.js';

const ADMIN = `aws:admin/${ACCOUNT}`;
const ANN = userArn('ann');
const BOB = userArn('bob');

const deny = (action: string): Says => ({ Effect: 'Deny', Action: action, Resource: '*' });
const ann = (user: NonNullable<Miniature['users']>[string], others: Miniature = {}): Miniature => ({
  ...others,
  users: { ann: user, bob: {}, ...others.users },
});

describe('taking away what holds a principal back', () => {
  const works: readonly (readonly [string, Miniature])[] = [
    ['delete-user-boundary', ann({ says: ['*'], boundary: ['iam:DeleteUserPermissionsBoundary'] })],
    ['put-user-boundary', ann({ says: ['*'], boundary: ['iam:PutUserPermissionsBoundary'] })],
    ['rewrite-boundary-policy', ann({ says: ['*'], boundary: ['iam:CreatePolicyVersion'] })],
    [
      'detach-user-deny',
      ann(
        { says: ['*'], attached: ['no'] },
        { policies: { no: [[deny('iam:Put*'), deny('iam:Attach*'), deny('iam:Create*'), deny('s3:*')]] } },
      ),
    ],
    [
      'leave-denying-group',
      ann(
        { says: ['*'], groups: ['held'] },
        {
          groups: { held: { says: [deny('iam:Put*'), deny('iam:Attach*'), deny('iam:C*'), deny('iam:DeleteGroup*')] } },
        },
      ),
    ],
    [
      'delete-group-deny',
      ann(
        { says: ['*'], groups: ['held'] },
        { groups: { held: { says: [deny('iam:Put*'), deny('iam:Attach*'), deny('iam:C*'), deny('iam:Remove*')] } } },
      ),
    ],
    [
      'roll-back-deny-policy',
      ann(
        { says: ['*'], attached: ['no'] },
        { policies: { no: [[deny('iam:Put*'), deny('iam:Attach*'), deny('iam:C*'), deny('iam:Detach*')], ['s3:*']] } },
      ),
    ],
  ];
  test.each(works)('%s makes an administrator', (technique, world) => {
    const { assets, steps } = reachedFrom(world, ANN);
    expect(assets.get(ADMIN)).toBe('admin confirmed');
    expect(steps.get(ADMIN)).toEqual([technique, 'account-administrator']);
  });

  test('deleting an inline policy takes its permissions with it', () => {
    const world: Miniature = {
      users: { ann: { says: ['iam:CreateAccessKey', 'iam:DeleteUserPolicy', deny('iam:CreateAccessKey')] }, bob: {} },
    };
    expect([...reachedFrom(world, ANN).assets.keys()]).not.toContain(BOB);
  });

  test('another principal may do the removing', () => {
    const world: Miniature = {
      users: { ann: { says: ['iam:CreateAccessKey'], attached: ['no'] }, bob: {} },
      roles: { cleaner: { trust: 'user/ann', says: [`iam:DetachUserPolicy on ${ANN}`] } },
      policies: { no: [[deny('iam:CreateAccessKey')]] },
    };
    const { assets, steps } = reachedFrom(world, ANN);
    expect(assets.get(BOB)).toBe('control confirmed');
    expect(steps.get(BOB)).toEqual(['assume-role', 'detach-user-deny', 'create-access-key']);
  });

  test('a boundary and a denying policy are both taken away', () => {
    const world: Miniature = {
      users: {
        ann: {
          says: ['*'],
          attached: ['no'],
          boundary: ['iam:DeleteUserPermissionsBoundary', 'iam:DetachUserPolicy'],
        },
      },
      policies: { no: [[deny('iam:Put*'), deny('iam:Attach*'), deny('iam:C*')]] },
    };
    const { assets, steps } = reachedFrom(world, ANN);
    expect(assets.get(ADMIN)).toBe('admin confirmed');
    expect([...(steps.get(ADMIN) ?? [])].sort()).toEqual([
      'account-administrator',
      'delete-user-boundary',
      'detach-user-deny',
    ]);
  });

  test('what was denied may be the rewriting itself', () => {
    const world: Miniature = {
      users: { ann: { says: ['iam:AttachUserPolicy', 'iam:DetachUserPolicy'], attached: ['no'] } },
      policies: { no: [[deny('iam:AttachUserPolicy')]] },
    };
    const { assets, steps } = reachedFrom(world, ANN);
    expect(assets.get(ADMIN)).toBe('admin confirmed');
    expect(steps.get(ADMIN)).toEqual(['detach-user-deny', 'attach-user-policy', 'account-administrator']);
  });

  const tempting: readonly (readonly [string, Miniature])[] = [
    [
      'the boundary may be deleted, but nothing waits behind it',
      ann({ says: ['s3:*', 'iam:DeleteUserPermissionsBoundary'], boundary: ['iam:*'] }),
    ],
    ['the boundary does not allow its own deletion', ann({ says: ['*'], boundary: ['s3:*'] })],
    [
      'only the boundary of somebody else may be deleted',
      ann({ says: ['*'], boundary: [`iam:DeleteUserPermissionsBoundary on ${BOB}`] }),
    ],
    [
      'only one boundary may be put',
      ann({
        says: ['*'],
        boundary: [
          {
            Effect: 'Allow',
            Action: 'iam:PutUserPermissionsBoundary',
            Resource: '*',
            Condition: { StringEquals: { 'iam:PermissionsBoundary': arn('iam', 'policy/boundary-ann') } },
          },
        ],
      }),
    ],
    [
      'the deny covers its own removal',
      ann({ says: ['*'], attached: ['no'] }, { policies: { no: [[deny('iam:*')]] } }),
    ],
    [
      'the policy reaches the user by a group too',
      ann(
        { says: ['*'], attached: ['no'], groups: ['held'] },
        {
          groups: { held: { attached: ['no'] } },
          policies: {
            no: [
              [
                deny('iam:Put*'),
                deny('iam:Attach*'),
                deny('iam:C*'),
                deny('iam:Remove*'),
                deny('iam:*Group*'),
                deny('iam:Set*'),
              ],
            ],
          },
        },
      ),
    ],
  ];
  test.each(tempting)('no administrator: %s', (_, world) => {
    expect([...reachedFrom(world, ANN).assets.keys()]).not.toContain(ADMIN);
  });
});
