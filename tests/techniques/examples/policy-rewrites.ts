import { arn, type Miniature, roleArn, type Says, userArn } from '../miniature.js';
import { ADMIN, ANN, annMay, deny, type ExampleFamily, fromOffice, policyArn } from './example.js';

const becomesAdmin = { from: ANN, reaches: ADMIN, access: 'admin' } as const;
const WEB = roleArn('web');
const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

/** Allowed for one policy alone. */
const onlyPolicy = (action: string, resource: string, policy: string): Says => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
  Condition: { ArnEquals: { 'iam:PolicyARN': policy } },
});

/** Ann, a member of a group. */
const member = (says: readonly Says[], group: NonNullable<Miniature['groups']>[string] = {}): Miniature => ({
  users: { ann: { says, groups: ['team'] } },
  groups: { team: group },
});
const TEAM = arn('iam', 'group/team');

/** Ann, to whom a managed policy of the account is attached. */
const attached = (says: readonly Says[], versions: readonly (readonly Says[])[]): Miniature => ({
  users: { ann: { says, attached: ['own'] } },
  policies: { own: versions },
});
const OWN = policyArn('own');

/** Rewriting the policies that decide what a principal may do. */
export const POLICY_REWRITE_EXAMPLES: ExampleFamily = {
  'put-user-policy': {
    ...becomesAdmin,
    works: { why: 'Ann may write an inline policy on herself.', world: annMay([`iam:PutUserPolicy on ${ANN}`]) },
    fails: {
      why: 'The user on whom Ann may write is another one, whose credentials she has not.',
      world: annMay([`iam:PutUserPolicy on ${userArn('bob')}`]),
    },
    unknown: {
      why: 'Ann may write the policy from the addresses of one office alone.',
      world: annMay([fromOffice(`iam:PutUserPolicy on ${ANN}`)]),
      because: 'aws:SourceIp',
    },
  },
  'attach-user-policy': {
    ...becomesAdmin,
    works: { why: 'Ann may attach any policy to herself.', world: annMay([`iam:AttachUserPolicy on ${ANN}`]) },
    fails: {
      why: 'The one policy that Ann may attach is ReadOnlyAccess.',
      world: annMay([onlyPolicy('iam:AttachUserPolicy', ANN, READ_ONLY)]),
    },
    unknown: {
      why: 'Ann may attach policies only in a session with MFA, and whether she has the device is not known.',
      world: annMay([
        {
          Effect: 'Allow',
          Action: 'iam:AttachUserPolicy',
          Resource: ANN,
          Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
        },
      ]),
      because: 'aws:MultiFactorAuthPresent',
    },
  },
  'put-role-policy': {
    from: WEB,
    reaches: ADMIN,
    access: 'admin',
    works: {
      why: 'The role may write inline policies on roles, itself among them.',
      world: { roles: { web: { says: ['iam:PutRolePolicy'] } } },
    },
    fails: {
      why: 'A permissions boundary caps the role: what is written on it gives it nothing.',
      world: { roles: { web: { says: ['iam:PutRolePolicy'], boundary: ['iam:PutRolePolicy'] } } },
    },
    unknown: {
      why: 'The role may write policies from the addresses of one office alone.',
      world: { roles: { web: { says: [fromOffice('iam:PutRolePolicy')] } } },
      because: 'aws:SourceIp',
    },
  },
  'attach-role-policy': {
    from: WEB,
    reaches: ADMIN,
    access: 'admin',
    works: {
      why: 'The role may attach any policy to itself.',
      world: { roles: { web: { says: [`iam:AttachRolePolicy on ${WEB}`] } } },
    },
    fails: {
      why: 'The one policy that the role may attach is ReadOnlyAccess.',
      world: { roles: { web: { says: [onlyPolicy('iam:AttachRolePolicy', WEB, READ_ONLY)] } } },
    },
    unknown: {
      why: 'The role may attach policies from the addresses of one office alone.',
      world: { roles: { web: { says: [fromOffice(`iam:AttachRolePolicy on ${WEB}`)] } } },
      because: 'aws:SourceIp',
    },
  },
  'put-group-policy': {
    ...becomesAdmin,
    works: {
      why: 'Ann may write an inline policy on a group of hers.',
      world: member([`iam:PutGroupPolicy on ${TEAM}`]),
    },
    fails: {
      why: 'Ann is no member of the group on which she may write.',
      world: { users: { ann: { says: [`iam:PutGroupPolicy on ${TEAM}`] } }, groups: { team: {} } },
    },
    unknown: {
      why: 'Ann may write the policy from the addresses of one office alone.',
      world: member([fromOffice(`iam:PutGroupPolicy on ${TEAM}`)]),
      because: 'aws:SourceIp',
    },
  },
  'attach-group-policy': {
    ...becomesAdmin,
    works: { why: 'Ann may attach any policy to a group of hers.', world: member(['iam:AttachGroupPolicy']) },
    fails: {
      why: 'The group denies its members to attach policies to groups.',
      world: member(['iam:AttachGroupPolicy'], { says: [deny('iam:AttachGroupPolicy')] }),
    },
    unknown: {
      why: 'Ann may attach policies from the addresses of one office alone.',
      world: member([fromOffice('iam:AttachGroupPolicy')]),
      because: 'aws:SourceIp',
    },
  },
  'add-user-to-group': {
    ...becomesAdmin,
    works: {
      why: 'Ann may add users to a group that has AdministratorAccess.',
      world: annMay(['iam:AddUserToGroup'], {
        groups: { admins: { attached: ['arn:aws:iam::aws:policy/AdministratorAccess'] } },
      }),
    },
    fails: {
      why: 'The group has a policy that reads buckets.',
      world: annMay(['iam:AddUserToGroup'], { groups: { admins: { says: ['s3:GetObject'] } } }),
    },
    unknown: {
      why: 'Ann may add users from the addresses of one office alone.',
      world: annMay([fromOffice('iam:AddUserToGroup')], {
        groups: { admins: { attached: ['arn:aws:iam::aws:policy/AdministratorAccess'] } },
      }),
      because: 'aws:SourceIp',
    },
  },
  'create-policy-version': {
    ...becomesAdmin,
    works: {
      why: 'Ann may replace the contents of a policy that is attached to her.',
      world: attached([`iam:CreatePolicyVersion on ${OWN}`], [['s3:ListBucket']]),
    },
    fails: {
      why: 'The policy has five versions, which is the most, and Ann may not delete one.',
      world: attached(
        [`iam:CreatePolicyVersion on ${OWN}`],
        [['s3:ListBucket'], ['s3:GetObject'], ['s3:PutObject'], ['s3:GetBucketAcl'], ['s3:ListAllMyBuckets']],
      ),
    },
    alsoFails: [
      {
        why: 'The policy is one of AWS’s, which nobody else changes.',
        world: {
          users: { ann: { says: ['iam:CreatePolicyVersion'], attached: [READ_ONLY] } },
          policies: { [READ_ONLY]: [['s3:ListBucket']] },
        },
      },
    ],
    unknown: {
      why: 'Ann may make versions from the addresses of one office alone.',
      world: attached([fromOffice(`iam:CreatePolicyVersion on ${OWN}`)], [['s3:ListBucket']]),
      because: 'aws:SourceIp',
    },
  },
  'set-default-policy-version': {
    ...becomesAdmin,
    works: {
      why: 'An older version of a policy of Ann’s allows everything, and she may put it in force.',
      world: attached([`iam:SetDefaultPolicyVersion on ${OWN}`], [['s3:ListBucket'], ['*']]),
    },
    fails: {
      why: 'The older version allows nothing more than buckets.',
      world: attached([`iam:SetDefaultPolicyVersion on ${OWN}`], [['s3:ListBucket'], ['s3:*']]),
    },
    unknown: {
      why: 'Ann may put versions in force from the addresses of one office alone.',
      world: attached([fromOffice(`iam:SetDefaultPolicyVersion on ${OWN}`)], [['s3:ListBucket'], ['*']]),
      because: 'aws:SourceIp',
    },
  },
};
