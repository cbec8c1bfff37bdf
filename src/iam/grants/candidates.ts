import { once } from '../../model/index.js';
import type { Subject } from '../principals/resolve-subject.js';
import { hasList } from '../resources/buckets.js';
import type { OwnPartition } from './own-partition.js';
import type { PrincipalClass } from './principal-classes.js';
import type { ResourceClass } from './resource-classes.js';

/** The classes of resources that the statements of a class of principals speak of, or all. */
export type Allowed = 'all' | ReadonlySet<ResourceClass>;

/** Finds classes of resources of which some pair with a class of principals may be allowed. */
export function makeCandidates(
  classes: readonly ResourceClass[],
  partitionOf: (of: ResourceClass) => OwnPartition,
  trusting: boolean,
): (principals: PrincipalClass, allowed: Allowed) => readonly ResourceClass[] {
  const live = classes.filter((of) => trusting || !isClosed(of, partitionOf));
  const opening = (of: ResourceClass, isOutside: boolean): boolean =>
    trusting || of.ownAllows || isOpenTo(of, isOutside);
  // Whatever identity policies say of them.
  const always = live.filter((of) => of.isOpen || opening(of, true));
  const known = new Map<string | undefined, ForAccount>();
  const forAccount = (account: string | undefined): ForAccount => {
    const before = known.get(account);
    if (before) return before;
    const isOutside = (of: ResourceClass): boolean => (of.first.account ?? account) !== account;
    const isSure = (of: ResourceClass): boolean =>
      opening(of, isOutside(of)) || (of.isOpen && !isOutside(of) && !of.mustAllow);
    const isByIdentity = (of: ResourceClass): boolean => !isSure(of) && !isOutside(of) && !of.mustAllow;
    const made: ForAccount = {
      ofAll: once(() => live.filter((of) => isSure(of) || isByIdentity(of))),
      sure: always.filter(isSure),
      ifAllowed: new Set(live.filter(isByIdentity)),
    };
    known.set(account, made);
    return made;
  };
  return ({ first }, allowed) => {
    const { ofAll, sure, ifAllowed } = forAccount(first.account);
    return allowed === 'all' ? ofAll() : [...sure, ...[...allowed].filter((of) => ifAllowed.has(of))];
  };
}

/** Classes of resources as principals of one account see them. */
interface ForAccount {
  /** What may be allowed to principals whose statements speak of all. */
  readonly ofAll: () => readonly ResourceClass[];
  /** What may be allowed whatever the principal's own statements say. */
  readonly sure: readonly ResourceClass[];
  /** What may be allowed to those whose own statements speak of it. */
  readonly ifAllowed: ReadonlySet<ResourceClass>;
}

/** Whether nobody can be let in: the resource's own policy must allow, was read, and names no principal that is asked about. */
function isClosed(of: ResourceClass, partitionOf: (of: ResourceClass) => OwnPartition): boolean {
  if (!of.mustAllow || of.uncollected !== 'no' || isListed(of)) return false;
  const { admits, named } = partitionOf(of);
  return admits !== 'everybody' && admits.size === 0 && named.size === 0;
}

/** Whether something that is no statement may let principals in: an access control list, or a policy that was not read. */
const isOpenTo = (of: ResourceClass, isOutside: boolean): boolean =>
  of.uncollected === 'everybody' || (isOutside && (of.uncollected === 'outsiders' || isListed(of)));

const isListed = ({ first: { bucket } }: ResourceClass): boolean => bucket !== undefined && hasList(bucket);

/** Whether anything could allow a group of principals, that a resource's own statements do or do not name. */
export function isPossible(
  principals: PrincipalClass,
  group: readonly Subject[],
  of: ResourceClass,
  { named, admits }: OwnPartition,
  allowed: Allowed,
  trusting: boolean,
): boolean {
  const [first] = group;
  if (!first) return false;
  const account = first.account ?? '';
  const owner = of.first.account ?? account;
  const isNamed = group.length === 1 && named.has(first.record?.id ?? first.id);
  const isAdmitted =
    admits === 'everybody' || admits.has(account) || isNamed || trusting || isOpenTo(of, owner !== account);
  if (of.mustAllow || owner !== account) return isAdmitted;
  return isAdmitted || principals.isUnlimited || of.isOpen || allowed === 'all' || allowed.has(of);
}
