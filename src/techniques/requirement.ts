import type { Authorizer, ContextValues } from '../iam/index.js';

/** A permission that one API call needs. */
export interface Requirement {
  readonly action: string;
  /** ARNs, ARNs with wildcards for a resource of the caller's choosing, or `*`. */
  readonly resources: readonly string[];
  readonly context?: ContextValues;
  /** Judge as if the resource's own policy named the caller (see `AuthorizationRequest.trusting`). */
  readonly trusting?: boolean;
  /** Judge as if the resource had no policy of its own (see `AuthorizationRequest.unguarded`). */
  readonly unguarded?: true;
  /**
   * Only principals of these accounts. For ARNs that name no account (EC2 snapshots and images): whoever owns the thing, and with whom it is
   * shared.
   */
  readonly accounts?: readonly string[];
  /**
   * Certain administrators of the account that owns the resources are asked about too: what they gain is not in that account, or it is asked what a
   * role may do that is no intruder's yet.
   */
  readonly administrators?: true;
}

export type Requirements = readonly [Requirement, ...Requirement[]];

/** The accounts as an intruder can make them: some principals have other policies. */
export interface ChangedWorld {
  /** Unique; part of the facts' keys. */
  readonly name: string;
  readonly iam: Authorizer;
  /** Judged with all that they could give themselves. */
  readonly elevated?: boolean;
  /** The principals that are changed, sorted. */
  readonly principals: readonly string[];
  /** The facts that make it so for a principal, beside its credentials. */
  readonly needs: (principal: string) => readonly string[];
  /** What a call that is made so carries, for an action; `undefined` where it cannot be made so. Nothing of its own when absent. */
  readonly contextFor?: (action: string) => ContextValues | undefined;
}

/** Names a permission; the resources of the first requirement are named by each of its facts. */
export const nameOfPermission = (requirements: Requirements): string =>
  requirements
    .map(({ action, resources, context, trusting, unguarded, accounts, administrators }, i) =>
      [
        action,
        i === 0 ? '' : String(resourcesKey(resources)),
        context ? JSON.stringify(context) : '',
        trusting ? 'trusting' : '',
        unguarded ? 'unguarded' : '',
        accounts?.join() ?? '',
        administrators === true ? 'administrators' : '',
      ].join(' '),
    )
    .join(' & ');

/** A long list of resources is the same question only when it is the same array: writing it out would cost more than asking. */
const LONG = 16;
const longLists = new WeakMap<readonly string[], number>();
let longListCount = 0;

function resourcesKey(resources: readonly string[]): readonly string[] | number {
  if (resources.length < LONG) return resources;
  const index = longLists.get(resources) ?? longListCount++;
  longLists.set(resources, index);
  return index;
}

/** Equal for equal questions. */
export const keyOfRequirements = (requirements: readonly Requirement[]): string =>
  JSON.stringify(
    requirements.map((r) => [
      r.action,
      resourcesKey(r.resources),
      r.context ?? null,
      r.trusting ?? false,
      r.unguarded ?? false,
      r.accounts ?? null,
      r.administrators ?? false,
    ]),
  );
