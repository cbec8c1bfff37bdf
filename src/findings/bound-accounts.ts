import { at, field, type JsonObject, objects, parseArn, text } from '../model/index.js';
import type { AttackGraph } from './attack-graph.js';

const DESCRIBED = 'organizations/DescribeOrganization';

/**
 * The accounts among some that are known to be bound by policies of their organization: they are members of one, such policies are
 * enabled in its root, or at least it is known to have all features, and they do not manage it.
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/enable-policy-type.html
 */
export function boundAccounts({ graph, observed }: AttackGraph, accounts: Iterable<string>): ReadonlySet<string> {
  /** An account's ARN begins with the account that manages the organization, and ends with its own. */
  const managers = new Map(
    graph
      .assetsOfType('organizations:account')
      .map(({ id }) => [id.slice(id.lastIndexOf('/') + 1), parseArn(id)?.account]),
  );
  const roots = new Map(
    graph.assetsOfType('organizations:root').map(({ id, record }) => [parseArn(id)?.account, record]),
  );
  const isBound = (account: string): boolean => {
    const own = at(observed.answer(DESCRIBED, account, 'global'), 'Organization');
    const manager = managers.get(account) ?? text(at(own, 'MasterAccountId')) ?? text(at(own, 'ManagementAccountId'));
    if (manager === undefined || manager === account) return false;
    const organization = own ?? at(observed.answer(DESCRIBED, manager, 'global'), 'Organization');
    const types = at(roots.get(manager), 'PolicyTypes');
    return types === undefined ? text(at(organization, 'FeatureSet')) === 'ALL' : objects(types).some(isEnabled);
  };
  return new Set([...accounts].filter(isBound));
}

const isEnabled = (type: JsonObject): boolean =>
  text(field(type, 'Type')) === 'SERVICE_CONTROL_POLICY' && text(field(type, 'Status')) === 'ENABLED';
