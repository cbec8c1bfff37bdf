import type { Authorizer, ContextValues, DecidingStatement, Grant } from '../iam/index.js';
import { type Condition, type Evidence, groupBy, unknown } from '../model/index.js';
import { fact } from './fact.js';
import { RETAG_RESOURCE, tagActionFor } from './retagging.js';
import type { Emit, StepLabel, TechniqueInfo } from './technique.js';

/** A permission that one API call needs. */
export interface Requirement {
  readonly action: string;
  /** ARNs, ARNs with wildcards for a resource of the caller's choosing, or `*`. */
  readonly resources: readonly string[];
  readonly context?: ContextValues;
  /** Judge as if the resource's own policy named the caller (see `AuthorizationRequest.trusting`). */
  readonly trusting?: boolean;
  /**
   * Only principals of these accounts. For ARNs that name no account (EC2 snapshots and images): whoever owns the thing, and with whom it is
   * shared.
   */
  readonly accounts?: readonly string[];
}

/** The facts that stand for a permission, one for each resource on which somebody has it. */
export interface PermissionFacts {
  /** The fact that somebody has the permission on `resource`; `undefined` where nobody does. */
  of(resource: string): string | undefined;
  /** The resources on which somebody has it, in the order in which they were asked about. */
  readonly resources: readonly string[];
  /** Who has it on `resource`, with the conditions of each; for techniques that look at the holder. */
  holders(resource: string): readonly Holder[];
}

export interface Holder {
  readonly principal: string;
  readonly conditions: readonly Condition[];
  /** Only once its policies have been changed. */
  readonly changed: boolean;
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
  /** From now on permissions are asked for in these worlds too; what was asked before is asked there when it is asked again. */
  addWorlds(worlds: readonly ChangedWorld[]): void;
  /** Says that no more worlds come: from now on resources on which the same holds share a fact. */
  completeWorlds(): void;
}

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
  readonly world?: ChangedWorld;
}

/** Grants on exactly the same resources. */
interface GrantSet {
  readonly resources: readonly string[];
  readonly grants: readonly JointGrant[];
}

/** Most grants share one list of resources with others, so that lists are written out once. */
function setsOf(grants: readonly JointGrant[]): readonly GrantSet[] {
  const byList = groupBy(grants, (grant) => grant.resources);
  return [...groupBy(byList, ([resources]) => resources.join(' ')).values()].map((same) => ({
    resources: same[0]?.[0] ?? [],
    grants: same.flatMap(([, own]) => own),
  }));
}

/** Resources in the same sets: whoever has the permission on one has it on all of them. Not shared: each on its own. */
interface ResourceClass {
  readonly sets: readonly number[];
  readonly resources: readonly string[];
}

function classesOf(sets: readonly GrantSet[], isShared: boolean): readonly ResourceClass[] {
  const [only] = sets;
  if (only === undefined) return [];
  if (sets.length === 1 && isShared) return [{ sets: [0], resources: only.resources }];
  const setsByResource = new Map<string, number[]>();
  sets.forEach(({ resources }, index) => {
    for (const resource of resources) {
      const known = setsByResource.get(resource);
      if (known) known.push(index);
      else setsByResource.set(resource, [index]);
    }
  });
  return [...groupBy(setsByResource, ([resource, own]) => (isShared ? own.join() : resource)).values()].map((same) => ({
    sets: same[0]?.[1] ?? [],
    resources: same.map(([resource]) => resource),
  }));
}

const innerLabel = (action: string, grant: JointGrant, options: PermissionOptions): StepLabel => ({
  technique: PERMISSION,
  inner: true,
  detail: () => ({ text: action, evidence: evidenceOf(action, grant), fix: fixOf(action, grant, options) }),
});

/** Of a clause that only passes a permission on. */
const THROUGH: StepLabel = {
  technique: PERMISSION,
  inner: true,
  detail: () => ({ text: '', evidence: [], fix: '' }),
};

interface ClassFact {
  readonly fact: string;
  readonly grants: readonly JointGrant[];
}

export interface PermissionOptions {
  /** Whether some policy has a condition on a resource's tags: then what an intruder could do after tagging is asked too. */
  readonly resourceTagsMatter: boolean;
  /** Whether a policy is somebody's permissions boundary: it limits, and does not grant. */
  readonly isBoundary: (policy: string) => boolean;
}

export function makePermissions(iam: Authorizer, emit: Emit, options: PermissionOptions): Permissions {
  const known = new Map<string, Known>();
  const worlds: ChangedWorld[] = [];
  let isComplete = false;

  const principalLists = new Map<string, readonly string[]>();
  /** One array for equal questions, so that they are seen to be equal. */
  const principalsOf = (
    accounts: readonly string[] | undefined,
    world: ChangedWorld | undefined,
  ): readonly string[] | undefined => {
    if (accounts === undefined) return world?.principals;
    const key = `${accounts.join()} ${world?.name ?? ''}`;
    const known = principalLists.get(key);
    if (known) return known;
    const among = new Set(world?.principals ?? []);
    const all = iam.principals.filter((p) => accounts.includes(p.account) && (!world || among.has(p.id)));
    const made = all.map((p) => p.id);
    principalLists.set(key, made);
    return made;
  };

  /** Many techniques need the same call beside another: each distinct question is asked once. */
  const asked = new Map<string, readonly Grant[]>();
  const ask = (requirement: Requirement, world: ChangedWorld | undefined, retagged: boolean): readonly Grant[] => {
    const { action, resources, context, trusting, accounts } = requirement;
    const key = `${keyOf([requirement])} ${world?.name ?? ''} ${retagged}`;
    const known = asked.get(key);
    if (known) return known;
    const principals = principalsOf(accounts, world);
    const answer = (world?.iam ?? iam).grants({
      action,
      resources,
      ...(context && { context }),
      ...(trusting && { trusting }),
      ...(principals && { principals }),
      ...(world?.elevated === true && { elevated: true }),
      ...(retagged && { retagged }),
    });
    asked.set(key, answer);
    return answer;
  };

  const joint = (
    requirements: readonly Requirement[],
    { world, retagged = false }: { readonly world?: ChangedWorld; readonly retagged?: boolean } = {},
  ): readonly JointGrant[] => {
    let grants: readonly JointGrant[] | undefined;
    for (const requirement of requirements) {
      const answer = ask(requirement, world, retagged && grants === undefined);
      grants = grants === undefined ? answer.map((g) => asJoint(g, world)) : narrow(grants, answer);
      if (grants.length === 0) return [];
    }
    return grants ?? [];
  };

  /** `grant ← creds principal`, for each of the grant's principals. */
  const emitHolders = (label: string, action: string, grant: JointGrant, suffix: string): string => {
    // A principal and a resource stand in one grant of a permission, so the first of each names it: the same from scan to scan.
    const held = `${label} by ${grant.world ? `${grant.world.name} ` : ''}${grant.principals[0]} on ${grant.resources[0]}${suffix}`;
    for (const principal of grant.principals) {
      const body = [fact('creds', principal), ...(grant.world?.needs(principal) ?? [])];
      emit({ head: held, body, cost: 0, label: innerLabel(action, grant, options) });
    }
    return held;
  };

  /**
   * `permission on a class ← set of grants ← grant`. Resources on which the same grants hold are one fact, and grants on the same classes meet
   * in one fact before they part again, so that clauses are linear in grants plus classes.
   */
  const emitSets = (
    label: string,
    action: string,
    sets: readonly GrantSet[],
    isShared: boolean,
    round: number,
  ): ReadonlyMap<string, ClassFact> => {
    const facts = new Map<string, ClassFact>();
    const factsOfSets = sets.map((): string[] => []);
    for (const { sets: own, resources } of classesOf(sets, isShared)) {
      const leader = resources.reduce((least, resource) => (resource < least ? resource : least));
      const made = {
        fact: isShared ? `${label} (as on ${leader})` : `${label} ${leader}`,
        grants: own.flatMap((index) => sets[index]?.grants ?? []),
      };
      for (const resource of resources) facts.set(resource, made);
      for (const index of own) factsOfSets[index]?.push(made.fact);
    }
    sets.forEach((set, index) => {
      const own = factsOfSets[index] ?? [];
      const meets = set.grants.length > 1 && own.length > 1;
      const joined = `${label} among ${set.resources.length} from ${set.resources[0]} #${round}.${index}`;
      for (const grant of set.grants) {
        const held = emitHolders(label, action, grant, '');
        for (const head of meets ? [joined] : own) {
          emit({
            head,
            body: [held],
            cost: 0,
            conditions: grant.conditions,
            label: innerLabel(action, grant, options),
          });
        }
      }
      if (meets) for (const head of own) emit({ head, body: [joined], cost: 0, label: THROUGH });
    });
    return facts;
  };

  /** What could be done once resources have other tags: permission on the resource with its tags changed, and the changing itself. */
  const retaggedGrants = (
    label: string,
    action: string,
    requirements: readonly Requirement[],
    plain: readonly JointGrant[],
  ): readonly JointGrant[] => {
    const [first] = requirements;
    const tagAction = first && tagActionFor(first.resources[0] ?? '*');
    // Whoever may tag only what is tagged cannot begin by tagging.
    if (!first || tagAction === undefined || action === tagAction || !options.resourceTagsMatter) return [];
    const gained = gainedOver(joint(requirements, { retagged: true }), plain);
    if (gained.length === 0) return [];
    const tag = facts.may({ action: tagAction, resources: first.resources });
    return gained.flatMap((grant) => {
      const resources = grant.resources.filter((r) => tag.of(r) !== undefined);
      if (resources.length === 0) return [];
      const gate = (resource: string): string => `${label} tagged ${resource}`;
      for (const resource of resources) {
        const detail = () => ({
          text: `Set the tags of ${resource} so that ${action} is allowed on it.`,
          evidence: evidenceOf(action, grant),
          fix: `Take ${tagAction} on ${resource} away.`,
        });
        const body = [tag.of(resource) as string];
        emit({ head: gate(resource), body, label: { technique: RETAG_RESOURCE, to: resource, detail } });
      }
      const some = { ...grant, resources };
      const held = emitHolders(label, action, some, ' retagged');
      for (const resource of resources) {
        const body = [held, gate(resource)];
        const { conditions } = some;
        emit({ head: `${label} ${resource}`, body, cost: 0, conditions, label: innerLabel(action, some, options) });
      }
      return [some];
    });
  };

  /** What was asked for already, with what the worlds add that have been made since. */
  const extend = (requirements: Requirements, before: Known | undefined): Known => {
    const label = fact('may', nameOf(requirements));
    const action = [...new Set(requirements.map((r) => r.action))].join(' and ');
    const plain = before?.plain ?? joint(requirements);
    const added = worlds.slice(before?.worlds ?? 0).flatMap((world) => {
      const grants = joint(requirements, { world });
      return world.iam === iam ? grants : gainedOver(grants, plain);
    });
    // What was asked while worlds were still made stands in clauses already, so that each resource keeps a fact of its own.
    const isShared = before === undefined && isComplete;
    const more = emitSets(label, action, setsOf(before ? added : [...plain, ...added]), isShared, before?.rounds ?? 0);
    const tagged = before ? [] : retaggedGrants(label, action, requirements, plain);
    const byTag = groupBy(
      tagged.flatMap((grant) => grant.resources.map((resource) => ({ resource, grant }))),
      ({ resource }) => resource,
    );
    for (const resource of isShared ? byTag.keys() : []) {
      const own = more.get(resource);
      if (own) emit({ head: `${label} ${resource}`, body: [own.fact], cost: 0, label: THROUGH });
    }
    const holdsOf = (resource: string): readonly JointGrant[] => [
      ...(more.get(resource)?.grants ?? []),
      ...(byTag.get(resource) ?? []).map(({ grant }) => grant),
    ];
    const answer: PermissionFacts = {
      of: (resource) =>
        byTag.has(resource) ? `${label} ${resource}` : (more.get(resource)?.fact ?? before?.answer.of(resource)),
      resources: requirements[0].resources.filter(
        (r) => more.has(r) || byTag.has(r) || before?.answer.of(r) !== undefined,
      ),
      holders: (resource) => [
        ...(before?.answer.holders(resource) ?? []),
        ...holdsOf(resource).flatMap(({ principals, conditions, world }) =>
          principals.map((principal) => ({ principal, conditions, changed: world !== undefined })),
        ),
      ],
    };
    return { plain, rounds: (before?.rounds ?? 0) + 1, worlds: worlds.length, answer };
  };

  const facts: Permissions = {
    addWorlds: (added) => {
      worlds.push(...added);
    },
    completeWorlds: () => {
      isComplete = true;
    },
    may: (...requirements) => {
      const key = keyOf(requirements);
      const before = known.get(key);
      if (before?.worlds === worlds.length) return before.answer;
      const made = extend(requirements, before);
      known.set(key, made);
      return made.answer;
    },
  };
  return facts;
}

type Requirements = readonly [Requirement, ...Requirement[]];

/** A permission as it was asked for when there were so many changed worlds. */
interface Known {
  readonly plain: readonly JointGrant[];
  readonly rounds: number;
  readonly worlds: number;
  readonly answer: PermissionFacts;
}

/** Of some grants, the part that `plain` does not hold for certain already. */
function gainedOver(grants: readonly JointGrant[], plain: readonly JointGrant[]): readonly JointGrant[] {
  const certain = new Map<string, Set<string>>();
  for (const { principals, resources, conditions } of plain) {
    if (conditions.length > 0) continue;
    for (const resource of resources) {
      const holders = certain.get(resource) ?? new Set<string>();
      certain.set(resource, holders);
      for (const principal of principals) holders.add(principal);
    }
  }
  return grants.flatMap((grant) => {
    const byHolders = groupBy(grant.resources, (resource) => {
      const holders = certain.get(resource);
      return holders ? grant.principals.filter((p) => !holders.has(p)).join(' ') : grant.principals.join(' ');
    });
    byHolders.delete('');
    return [...byHolders].map(([holders, resources]) => ({ ...grant, principals: holders.split(' '), resources }));
  });
}

/** Names a permission; the resources of the first requirement are named by each of its facts. */
const nameOf = (requirements: readonly Requirement[]): string =>
  requirements
    .map(({ action, resources, context, trusting, accounts }, i) =>
      [
        action,
        i === 0 ? '' : resources[0],
        context ? JSON.stringify(context) : '',
        trusting ? 'trusting' : '',
        accounts?.join() ?? '',
      ].join(' '),
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
    requirements.map((r) => [
      r.action,
      resourcesKey(r.resources),
      r.context ?? null,
      r.trusting ?? false,
      r.accounts ?? null,
    ]),
  );
}

function conditionsOf(grant: Grant): readonly Condition[] {
  if (grant.verdict === 'allowed') return [];
  return grant.conditions.length > 0
    ? grant.conditions
    : [unknown('policies', 'a policy that decides was not collected')];
}

const asJoint = (grant: Grant, world: ChangedWorld | undefined): JointGrant => ({
  principals: grant.principals,
  resources: grant.resources,
  conditions: conditionsOf(grant),
  decidedBy: grant.decidedBy,
  ...(world && { world }),
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

function fixOf(action: string, grant: JointGrant, { isBoundary }: PermissionOptions): string {
  const allows = grant.decidedBy.filter((d) => d.effect === 'Allow');
  const first = allows.find((d) => !isBoundary(d.policy)) ?? allows[0];
  return first
    ? `Take ${action} out of statement ${first.statement} of ${first.policy}, or narrow its resources.`
    : `Deny ${action}.`;
}
