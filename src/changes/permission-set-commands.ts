import { permissionSetCalls } from '../findings/index.js';
import type { AssetGraph } from '../graph/index.js';
import { parseArn } from '../model/index.js';
import { quote } from './quote.js';

/** The commands that change a permission set as one would change its role, which IAM lets nobody change, in the account of that role. One line each. */
export interface PermissionSetCommands {
  readonly name: string;
  /** `document` is one word of a shell; `undefined` where nothing is left of it. */
  readonly inline: (document: string | undefined) => string;
  readonly attach: (policy: string) => string;
  readonly detach: (policy: string) => string;
  /** Nobody is given the role any more: its trust policy is not in the customer’s hands either. */
  readonly unassign: () => string;
}

/** By the role that Identity Center made of a permission set; `undefined` for any other principal. @param graph in which the set may be */
export function permissionSetCommands(graph: AssetGraph | undefined, role: string): PermissionSetCommands | undefined {
  const set = permissionSetCalls(graph, role);
  if (set === undefined) return undefined;
  const { name, before, of, account, provision } = set;
  const provisioned = (call: string): string => [...before, `aws sso-admin ${call}`, provision].join(' && ');
  return {
    name,
    inline: (document) =>
      provisioned(
        document === undefined
          ? `delete-inline-policy-from-permission-set ${of}`
          : `put-inline-policy-to-permission-set ${of} --inline-policy ${document}`,
      ),
    attach: (policy) => provisioned(reference('attach', 'to', of, policy)),
    detach: (policy) => provisioned(reference('detach', 'from', of, policy)),
    unassign: () =>
      [
        ...before,
        `aws sso-admin list-account-assignments ${of} --account-id ${account} --query 'AccountAssignments[].[PrincipalType,PrincipalId]' --output text | ` +
          `while read -r TYPE ID; do aws sso-admin delete-account-assignment ${of} --target-type AWS_ACCOUNT --target-id ${account} --principal-type "$TYPE" --principal-id "$ID"; done`,
      ].join(' && '),
  };
}

/** A policy of the customer is named by its path and name: each account has its own. */
function reference(verb: string, to: string, of: string, policy: string): string {
  const { account = '', resource = '' } = parseArn(policy) ?? {};
  if (account === 'aws')
    return `${verb}-managed-policy-${to}-permission-set ${of} --managed-policy-arn ${quote(policy)}`;
  const [, path = '/', name = ''] = /^policy(\/(?:.*\/)?)([^/]+)$/.exec(resource) ?? [];
  return `${verb}-customer-managed-policy-reference-${to}-permission-set ${of} --customer-managed-policy-reference ${quote(`Name=${name},Path=${path}`)}`;
}
