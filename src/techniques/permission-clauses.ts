import { groupBy, onceFor } from '../model/index.js';
import { makeCrowds } from './crowds.js';
import { EACH, fact } from './fact.js';
import type { JointGrant } from './joint-grants.js';
import { holderLabel, type LabelOptions, THROUGH } from './permission-labels.js';
import { partResources } from './resource-parts.js';
import type { Emit } from './technique.js';

/** Resources on which the same grants hold. */
export interface GrantClass {
  /** That somebody has the permission on them. */
  readonly fact: string;
  readonly grants: readonly JointGrant[];
}

/** What grants of one permission became. */
export interface GrantFacts {
  of(resource: string): GrantClass | undefined;
  /** The one class that there is, if so. */
  readonly only: GrantClass | undefined;
  /** Whether some grant is on every one of the resources. */
  isAll(resources: readonly string[]): boolean;
}

/** Writes grants as clauses. */
export interface GrantClauses {
  /** `holder ← creds principal`, for each of the grant's principals; once for the same principals, whatever the resources. */
  emitHolders(label: string, action: string, grant: JointGrant, suffix: string): string;
  /**
   * `permission on a class ← set of grants ← holder`. Resources on which the same grants hold are one fact where that may be (`isShared`), and
   * grants on the same classes meet in one fact before they part again, so that clauses are linear in grants plus classes.
   */
  emitGrants(label: string, action: string, grants: readonly JointGrant[], isShared: boolean): GrantFacts;
}

/** Grants on exactly the same resources. */
interface GrantSet {
  readonly resources: readonly string[];
  readonly grants: readonly JointGrant[];
}

export function makeGrantClauses(emit: Emit, options: LabelOptions): GrantClauses {
  const holders = new Map<string, WeakMap<readonly string[], string>>();
  const names = new Map<string, number>();

  /** A name that was not given before: facts of different meaning must not be one. */
  const unique = (name: string): string => {
    const count = (names.get(name) ?? 0) + 1;
    names.set(name, count);
    return count === 1 ? name : `${name} #${count}`;
  };

  const crowds = makeCrowds(emit);
  const acting = options.acting.map((one) => ({ ...one, among: rememberedFilter(one.isPossible) }));

  const emitHolders: GrantClauses['emitHolders'] = (label, action, grant, suffix) => {
    const { principals, world, basis } = grant;
    const key = `${label}\n${world?.name ?? ''}\n${suffix}\n${basis}`;
    const byPrincipals = holders.get(key) ?? new WeakMap<readonly string[], string>();
    holders.set(key, byPrincipals);
    const known = byPrincipals.get(principals);
    if (known !== undefined) return known;
    const made = unique(
      `${label} by ${world ? `${world.name} ` : ''}${principals[0]} on ${grant.resources[0]}${suffix}`,
    );
    byPrincipals.set(principals, made);
    const named = holderLabel(action, grant, options);
    if (world === undefined) {
      const { whole, single } = grant.isByOthers ? crowds(principals) : { whole: [], single: principals };
      if (whole.length > 0) {
        const ofAny = { ...named, detail: () => named.detail(principals[0] as string) };
        emit({ head: made, body: [fact('may', EACH)], each: whole, cost: 0, label: ofAny });
      }
      emit({ head: made, body: [fact('creds', EACH)], each: single, cost: 0, label: named });
      for (const { kind, among, conditions } of acting) {
        const limits = conditions(action);
        const each = limits === undefined ? [] : among(principals);
        if (limits && each.length > 0)
          emit({ head: made, body: [fact(kind, EACH)], each, cost: 1, conditions: limits, label: named });
      }
      return made;
    }
    for (const principal of principals) {
      const body = [fact('creds', principal), ...world.needs(principal)];
      emit({ head: made, body, each: [principal], cost: 0, label: named });
    }
    return made;
  };

  const emitGrants: GrantClauses['emitGrants'] = (label, action, grants, isShared) => {
    const sets = setsOf(grants);
    const { partOf, sets: setsOfParts } = partResources(sets.map(({ resources }) => resources));
    const classes = new Map<number | string, GrantClass>();
    const factsOfSets = sets.map((): string[] => []);
    const addClass = (key: number | string, resource: string, own: readonly number[]): void => {
      const name = isShared ? `${label} (as on ${resource})` : `${label} ${resource}`;
      classes.set(key, { fact: name, grants: own.flatMap((index) => sets[index]?.grants ?? []) });
      for (const index of own) factsOfSets[index]?.push(name);
    };
    if (isShared) {
      for (const [part, leader] of leadersOf(partOf)) addClass(part, leader, setsOfParts[part] ?? []);
    } else {
      for (const [resource, part] of partOf) addClass(resource, resource, setsOfParts[part] ?? []);
    }
    sets.forEach((set, index) => {
      const own = factsOfSets[index] ?? [];
      const meets = set.grants.length > 1 && own.length > 1;
      const joined = meets ? unique(`${label} among ${set.resources.length} from ${set.resources[0]}`) : '';
      for (const grant of set.grants) {
        const held = emitHolders(label, action, grant, '');
        for (const head of meets ? [joined] : own)
          emit({ head, body: [held], cost: 0, conditions: grant.conditions, label: THROUGH });
      }
      if (meets) for (const head of own) emit({ head, body: [joined], cost: 0, label: THROUGH });
    });
    return {
      only: classes.size === 1 ? classes.values().next().value : undefined,
      of: (resource) => classes.get(isShared ? (partOf.get(resource) ?? -1) : resource),
      isAll: (resources) => sets.some((set) => set.resources === resources),
    };
  };

  return { emitHolders, emitGrants };
}

/** Filters lists by what is asked of each item once, and of a list that comes again not at all: it gives the same array. */
function rememberedFilter(isWanted: (item: string) => boolean): (items: readonly string[]) => readonly string[] {
  const wanted = new Map<string, boolean>();
  const ask = (item: string): boolean => {
    const known = wanted.get(item) ?? isWanted(item);
    wanted.set(item, known);
    return known;
  };
  return onceFor((items: readonly string[]) => items.filter(ask));
}

/** Most grants share one list of resources with others, so that lists are compared once. */
function setsOf(grants: readonly JointGrant[]): readonly GrantSet[] {
  const byList = groupBy(grants, (grant) => grant.resources);
  if (byList.size === 1) return [...byList].map(([resources, own]) => ({ resources, grants: own }));
  return [...groupBy(byList, ([resources]) => resources.join(' ')).values()].map((same) => ({
    resources: same[0]?.[0] ?? [],
    grants: same.flatMap(([, own]) => own),
  }));
}

/** The least resource of each part. */
function leadersOf(partOf: ReadonlyMap<string, number>): ReadonlyMap<number, string> {
  const leaders = new Map<number, string>();
  for (const [resource, part] of partOf) {
    const known = leaders.get(part);
    if (known === undefined || resource < known) leaders.set(part, resource);
  }
  return leaders;
}
