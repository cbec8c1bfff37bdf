import { field } from '../model/index.js';
import { type AssetFamily, type FieldLink, global } from './declaration.js';
import { principalLinks } from './principal-reference.js';

/** Managed policies that are attached; a boundary grants nothing, so it has a name of its own. */
const POLICY_LINKS: readonly FieldLink[] = [
  ['has-policy', 'iam:policy', 'AttachedManagedPolicies[].PolicyArn'],
  ['bounded-by', 'iam:policy', 'PermissionsBoundary.PermissionsBoundaryArn'],
];

/** @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html */
export const iam: AssetFamily = {
  types: [
    {
      type: 'iam:user',
      answer: 'iam/GetAccountAuthorizationDetails',
      list: 'UserDetailList[]',
      identity: global('iam', 'user/', 'UserName', 'Arn'),
      name: 'UserName',
      links: [...POLICY_LINKS, ['member-of', 'iam:group', 'GroupList[]']],
    },
    {
      type: 'iam:user',
      answer: 'iam/ListUsers',
      list: 'Users[]',
      identity: global('iam', 'user/', 'UserName', 'Arn'),
      name: 'UserName',
    },
    {
      type: 'iam:group',
      answer: 'iam/GetAccountAuthorizationDetails',
      list: 'GroupDetailList[]',
      identity: global('iam', 'group/', 'GroupName', 'Arn'),
      name: 'GroupName',
      links: POLICY_LINKS,
    },
    {
      type: 'iam:role',
      answer: 'iam/GetAccountAuthorizationDetails',
      list: 'RoleDetailList[]',
      identity: global('iam', 'role/', 'RoleName', 'Arn'),
      name: 'RoleName',
      links: POLICY_LINKS,
      moreLinks: (role) => principalLinks('trusts', field(role, 'AssumeRolePolicyDocument')),
    },
    {
      type: 'iam:policy',
      answer: 'iam/GetAccountAuthorizationDetails',
      list: 'Policies[]',
      identity: global('iam', 'policy/', 'PolicyName', 'Arn'),
      name: 'PolicyName',
    },
    ...[
      ['iam/GetAccountAuthorizationDetails', 'RoleDetailList[].InstanceProfileList[]'] as const,
      ['iam/ListInstanceProfiles', 'InstanceProfiles[]'] as const,
    ].map(([answer, list]) => ({
      type: 'iam:instance-profile',
      answer,
      list,
      identity: global('iam', 'instance-profile/', 'InstanceProfileName', 'Arn'),
      name: 'InstanceProfileName',
      links: [['contains-role', 'iam:role', 'Roles[].Arn']] as const,
    })),
    {
      type: 'iam:access-key',
      answer: 'iam/ListAccessKeys',
      keyed: true,
      list: 'AccessKeyMetadata[]',
      // AWS gives access keys no ARN.
      identity: { bare: 'AccessKeyId', make: (id, place) => `iam:access-key/${place.account}/${id}` },
      name: 'AccessKeyId',
      links: [['belongs-to', 'iam:user', 'UserName']],
    },
    {
      type: 'iam:oidc-provider',
      answer: 'iam/ListOpenIDConnectProviders',
      list: 'OpenIDConnectProviderList[]',
      identity: { arn: 'Arn' },
    },
    {
      type: 'iam:saml-provider',
      answer: 'iam/ListSAMLProviders',
      list: 'SAMLProviderList[]',
      identity: { arn: 'Arn' },
    },
  ],
  details: [
    { answer: 'iam/GetLoginProfile', about: 'iam:user' },
    { answer: 'iam/ListMFADevices', about: 'iam:user' },
    { answer: 'iam/GetSAMLProvider', about: 'iam:saml-provider', tags: 'Tags' },
    { answer: 'iam/GetOpenIDConnectProvider', about: 'iam:oidc-provider', tags: 'Tags' },
  ],
};
