import type { Authorizer, Grant } from '../iam/index.js';
import { onceFor, onceForBoth, parseArn } from '../model/index.js';
import { certainAdministrators } from './certain-administrators.js';
import type { ChangedWorld, Requirement } from './requirement.js';

/**
 * Who is asked about a permission. What follows from administering an account is said once and for all (see `administered.ts`): its certain
 * administrators are not asked about what is in it.
 */
export interface Askers {
  /** The account that owns all that is asked about; empty where it is the caller's own, `undefined` where there are several or it is not known. */
  ownerOf(requirements: readonly Requirement[]): string | undefined;
  /** Whether the administrators that a question leaves out are all that there are: then they are not asked about in the first place. */
  leavesOutAll(owner: string | undefined): boolean;
  /** The principals to ask about, one array for equal questions; `undefined`: everybody. Administrators of `owner` may be among them still. */
  principals(
    accounts: readonly string[] | undefined,
    world: ChangedWorld | undefined,
    owner: string | undefined,
  ): readonly string[] | undefined;
  /** Without the certain administrators of `owner`. */
  ordinary(grants: readonly Grant[], owner: string | undefined): readonly Grant[];
}

/** @param accountOf the account of an asset; `undefined` for what is not in the snapshot */
export function makeAskers(iam: Authorizer, accountOf: (asset: string) => string | undefined): Askers {
  const administrators = certainAdministrators(iam);
  const administered = new Set(administrators.values());
  const leavesOutAll: Askers['leavesOutAll'] = (owner) =>
    administered.size > 0 &&
    (owner === '' || (owner !== undefined && administered.size === 1 && administered.has(owner)));

  const lists = new Map<string, readonly string[] | undefined>();
  const principals: Askers['principals'] = (accounts, world, owner) => {
    const leavesOut = leavesOutAll(owner);
    if (accounts === undefined && !leavesOut) return world?.principals;
    const key = `${accounts?.join() ?? ''} ${world?.name ?? ''} ${leavesOut}`;
    if (lists.has(key)) return lists.get(key);
    const among = world && new Set(world.principals);
    const all = iam.principals.filter(
      ({ id, account }) =>
        (accounts?.includes(account) ?? true) && (among?.has(id) ?? true) && !(leavesOut && administrators.has(id)),
    );
    // Where that is everybody, the question is the same as without.
    const made = all.length === iam.principals.length ? undefined : all.map(({ id }) => id);
    lists.set(key, made);
    return made;
  };

  const ownerOfList = onceFor((resources: readonly string[]) => ownerOfAll(resources, accountOf));

  const without = onceForBoth((ids: readonly string[], owner: string): readonly string[] => {
    const left = ids.filter((id) => administrators.get(id) !== owner);
    return left.length === ids.length ? ids : left;
  });

  return {
    ownerOf: (requirements) => {
      const named = new Set<string>();
      for (const { resources, administrators: areAsked } of requirements) {
        const owner = areAsked === true ? undefined : ownerOfList(resources);
        if (owner === undefined) return undefined;
        if (owner !== '') named.add(owner);
      }
      return named.size > 1 ? undefined : ([...named][0] ?? '');
    },
    leavesOutAll,
    principals,
    ordinary: (grants, owner) => {
      if (owner === undefined || owner === '' || !administered.has(owner) || leavesOutAll(owner)) return grants;
      return grants.flatMap((grant) => {
        const left = without(grant.principals, owner);
        return left.length === 0 ? [] : [left === grant.principals ? grant : { ...grant, principals: left }];
      });
    },
  };
}

/** The one account that owns all of some resources. Those of a list mostly begin alike, as far as their account. */
function ownerOfAll(
  resources: readonly string[],
  accountOf: (asset: string) => string | undefined,
): string | undefined {
  const [first] = resources;
  const owner = first === undefined ? undefined : ownerOfResource(first, accountOf);
  if (first === undefined || owner === undefined) return undefined;
  const alike = owner === '' ? undefined : `:${owner}:`;
  const beginning =
    alike !== undefined && first.includes(alike) ? first.slice(0, first.indexOf(alike) + alike.length) : first;
  const isOwned = (resource: string): boolean =>
    resource.startsWith(beginning) || ownerOfResource(resource, accountOf) === owner;
  return resources.every(isOwned) ? owner : undefined;
}

/** Empty for `*` and for what the caller makes or chooses in its own account. */
function ownerOfResource(resource: string, accountOf: (asset: string) => string | undefined): string | undefined {
  if (resource === '*') return '';
  const arn = parseArn(resource);
  if (arn === undefined) return undefined;
  if (/^\d{12}$/.test(arn.account)) return arn.account;
  // Buckets, images and EBS snapshots have no account in their ARNs; of a form of names, those of the caller are meant.
  const holder = arn.service === 's3' ? resource.split('/', 1)[0] : resource;
  if (holder === undefined || /[*?]/.test(holder)) return '';
  return accountOf(holder);
}
