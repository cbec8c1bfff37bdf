import { groupBy, permissionSetOf } from '../model/index.js';
import { isServiceLinked } from '../techniques/index.js';
import type { AttackGraph } from './attack-graph.js';
import { allOf, nameIn, quoted } from './measure.js';
import { type PermissionSetCalls, permissionSetCalls } from './permission-set-calls.js';

/** A policy that denies something to users and roles. */
export interface Denial {
  readonly name: string;
  /** As one word of a shell. */
  readonly document: string;
}

/** Whether a policy can be put on a principal at all: on the roles of AWS's services it cannot. */
export const canBeDenied = (principal: string): boolean =>
  permissionSetOf(principal) !== undefined || !isServiceLinked(principal);

/** What is said of a denial beside what it is, where it is put on the permission set of a role. */
export function bySet(role: string): { readonly how: string; readonly leaves: string } | undefined {
  const set = permissionSetOf(role);
  return set === undefined
    ? undefined
    : {
        how: `, by its permission set ${set}, in the account that owns Identity Center: IAM lets nobody change the role itself`,
        leaves: `the inline policy that permission set ${set} had is no longer there until it is put back (the command keeps it in a file)`,
      };
}

/** The command that denies something to a principal. */
export function denyTo(attack: AttackGraph, principal: string, denial: Denial): string {
  const set = permissionSetCalls(attack.graph, principal);
  return set === undefined
    ? denyIn(isUser(attack, principal) ? 'user' : 'role', quoted(nameIn(principal)), denial)
    : denyBySet(set, denial);
}

/** The commands that deny something to many; one for all of them that differ in their names alone, where they are more than `most`. */
export function denyToAll(
  attack: AttackGraph,
  principals: readonly string[],
  denial: Denial,
  most: number,
): readonly string[] {
  const kinds = groupBy(principals, (principal) =>
    permissionSetOf(principal) === undefined ? (isUser(attack, principal) ? 'user' : 'role') : 'set',
  );
  return [...kinds].flatMap(([kind, own]) =>
    kind === 'set' || own.length <= most
      ? own.map((principal) => denyTo(attack, principal, denial))
      : [
          `for NAME in ${own.map((principal) => quoted(nameIn(principal))).join(' ')}; do ${denyIn(kind, '"$NAME"', denial)}; done`,
        ],
  );
}

const isUser = ({ graph }: AttackGraph, principal: string): boolean => graph.asset(principal)?.type === 'iam:user';

const denyIn = (kind: 'user' | 'role', name: string, denial: Denial): string =>
  `aws iam put-${kind}-policy --${kind}-name ${name} --policy-name ${denial.name} --policy-document ${denial.document}`;

/**
 * A permission set has one inline policy, and gives it to its role in an account once it is provisioned there. What it was is kept once: a second command
 * about the set, for another account or another denial, would keep the first denial in its place.
 * @see https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_PutInlinePolicyToPermissionSet.html
 */
function denyBySet({ name, before, of, provision }: PermissionSetCalls, { document }: Denial): string {
  const kept = quoted(`${name}-before.json`);
  return allOf(
    ...before,
    `{ [ -s ${kept} ] || aws sso-admin get-inline-policy-for-permission-set ${of} --query InlinePolicy --output text > ${kept}; }`,
    `aws sso-admin put-inline-policy-to-permission-set ${of} --inline-policy ${document}`,
    provision,
  );
}
