import type { JsonObject } from '../../../src/model/index.js';
import { ACCOUNT, arn, type Miniature, type Says } from '../miniature.js';
import { ADMIN, ANN, annMay, type ExampleFamily, fromOffice, withMfa } from './example.js';

export const INSTANCE = 'arn:aws:sso:::instance/ssoins-1111';
export const SET = 'arn:aws:sso:::permissionSet/ssoins-1111/ps-2222';
const NAME = 'AWSReservedSSO_Operators_0123456789abcdef';
export const RESERVED = arn('iam', `role/aws-reserved/sso.amazonaws.com/${NAME}`);
export const HERE = `arn:aws:sso:::account/${ACCOUNT}`;

/** One instance with one permission set, of this account or of another. */
const identityCenter = (owner = ACCOUNT): Readonly<Record<string, JsonObject>> => ({
  'sso-admin/ListInstances': { Instances: [{ InstanceArn: INSTANCE, OwnerAccountId: owner }] },
  'sso-admin/ListPermissionSets': { [INSTANCE]: { PermissionSets: [SET] } },
  'sso-admin/DescribePermissionSet': { [SET]: { PermissionSet: { PermissionSetArn: SET, Name: 'Operators' } } },
});

const role = (says: readonly Says[]): NonNullable<Miniature['roles']> => ({
  [NAME]: {
    path: '/aws-reserved/sso.amazonaws.com/',
    trust: { Federated: arn('iam', 'saml-provider/AWSSSO_DO_NOT_DELETE') },
    says,
  },
});

/** The role of the permission set, which may do what is said. */
export const operators = (says: readonly Says[], owner?: string): Miniature => ({
  roles: role(says),
  answers: identityCenter(owner),
});

export const on = (action: string, resources: readonly string[]): JsonObject => ({
  Effect: 'Allow',
  Action: action,
  Resource: resources,
});
export const PROVISION = on('sso:ProvisionPermissionSet', [INSTANCE, SET, HERE]);

/** Rewriting the permission set of one's own role. */
const rewriting = (action: string): ExampleFamily[string] => {
  const write = on(action, [INSTANCE, SET]);
  return {
    from: RESERVED,
    reaches: ADMIN,
    access: 'admin',
    works: {
      why: 'The role may write in the permission set that it is made of, and provision it again.',
      world: operators([write, PROVISION]),
    },
    fails: { why: 'It may not provision it.', world: operators([write]) },
    alsoFails: [
      {
        why: 'It may write in another permission set.',
        world: operators([on(action, [INSTANCE, `${SET}-3`]), PROVISION]),
      },
      {
        why: 'Another account owns the instance of Identity Center.',
        world: operators([write, PROVISION], '999988887777'),
      },
    ],
    unknown: {
      why: 'It may write from the addresses of one office alone.',
      world: operators([{ ...write, Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } }, PROVISION]),
      because: 'aws:SourceIp',
    },
  };
};

const assigning = (says: readonly Says[], owner?: string): Miniature =>
  annMay(says, { roles: role([]), answers: identityCenter(owner) });
const ASSIGN = on('sso:CreateAccountAssignment', [INSTANCE, SET, HERE]);

const CREATE = 'sso:CreatePermissionSet';
const ATTACH = 'sso:AttachManagedPolicyToPermissionSet';
const ASSIGN_ANY = 'sso:CreateAccountAssignment';

/** IAM Identity Center. */
export const IDENTITY_CENTER_EXAMPLES: ExampleFamily = {
  'sso-attach-policy': rewriting('sso:AttachManagedPolicyToPermissionSet'),
  'sso-inline-policy': rewriting('sso:PutInlinePolicyToPermissionSet'),
  'sso-assign-existing': {
    from: ANN,
    reaches: RESERVED,
    access: 'control',
    works: {
      why: 'Ann may assign the permission set in the account; whether she has a user to assign it to is not in the API.',
      world: assigning([ASSIGN]),
      depends: 'Identity Center user',
    },
    fails: {
      why: 'Ann may assign another permission set.',
      world: assigning([on('sso:CreateAccountAssignment', [INSTANCE, `${SET}-3`, HERE])]),
    },
    alsoFails: [
      {
        why: 'Ann may assign it in another account.',
        world: assigning([on('sso:CreateAccountAssignment', [INSTANCE, SET, 'arn:aws:sso:::account/999988887777'])]),
      },
      { why: 'Another account owns the instance of Identity Center.', world: assigning([ASSIGN], '999988887777') },
    ],
    unknown: {
      why: 'Ann may assign it with MFA alone.',
      world: assigning([{ ...ASSIGN, Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }]),
      because: 'aws:MultiFactorAuthPresent',
    },
  },
  'sso-new-permission-set': {
    from: ANN,
    reaches: ADMIN,
    access: 'admin',
    works: {
      why: 'Ann may make a permission set, attach a policy to it, and assign it; whether she has a user to assign it to is not in the API.',
      world: assigning([CREATE, ATTACH, ASSIGN_ANY]),
      depends: 'Identity Center user',
    },
    fails: { why: 'Ann may assign none.', world: assigning([CREATE, ATTACH]) },
    alsoFails: [{ why: 'Ann may put no policy into it.', world: assigning([CREATE, ASSIGN_ANY]) }],
    unknown: {
      why: 'Ann may make it from the addresses of one office, and assign it with MFA.',
      world: assigning([fromOffice(CREATE), ATTACH, withMfa(ASSIGN_ANY)]),
      because: 'aws:SourceIp',
    },
  },
};
