import { arn, userArn } from '../miniature.js';
import { ADMIN, ANN, annMay, type ExampleFamily, fromOffice, policyArn } from './example.js';

const becomesAdmin = { from: ANN, reaches: ADMIN, access: 'admin' } as const;
const NEW = userArn('new-*');
const NEW_GROUP = arn('iam', 'group/new-*');

/** Administrators that are made rather than found. */
export const MINTED_EXAMPLES: ExampleFamily = {
  'create-administrator-role': {
    ...becomesAdmin,
    works: {
      why: 'Ann may make roles and attach policies to them.',
      world: annMay(['iam:CreateRole', 'iam:AttachRolePolicy']),
    },
    fails: {
      why: 'Ann may make roles under one permissions boundary alone.',
      world: annMay([
        {
          Effect: 'Allow',
          Action: 'iam:CreateRole',
          Resource: '*',
          Condition: { StringEquals: { 'iam:PermissionsBoundary': policyArn('limit') } },
        },
        'iam:AttachRolePolicy',
      ]),
    },
    unknown: {
      why: 'Ann may make roles from the addresses of one office alone.',
      world: annMay([fromOffice('iam:CreateRole'), 'iam:AttachRolePolicy']),
      because: 'aws:SourceIp',
    },
  },
  'create-administrator-user': {
    ...becomesAdmin,
    works: {
      why: 'Ann may make users, attach policies to them, and make their access keys.',
      world: annMay(['iam:CreateUser', `iam:AttachUserPolicy on ${NEW}`, `iam:CreateAccessKey on ${NEW}`]),
    },
    fails: {
      why: 'Ann may make no credential for the new user.',
      world: annMay(['iam:CreateUser', `iam:AttachUserPolicy on ${NEW}`]),
    },
    alsoFails: [
      {
        why: 'No user that Ann may make has a name for which she may make a credential.',
        world: annMay([
          `iam:CreateUser on ${NEW}`,
          `iam:AttachUserPolicy on ${NEW}`,
          `iam:CreateAccessKey on ${userArn('old-*')}`,
        ]),
      },
    ],
    unknown: {
      why: 'Ann may make users from the addresses of one office alone.',
      world: annMay([fromOffice('iam:CreateUser'), `iam:AttachUserPolicy on ${NEW}`, `iam:CreateAccessKey on ${NEW}`]),
      because: 'aws:SourceIp',
    },
  },
  'create-administrator-group': {
    ...becomesAdmin,
    works: {
      why: 'Ann may make groups, attach policies to them, and put users in them.',
      world: annMay(['iam:CreateGroup', `iam:AttachGroupPolicy on ${NEW_GROUP}`, `iam:AddUserToGroup on ${NEW_GROUP}`]),
    },
    fails: {
      why: 'Ann may put nobody in the new group.',
      world: annMay(['iam:CreateGroup', `iam:AttachGroupPolicy on ${NEW_GROUP}`]),
    },
    alsoFails: [
      {
        why: 'The groups that Ann may put users in are none of those to which she may attach policies.',
        world: annMay([
          'iam:CreateGroup',
          `iam:AttachGroupPolicy on ${NEW_GROUP}`,
          `iam:AddUserToGroup on ${arn('iam', 'group/old-*')}`,
        ]),
      },
      {
        why: 'A permissions boundary keeps Ann from what the new group may do.',
        world: {
          users: {
            ann: {
              says: ['iam:CreateGroup', `iam:AttachGroupPolicy on ${NEW_GROUP}`, `iam:AddUserToGroup on ${NEW_GROUP}`],
              boundary: ['iam:CreateGroup', 'iam:AttachGroupPolicy', 'iam:AddUserToGroup'],
            },
          },
        },
      },
    ],
    unknown: {
      why: 'Ann may put users in groups from the addresses of one office alone.',
      world: annMay(['iam:CreateGroup', `iam:AttachGroupPolicy on ${NEW_GROUP}`, fromOffice('iam:AddUserToGroup')]),
      because: 'aws:SourceIp',
    },
  },
};
