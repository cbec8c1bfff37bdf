import type { AssetGraph } from '../graph/index.js';
import { at, parseArn, permissionSetOf, text } from '../model/index.js';
import { inRegion, quoted } from './measure.js';

/** How a permission set is named in calls of Identity Center, and how a change of it reaches its role. */
export interface PermissionSetCalls {
  readonly name: string;
  /** Commands that have to run first. */
  readonly before: readonly string[];
  /** The options that name the set. */
  readonly of: string;
  /** The account of the role, as one word of a shell. */
  readonly account: string;
  /** Gives the role what the set says now. Roles of other accounts stay as they were until they are provisioned too. */
  readonly provision: string;
}

/**
 * By the role that Identity Center made of a permission set; `undefined` for any other principal.
 * @param graph in which the set may be; one that was not collected, or is not alone by its name, is looked up by it first
 * @see https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
 * @see https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_ProvisionPermissionSet.html
 */
export function permissionSetCalls(graph: AssetGraph | undefined, role: string): PermissionSetCalls | undefined {
  const name = permissionSetOf(role);
  if (name === undefined) return undefined;
  const { before, of } = findSet(graph, name);
  const account = quoted(parseArn(role)?.account ?? '');
  return {
    name,
    before,
    of,
    account,
    provision: `aws sso-admin provision-permission-set ${of} --target-type AWS_ACCOUNT --target-id ${account}`,
  };
}

function findSet(graph: AssetGraph | undefined, name: string): Pick<PermissionSetCalls, 'before' | 'of'> {
  const [only, ...others] = (graph?.assetsOfType('sso:permission-set') ?? []).filter(
    (set) => text(at(set.record, 'Name')) === name,
  );
  const instance = only && graph?.outgoing(only.id, 'part-of')[0]?.to;
  if (only && instance !== undefined && others.length === 0) {
    const region = inRegion(graph?.asset(instance)?.region ?? '');
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
