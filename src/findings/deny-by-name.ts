import { at, groupBy, parseArn, permissionSetOf, text } from '../model/index.js';
import { isServiceLinked } from '../techniques/index.js';
import type { AttackGraph } from './attack-graph.js';
import { allOf, inRegion, nameIn, quoted } from './measure.js';

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
  const set = permissionSetOf(principal);
  return set === undefined
    ? denyIn(isUser(attack, principal) ? 'user' : 'role', quoted(nameIn(principal)), denial)
    : denyBySet(attack, set, parseArn(principal)?.account ?? '', denial);
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
function denyBySet(attack: AttackGraph, set: string, account: string, { document }: Denial): string {
  const { before, of } = findSet(attack, set);
  const kept = quoted(`${set}-before.json`);
  return allOf(
    ...before,
    `{ [ -s ${kept} ] || aws sso-admin get-inline-policy-for-permission-set ${of} --query InlinePolicy --output text > ${kept}; }`,
    `aws sso-admin put-inline-policy-to-permission-set ${of} --inline-policy ${document}`,
    `aws sso-admin provision-permission-set ${of} --target-type AWS_ACCOUNT --target-id ${quoted(account)}`,
  );
}

/** How a permission set is named in a call; one that was not collected, or not alone by its name, is looked up by it first. */
function findSet({ graph }: AttackGraph, name: string): { readonly before: readonly string[]; readonly of: string } {
  const [only, ...others] = graph
    .assetsOfType('sso:permission-set')
    .filter((set) => text(at(set.record, 'Name')) === name);
  const instance = only && graph.outgoing(only.id, 'part-of')[0]?.to;
  if (only && instance !== undefined && others.length === 0) {
    const region = inRegion(graph.asset(instance)?.region ?? '');
    return { before: [], of: `--instance-arn ${quoted(instance)} --permission-set-arn ${quoted(only.id)}${region}` };
  }
  return {
    before: [
      `INSTANCE=$(aws sso-admin list-instances --query 'Instances[0].InstanceArn' --output text)`,
      `SET=$(for ARN in $(aws sso-admin list-permission-sets --instance-arn "$INSTANCE" --query 'PermissionSets[]' --output text); do ` +
        `aws sso-admin describe-permission-set --instance-arn "$INSTANCE" --permission-set-arn "$ARN" --query 'PermissionSet.[Name,PermissionSetArn]' --output text; done | ` +
        `awk '$1 == "${name}" {print $2}')`,
    ],
    of: '--instance-arn "$INSTANCE" --permission-set-arn "$SET"',
  };
}
