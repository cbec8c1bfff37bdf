import type { Subject } from '../principals/resolve-subject.js';
import { hasList } from '../resources/buckets.js';
import type { OwnPartition } from './own-partition.js';
import { membersByName, nameOf, type PrincipalClass } from './principal-classes.js';
import type { ResourceClass } from './resource-classes.js';

/** The classes of resources that the statements of a class of principals speak of, or all. */
export type Allowed = 'all' | ReadonlySet<ResourceClass>;

/** What is the same for all classes of principals that a question is about. */
export interface Candidacy {
  readonly classes: readonly ResourceClass[];
  readonly principals: readonly PrincipalClass[];
  readonly trusting: boolean;
  partitionOf(of: ResourceClass): OwnPartition;
}

/**
 * Finds classes of resources of which some pair with a class of principals may be allowed, in their order. What names principals one by one is looked at
 * for these alone.
 */
export function makeCandidates(
  candidacy: Candidacy,
): (principals: PrincipalClass, allowed: Allowed) => readonly ResourceClass[] {
  const named = namedClasses(candidacy);
  const classesFor = makeClassesFor(candidacy);
  const known = new Map<string | undefined, ForAccount>();
  return (principals, allowed) => {
    const { account } = principals.first;
    const forAccount = known.get(account) ?? candidatesFor(candidacy, classesFor(account), account);
    known.set(account, forAccount);
    const { sure, byIdentity, ofAll } = forAccount;
    const own = named.get(principals) ?? [];
    if (allowed === 'all' && own.length === 0) return ofAll;
    const spoken = allowed === 'all' ? byIdentity : [...allowed].filter((of) => byIdentity.has(of));
    return [...new Set([...sure, ...own, ...spoken])].sort((a, b) => a.id - b.id);
  };
}

/** Classes of resources as principals of one account see them. */
interface ForAccount {
  /** What may be allowed to any of them, whatever its own statements say. */
  readonly sure: readonly ResourceClass[];
  /** What may be allowed to those whose own statements speak of it. */
  readonly byIdentity: ReadonlySet<ResourceClass>;
  /** Both. */
  readonly ofAll: readonly ResourceClass[];
}

/** Finds the classes of resources that are not closed to all principals of an account, in their order. */
function makeClassesFor({ classes, trusting, partitionOf }: Candidacy): (account?: string) => readonly ResourceClass[] {
  if (trusting) return () => classes;
  const byAccount = new Map<string, Set<ResourceClass>>();
  const forAnybody: ResourceClass[] = [];
  for (const of of classes) {
    const accounts = accountsLetIn(of, partitionOf);
    if (accounts === 'any') forAnybody.push(of);
    else for (const account of accounts) byAccount.set(account, (byAccount.get(account) ?? new Set()).add(of));
  }
  return (account = '') => [...forAnybody, ...(byAccount.get(account) ?? [])].sort((a, b) => a.id - b.id);
}

/** The accounts of which a policy of their own or of the resource may let principals in, as far as everything is known. */
function accountsLetIn(of: ResourceClass, partitionOf: Candidacy['partitionOf']): readonly string[] | 'any' {
  const { account } = of.first;
  if (account === undefined || of.uncollected !== 'no' || isListed(of)) return 'any';
  if (!of.ownAllows) return [account];
  const { admits } = partitionOf(of);
  return admits === 'everybody' ? 'any' : [account, ...admits];
}

function candidatesFor(
  { trusting, partitionOf }: Candidacy,
  classes: readonly ResourceClass[],
  account: string | undefined,
): ForAccount {
  const isOutside = (of: ResourceClass): boolean => (of.first.account ?? account) !== account;
  const isDelegated = (of: ResourceClass): boolean => of.ownAllows && delegates(partitionOf(of), account ?? '');
  const isEnough = (of: ResourceClass): boolean => (!of.mustAllow && !isOutside(of)) || isDelegated(of);
  const isSure = (of: ResourceClass): boolean =>
    trusting ||
    isOpenTo(of, isOutside(of)) ||
    (of.ownAllows && partitionOf(of).admits === 'everybody') ||
    (of.isOpen && isEnough(of));
  const sure = classes.filter(isSure);
  const byIdentity = new Set(classes.filter(isEnough));
  const all = new Set([...sure, ...byIdentity]);
  return { sure, byIdentity, ofAll: all.size === sure.length ? sure : classes.filter((of) => all.has(of)) };
}

/** Whether a resource leaves it to an account whom of its principals to let in. */
const delegates = ({ admits }: OwnPartition, account: string): boolean => admits !== 'everybody' && admits.has(account);

/** The classes of resources that name members of classes of principals. */
function namedClasses({
  classes,
  principals,
  partitionOf,
}: Candidacy): ReadonlyMap<PrincipalClass, readonly ResourceClass[]> {
  const found = new Map<PrincipalClass, ResourceClass[]>();
  for (const of of classes) {
    if (of.own.length === 0 && of.grantees.length === 0) continue;
    const { named } = partitionOf(of);
    if (named.size === 0) continue;
    const byName = membersByName(principals);
    const holders = [...named].flatMap((name) => byName.get(name) ?? []).map(({ among }) => among);
    for (const holder of new Set(holders)) {
      const own = found.get(holder);
      if (own) own.push(of);
      else found.set(holder, [of]);
    }
  }
  return found;
}

/** Whether something that is no statement may let principals in: an access control list, or a policy that was not read. */
const isOpenTo = (of: ResourceClass, isOutside: boolean): boolean =>
  of.uncollected === 'everybody' || (isOutside && (of.uncollected === 'outsiders' || isListed(of)));

const isListed = ({ first: { bucket } }: ResourceClass): boolean => bucket !== undefined && hasList(bucket);

/**
 * Whether anything could allow a group of principals, that a resource's own statements do or do not name. Where these name the account alone, policies of the
 * principals have to allow, too.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function isPossible(
  principals: PrincipalClass,
  group: readonly Subject[],
  of: ResourceClass,
  partition: OwnPartition,
  allowed: Allowed,
  trusting: boolean,
): boolean {
  const [first] = group;
  if (!first) return false;
  const account = first.account ?? '';
  const owner = of.first.account ?? account;
  const isNamed = group.length === 1 && partition.named.has(nameOf(first));
  if (partition.admits === 'everybody' || isNamed || trusting || isOpenTo(of, owner !== account)) return true;
  if ((of.mustAllow || owner !== account) && !delegates(partition, account)) return false;
  return principals.isUnlimited || of.isOpen || allowed === 'all' || allowed.has(of);
}
