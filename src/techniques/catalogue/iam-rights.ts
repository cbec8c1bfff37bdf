import type { CatalogueFamily } from './catalogue-row.js';

export const IAM_WRITES: CatalogueFamily = {
  title: 'More rights by writing to IAM',
  rows: [
    ['A new version of one’s own policy', ['create-policy-version']],
    ['An access key for another user', ['create-access-key']],
    ['An access key in place of another', ['create-access-key']],
    ['A first console password for another user', ['create-login-profile']],
    ['An inline policy on one’s own role', ['put-role-policy']],
    ['Another console password for a user', ['update-login-profile']],
    ['An inline policy on oneself', ['put-user-policy']],
    ['A managed policy attached to oneself', ['attach-user-policy']],
    ['A managed policy attached to one’s own role', ['attach-role-policy']],
    ['A managed policy attached to one’s own group', ['attach-group-policy']],
    ['An inline policy on one’s own group', ['put-group-policy']],
    ['The trust policy of a stronger role', ['update-assume-role-policy']],
    ['Joining a stronger group', ['add-user-to-group', 'join-group', 'create-administrator-group']],
    ['A role that is strengthened by a managed policy, then assumed', ['attach-role-policy', 'assume-role']],
    ['A user that is strengthened by a managed policy, then given a key', ['attach-user-policy', 'create-access-key']],
    ['A role whose policy is rewritten, then assumed', ['create-policy-version', 'assume-role']],
    ['A role that is strengthened by an inline policy, then assumed', ['put-role-policy', 'assume-role']],
    ['A user that is strengthened by an inline policy, then given a key', ['put-user-policy', 'create-access-key']],
    ['A role that is strengthened by a managed policy and opened', ['attach-role-policy', 'update-assume-role-policy']],
    ['A role whose policy is rewritten and that is opened', ['create-policy-version', 'update-assume-role-policy']],
    ['A role that is strengthened by an inline policy and opened', ['put-role-policy', 'update-assume-role-policy']],
    ['A user’s permissions boundary deleted', ['delete-user-boundary']],
    ['A role’s permissions boundary deleted', ['delete-role-boundary']],
    ['A user’s permissions boundary replaced', ['put-user-boundary']],
    ['A denying policy detached from a user', ['detach-user-deny']],
    ['A denying inline policy of a user deleted', ['delete-user-deny', 'overwrite-user-deny']],
  ],
};

export const TRUST: CatalogueFamily = {
  title: 'More rights by trust and Identity Center',
  rows: [
    ['A role that one may assume', ['assume-role', 'account-administrator', 'administer-account']],
    ['A role of another account that trusts this one', ['account-to-account', 'assume-role']],
    ['A role that everybody may assume', ['open-role-trust']],
    ['A role whose trust one may rewrite', ['update-assume-role-policy']],
    [
      'A new permission set for oneself',
      ['sso-new-permission-set'],
      'Whether the intruder has a user there is left open.',
    ],
    ['A managed policy in one’s own permission set', ['sso-attach-policy']],
    ['An inline policy in one’s own permission set', ['sso-inline-policy']],
  ],
};
