import { parseArn, permissionSetOf } from '../model/index.js';
import { quote } from './quote.js';

/** The calls that change a permission set as one would change its role, which IAM lets nobody change. One line each; words in capitals are to be filled in. */
export interface PermissionSetCommands {
  readonly name: string;
  /** `document` is one word of a shell; `undefined` where nothing is left of it. */
  readonly inline: (document: string | undefined) => string;
  readonly attach: (policy: string) => string;
  readonly detach: (policy: string) => string;
  /** Nobody is given the role any more: its trust policy is not in the customer’s hands either. */
  readonly unassign: () => string;
}

const SET = '--instance-arn INSTANCE-ARN --permission-set-arn PERMISSION-SET-ARN';

/** A change of a permission set reaches its roles once it is provisioned. */
const provisioned = (call: string): string =>
  `aws sso-admin ${call} && aws sso-admin provision-permission-set ${SET} --target-type ALL_PROVISIONED_ACCOUNTS`;

/** By the role that Identity Center made of a permission set; `undefined` for any other principal. @see https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html */
export function permissionSetCommands(role: string): PermissionSetCommands | undefined {
  const name = permissionSetOf(role);
  if (name === undefined) return undefined;
  return {
    name,
    inline: (document) =>
      provisioned(
        document === undefined
          ? `delete-inline-policy-from-permission-set ${SET}`
          : `put-inline-policy-to-permission-set ${SET} --inline-policy ${document}`,
      ),
    attach: (policy) => provisioned(reference('attach', 'to', policy)),
    detach: (policy) => provisioned(reference('detach', 'from', policy)),
    unassign: () =>
      `aws sso-admin delete-account-assignment ${SET} --target-type AWS_ACCOUNT --target-id ${parseArn(role)?.account ?? ''} --principal-type GROUP --principal-id PRINCIPAL-ID`,
  };
}

/** A policy of the customer is named by its path and name: each account has its own. */
function reference(verb: string, to: string, policy: string): string {
  const { account = '', resource = '' } = parseArn(policy) ?? {};
  if (account === 'aws')
    return `${verb}-managed-policy-${to}-permission-set ${SET} --managed-policy-arn ${quote(policy)}`;
  const [, path = '/', name = ''] = /^policy(\/(?:.*\/)?)([^/]+)$/.exec(resource) ?? [];
  return `${verb}-customer-managed-policy-reference-${to}-permission-set ${SET} --customer-managed-policy-reference ${quote(`Name=${name},Path=${path}`)}`;
}
