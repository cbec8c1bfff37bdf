import { field, isObject, type JsonObject, objects, text } from '../../model/index.js';
import type { Snapshot } from '../../snapshot/index.js';
import type { Policy } from '../policy/document.js';
import type { OrganizationAnswers } from './organization-answers.js';
import {
  type Compile,
  type OrganizationTree,
  organizationTree,
  type PolicyLevel,
  uncollectedPolicy,
} from './organization-tree.js';

/** The organization of one account, with what it puts on it. */
export interface AccountOrganization {
  /** {@link IN_NONE}: the account is in no organization. `undefined`: not known. */
  readonly id: string | undefined;
  /** Organizations whose members are known, and it is none of them. */
  readonly notIn: readonly string[];
  /** `o-abc/r-root/ou-x/`, the value of `aws:PrincipalOrgPaths`; absent where the place in the tree is not known. */
  readonly path: string | undefined;
  readonly serviceControl: readonly PolicyLevel[];
  readonly resourceControl: readonly PolicyLevel[];
  /** What was not collected and is taken not to be there: a sentence. */
  readonly note: string | undefined;
}

export interface Organizations {
  /** All policies that were read. */
  readonly policies: readonly Policy[];
  of(account: string): AccountOrganization;
}

/** An account of which AWS said that it is in no organization. */
export const IN_NONE = 'none';

/** One organization, put together from all accounts that were asked about it. */
interface Organization {
  readonly id: string | undefined;
  readonly managementAccount: string | undefined;
  /** Has policies of its own at all, and not consolidated billing alone. */
  readonly hasPolicies: boolean;
  /** All accounts, where they were listed. */
  readonly members: ReadonlySet<string> | undefined;
  readonly tree: OrganizationTree;
}

const NOTHING = { notIn: [], serviceControl: [], resourceControl: [], path: undefined, note: undefined };

/** The organizations that the snapshot tells of, by account. */
export function readOrganizations(snapshot: Snapshot, compile: Compile): Organizations {
  const described = new Map(
    snapshot
      .answers('organizations', 'DescribeOrganization')
      .map(({ account, body }) => [account, field(body, 'Organization')] as const),
  );
  const organizations = findOrganizations(snapshot, described, compile);
  const known = new Map<string, AccountOrganization>();
  return {
    policies: organizations.flatMap(({ tree }) => tree.policies),
    of: (account) => {
      const before = known.get(account);
      if (before) return before;
      const made = findAccount(account, snapshot, described, organizations);
      known.set(account, made);
      return made;
    },
  };
}

function findOrganizations(
  snapshot: Snapshot,
  described: ReadonlyMap<string, unknown>,
  compile: Compile,
): readonly Organization[] {
  const ids = new Map<string, JsonObject>();
  for (const organization of described.values()) {
    const id = isObject(organization) ? text(organization['Id']) : undefined;
    if (id !== undefined && isObject(organization)) ids.set(id, { ...ids.get(id), ...organization });
  }
  // Where there is one organization, or its name was not asked for, all answers are about it.
  const isOnly = ids.size < 2;
  const all = ids.size === 0 ? [[undefined, {}] as const] : [...ids];
  return all.map(([id, organization]): Organization => {
    const answers: OrganizationAnswers = (operation) =>
      snapshot.answers('organizations', operation).filter(({ account }) => {
        const own = described.get(account);
        return isOnly || (isObject(own) && text(own['Id']) === id);
      });
    return {
      id,
      managementAccount:
        text(field(organization, 'MasterAccountId')) ?? text(field(organization, 'ManagementAccountId')),
      hasPolicies: text(field(organization, 'FeatureSet')) !== 'CONSOLIDATED_BILLING',
      members: membersOf(answers),
      tree: organizationTree(answers, compile),
    };
  });
}

function membersOf(answers: OrganizationAnswers): ReadonlySet<string> | undefined {
  const lists = answers('ListAccounts').filter(({ body }) => field(body, 'Accounts') !== undefined);
  if (lists.length === 0) return undefined;
  return new Set(
    lists.flatMap(({ body }) => objects(field(body, 'Accounts')).flatMap((one) => text(field(one, 'Id')) ?? [])),
  );
}

function findAccount(
  account: string,
  snapshot: Snapshot,
  described: ReadonlyMap<string, unknown>,
  organizations: readonly Organization[],
): AccountOrganization {
  const own = described.get(account);
  const ownId = isObject(own) ? text(own['Id']) : undefined;
  for (const organization of organizations) {
    const { id, managementAccount, hasPolicies, members, tree } = organization;
    const place = tree.find(account);
    const isManagement = account === managementAccount;
    const isMember = (ownId !== undefined && ownId === id) || members?.has(account) === true;
    if (!place && !isManagement && !isMember) continue;
    const path = id === undefined || !place ? undefined : `${[id, ...place.above].join('/')}/`;
    // Neither kind of policy touches the management account.
    if (isManagement || !hasPolicies) return { ...NOTHING, id, path };
    if (place) return { ...NOTHING, ...place, id, path };
    const problem = 'its place in the organization was not collected';
    const unknown = [[uncollectedPolicy(`organization policies of ${account}`, problem)]];
    return { ...NOTHING, id, serviceControl: unknown, resourceControl: unknown };
  }
  const coverage = snapshot.coverage(account, 'global', 'organizations', 'DescribeOrganization');
  if (coverage === 'answered') return { ...NOTHING, id: IN_NONE };
  if (coverage === 'gap') {
    const gap = snapshot.gaps.find((one) => one.account === account && one.operation === 'DescribeOrganization');
    const problem = `organizations/DescribeOrganization was refused: ${gap?.error ?? 'no answer'}`;
    const unknown = [[uncollectedPolicy(`organization policies of ${account}`, problem)]];
    return { ...NOTHING, id: undefined, serviceControl: unknown, resourceControl: unknown };
  }
  const note = `Organization policies of account ${account} were not collected: judged as if there were none.`;
  const notIn = organizations.flatMap(({ id, members }) =>
    id !== undefined && members?.has(account) === false ? [id] : [],
  );
  return { ...NOTHING, id: undefined, notIn, note };
}
