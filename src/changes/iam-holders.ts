/** Who has policies, and by which key: lists of iam/GetAccountAuthorizationDetails. */
export const IAM_HOLDERS = [
  { list: 'UserDetailList', inline: 'UserPolicyList' },
  { list: 'RoleDetailList', inline: 'RolePolicyList' },
  { list: 'GroupDetailList', inline: 'GroupPolicyList' },
] as const;
