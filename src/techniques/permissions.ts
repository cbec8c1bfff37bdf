import type { Authorizer, ContextValues, DecidingStatement, Grant } from '../iam/index.js';
import { byCode, type Condition, type Evidence, groupBy, sortedUnique, unknown } from '../model/index.js';
import { fact } from './fact.js';
import type { Emit, TechniqueInfo } from './technique.js';

/** A permission that one API call needs. */
export interface Requirement {
  readonly action: string;
  /** ARNs, ARNs with wildcards for a resource of the caller's choosing, or `*`. */
  readonly resources: readonly string[];
  readonly context?: ContextValues;
  /** Judge as if the resource's own policy named the caller (see `AuthorizationRequest.trusting`). */
  readonly trusting?: boolean;
}

/** The facts that stand for a permission, one for each resource on which somebody has it. */
export interface PermissionFacts {
  /** The fact that somebody has the permission on `resource`; `undefined` where nobody does. */
  of(resource: string): string | undefined;
  /** The resources on which somebody has it, sorted. */
  readonly resources: readonly string[];
  /** Who has it on `resource`, with the conditions of each; for techniques that look at the holder. */
  holders(resource: string): readonly Holder[];
}

export interface Holder {
  readonly principal: string;
  readonly conditions: readonly Condition[];
  readonly elevated: boolean;
}

/**
 * Permissions as facts. Each distinct question is asked of the authorizer once; its answer becomes inner clauses
 * `may grant ← creds principal` and `may permission resource ← grant`, linear in principals plus resources.
 */
export interface Permissions {
  /**
   * Facts for having the first requirement on each of its resources together with all the others, signed by one principal.
   * Permissions that different principals may sign are asked separately, and their facts stand together in a body.
   */
  may(first: Requirement, ...others: readonly Requirement[]): PermissionFacts;
  /** Principals whose policies somebody can rewrite, yet who stay capped by a boundary or an organization's policy. */
  setElevatable(principals: readonly string[]): void;
}

const PERMISSION: TechniqueInfo = {
  id: 'permission',
  title: 'A permission that a principal has',
  tactic: 'Execution',
  attack: [],
  references: [],
  premises: [],
  assumptions: [],
  difficulty: { cost: 0, reason: '' },
  detection: [],
  remediation: '',
};

interface JointGrant {
  readonly principals: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: readonly Condition[];
  readonly decidedBy: readonly DecidingStatement[];
  readonly elevated: boolean;
}

export function makePermissions(iam: Authorizer, emit: Emit): Permissions {
  const known = new Map<string, PermissionFacts>();
  let elevatable: readonly string[] = [];

  const joint = (requirements: readonly Requirement[], elevated: boolean): readonly JointGrant[] => {
    let grants: readonly JointGrant[] | undefined;
    for (const { action, resources, context, trusting } of requirements) {
      const answer = iam.grants({
        action,
        resources,
        ...(context && { context }),
        ...(trusting && { trusting }),
        ...(elevated && { elevated, principals: elevatable }),
      });
      grants = grants === undefined ? answer.map((g) => asJoint(g, elevated)) : narrow(grants, answer);
      if (grants.length === 0) return [];
    }
    return grants ?? [];
  };

  const emitGrant = (label: string, action: string, grant: JointGrant): void => {
    // A principal and a resource stand in one grant of a permission, so the first of each names it: the same from scan to scan.
    const held = `${label} by ${grant.elevated ? 'elevated ' : ''}${grant.principals[0]} on ${grant.resources[0]}`;
    const detail = () => ({ text: action, evidence: evidenceOf(action, grant), fix: fixOf(action, grant) });
    const inner = { technique: PERMISSION, inner: true, detail };
    for (const principal of grant.principals) {
      const body = [fact('creds', principal), ...(grant.elevated ? [fact('elevated', principal)] : [])];
      emit({ head: held, body, cost: 0, label: inner });
    }
    for (const resource of grant.resources) {
      emit({ head: `${label} ${resource}`, body: [held], cost: 0, conditions: grant.conditions, label: inner });
    }
  };

  return {
    setElevatable: (principals) => {
      elevatable = [...principals].sort(byCode);
    },
    may: (...requirements) => {
      const key = keyOf(requirements);
      const cached = known.get(key);
      if (cached) return cached;
      const grants = [...joint(requirements, false), ...(elevatable.length > 0 ? joint(requirements, true) : [])];
      const label = fact('may', nameOf(requirements));
      const action = requirements.map((r) => r.action).join(' and ');
      for (const grant of grants) emitGrant(label, action, grant);
      const byResource = groupBy(
        grants.flatMap((grant) => grant.resources.map((resource) => ({ resource, grant }))),
        (entry) => entry.resource,
      );
      const facts: PermissionFacts = {
        of: (resource) => (byResource.has(resource) ? `${label} ${resource}` : undefined),
        resources: sortedUnique(byResource.keys()),
        holders: (resource) =>
          (byResource.get(resource) ?? []).flatMap(({ grant }) =>
            grant.principals.map((principal) => ({
              principal,
              conditions: grant.conditions,
              elevated: grant.elevated,
            })),
          ),
      };
      known.set(key, facts);
      return facts;
    },
  };
}

/** Names a permission; the resources of the first requirement are named by each of its facts. */
const nameOf = (requirements: readonly Requirement[]): string =>
  requirements
    .map(({ action, resources, context, trusting }, i) =>
      [action, i === 0 ? '' : resources[0], context ? JSON.stringify(context) : '', trusting ? 'trusting' : ''].join(
        ' ',
      ),
    )
    .join(' & ');

/** A long list of resources is the same question only when it is the same array: writing it out would cost more than asking. */
const LONG = 16;
const longLists = new WeakMap<readonly string[], number>();
let longListCount = 0;

function keyOf(requirements: readonly Requirement[]): string {
  const resourcesKey = (resources: readonly string[]): unknown => {
    if (resources.length < LONG) return resources;
    const index = longLists.get(resources) ?? longListCount++;
    longLists.set(resources, index);
    return index;
  };
  return JSON.stringify(
    requirements.map((r) => [r.action, resourcesKey(r.resources), r.context ?? null, r.trusting ?? false]),
  );
}

function conditionsOf(grant: Grant): readonly Condition[] {
  if (grant.verdict === 'allowed') return [];
  return grant.conditions.length > 0
    ? grant.conditions
    : [unknown('policies', 'a policy that decides was not collected')];
}

const asJoint = (grant: Grant, elevated: boolean): JointGrant => ({
  principals: grant.principals,
  resources: grant.resources,
  conditions: conditionsOf(grant),
  decidedBy: grant.decidedBy,
  elevated,
});

/** Keeps of each grant the principals that also have one of `others`; those with the same further conditions stay together. */
function narrow(grants: readonly JointGrant[], others: readonly Grant[]): readonly JointGrant[] {
  const best = new Map<string, Grant>();
  for (const other of others) {
    for (const principal of other.principals) {
      const before = best.get(principal);
      if (!before || (before.verdict !== 'allowed' && other.verdict === 'allowed')) best.set(principal, other);
    }
  }
  return grants.flatMap((grant) => {
    const parts = new Map<Grant, string[]>();
    for (const principal of grant.principals) {
      const other = best.get(principal);
      if (!other) continue;
      const part = parts.get(other);
      if (part) part.push(principal);
      else parts.set(other, [principal]);
    }
    return [...parts].map(([other, principals]) => ({
      ...grant,
      principals,
      conditions: [...grant.conditions, ...conditionsOf(other)],
      decidedBy: [...grant.decidedBy, ...other.decidedBy],
    }));
  });
}

function evidenceOf(action: string, grant: JointGrant): readonly Evidence[] {
  return grant.decidedBy
    .filter((d) => d.effect === 'Allow')
    .map((d) => d.evidence ?? { asset: d.policy, fact: `statement ${d.statement} allows ${action}`, source: '' });
}

function fixOf(action: string, grant: JointGrant): string {
  const [first] = grant.decidedBy.filter((d) => d.effect === 'Allow');
  return first
    ? `Take ${action} out of statement ${first.statement} of ${first.policy}, or narrow its resources.`
    : `Deny ${action}.`;
}
