import { userArn } from '../miniature.js';
import { ADMIN, ANN, annMay, type ExampleFamily, fromOffice, policyArn } from './example.js';

const becomesAdmin = { from: ANN, reaches: ADMIN, access: 'admin' } as const;
const NEW = userArn('new-*');

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
};
