import type { DecidingStatement, Grant } from '../iam/index.js';
import { type Condition, groupBy, groupKeyed, onceFor, unknown } from '../model/index.js';
import type { ChangedWorld } from './requirement.js';
import { partResources } from './resource-parts.js';

/** Principals of equal rights that have several permissions at once, and the resources on which they have the first. */
export interface JointGrant {
  /** Sorted. Equal sets of principals that have the same permissions are one array. */
  readonly principals: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: readonly Condition[];
  /** The statements that decide for one of the principals. */
  decidedBy(principal: string): readonly DecidingStatement[];
  /** Equal where the same statements decide for a principal. */
  readonly basis: string;
  /** Whether the same statements decide for all of the principals, none of which is of their own policies. */
  readonly isByOthers: boolean;
  readonly world?: ChangedWorld;
  /** The fact that makes it so for a resource, where that is not as things are. */
  readonly gate?: (resource: string) => string;
}

export const asJoint = (grant: Grant, world: ChangedWorld | undefined): JointGrant => ({
  principals: grant.principals,
  resources: grant.resources,
  conditions: conditionsOf(grant),
  decidedBy: grant.decidedBy,
  basis: grant.basis,
  isByOthers: grant.isByOthers,
  ...(world && { world }),
});

/** Keeps of each grant the principals that also have one of `others`; those with the same further conditions stay together. */
export function narrow(grants: readonly JointGrant[], others: readonly Grant[]): readonly JointGrant[] {
  return grants.flatMap((grant) =>
    partsBy(others, grant.principals).map(({ other, principals }) => ({
      ...grant,
      principals,
      conditions: [...grant.conditions, ...conditionsOf(other)],
      decidedBy: (principal) => [...grant.decidedBy(principal), ...other.decidedBy(principal)],
      basis: `${grant.basis}\n\n${other.basis}`,
      isByOthers: grant.isByOthers && other.isByOthers,
    })),
  );
}

interface Part {
  readonly other: Grant;
  readonly principals: readonly string[];
}

/** The best grant of each principal, and the parts into which they divide principals that were asked about. */
interface Division {
  readonly best: ReadonlyMap<string, Grant>;
  readonly parts: WeakMap<readonly string[], readonly Part[]>;
}

const divisions = new WeakMap<readonly Grant[], Division>();

/** Some principals by the grant of `others` that serves them best; without those that have none. */
function partsBy(others: readonly Grant[], principals: readonly string[]): readonly Part[] {
  const division = divisions.get(others) ?? { best: bestGrants(others), parts: new WeakMap() };
  divisions.set(others, division);
  const known = division.parts.get(principals);
  if (known) return known;
  const byGrant = groupKeyed(principals, (principal) => division.best.get(principal));
  const made = [...byGrant].map(([other, own]) => ({
    other,
    principals: own.length === principals.length ? principals : own,
  }));
  division.parts.set(principals, made);
  return made;
}

function bestGrants(grants: readonly Grant[]): ReadonlyMap<string, Grant> {
  const best = new Map<string, Grant>();
  for (const grant of grants) {
    for (const principal of grant.principals) {
      const before = best.get(principal);
      if (!before || (before.verdict !== 'allowed' && grant.verdict === 'allowed')) best.set(principal, grant);
    }
  }
  return best;
}

function conditionsOf(grant: Grant): readonly Condition[] {
  if (grant.verdict === 'allowed') return [];
  return grant.conditions.length > 0
    ? grant.conditions
    : [unknown('policies', 'a policy that decides was not collected')];
}

/** Of some grants, the part that `plain` does not hold for certain already. */
export function gainedOver<T extends Pick<JointGrant, 'principals' | 'resources'>>(
  grants: readonly T[],
  plain: readonly JointGrant[],
): readonly T[] {
  if (grants.length === 0) return [];
  const { partOf, holders } = certainHolders(plain);
  return grants.flatMap((grant) => {
    const gained = new Map<string, { readonly principals: readonly string[]; readonly resources: string[] }>();
    for (const [part, resources] of groupBy(grant.resources, (resource) => partOf.get(resource))) {
      const had = part === undefined ? undefined : holders[part];
      const left = had ? grant.principals.filter((p) => !had.has(p)) : grant.principals;
      if (left.length === 0) continue;
      const principals = left.length === grant.principals.length ? grant.principals : left;
      const same = gained.get(principals.join(' '));
      if (same) for (const resource of resources) same.resources.push(resource);
      else gained.set(principals.join(' '), { principals, resources });
    }
    return [...gained.values()].map((part) => ({ ...grant, ...part }));
  });
}

/** Parts of the resources that some grants are on for certain, and who holds each. */
const certainHolders = onceFor((grants: readonly JointGrant[]) => {
  const certain = grants.filter(({ conditions }) => conditions.length === 0);
  const { partOf, sets } = partResources(certain.map(({ resources }) => resources));
  return { partOf, holders: sets.map((own) => new Set(own.flatMap((index) => certain[index]?.principals ?? []))) };
});
