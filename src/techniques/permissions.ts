import type { Authorizer, Retagging } from '../iam/index.js';
import { type Condition, groupBy, groupKeyed } from '../model/index.js';
import { makeAskers } from './askers.js';
import { makeGrantAsker } from './ask-grants.js';
import type { CallPlace } from './call-places.js';
import { NETWORK_KEYS } from './call-routes.js';
import { fact } from './fact.js';
import { asJoint, gainedOver, type JointGrant, narrow } from './joint-grants.js';
import { type GrantClass, makeGrantClauses } from './permission-clauses.js';
import { type LabelOptions, THROUGH } from './permission-labels.js';
import {
  type ChangedWorld,
  keyOfRequirements,
  nameOfPermission,
  type Requirement,
  type Requirements,
} from './requirement.js';
import { makeRetaggedGrants } from './retagged-grants.js';
import type { Emit } from './technique.js';

export type { ChangedWorld, Requirement } from './requirement.js';

/** The facts that stand for a permission, one for each resource on which somebody has it. */
export interface PermissionFacts {
  /** The fact that somebody has the permission on `resource`; `undefined` where nobody does. */
  of(resource: string): string | undefined;
  /** The resources on which somebody has it, in the order in which they were asked about. */
  readonly resources: readonly string[];
  /** The same by the facts that stand for it; the array that was asked about, where it is one fact for all of them. */
  readonly parts: readonly PermissionPart[];
  /** Who has it on `resource`, with the conditions of each; for techniques that look at the holder. */
  holders(resource: string): readonly Holder[];
}

export interface PermissionPart {
  readonly fact: string;
  readonly resources: readonly string[];
}

export interface Holder {
  readonly principal: string;
  readonly conditions: readonly Condition[];
  /** The facts that make it so, beside its credentials: changed policies, or tags of the resource. None where it has it as things are. */
  readonly needs: readonly string[];
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

export interface PermissionOptions extends LabelOptions {
  /** The account of an asset; `undefined` for what is not in the snapshot. */
  readonly accountOf: (asset: string) => string | undefined;
  /** The places from which calls look different to policies; worked out when first asked for. */
  readonly places: () => readonly CallPlace[];
  /** Whether some policy has a condition on a resource's tags: then what an intruder could do after tagging is asked too. */
  readonly resourceTagsMatter: boolean;
}

export function makePermissions(iam: Authorizer, emit: Emit, options: PermissionOptions): Permissions {
  const known = new Map<string, Known>();
  const worlds: ChangedWorld[] = [];
  const clauses = makeGrantClauses(emit, options);
  let isComplete = false;

  const askers = makeAskers(iam, options.accountOf);

  const ask = makeGrantAsker(iam, askers, (asset) => options.accountOf(asset) !== undefined);

  const joint = (
    requirements: readonly Requirement[],
    { world, retagged }: { readonly world?: ChangedWorld; readonly retagged?: Retagging } = {},
  ): readonly JointGrant[] => {
    let grants: readonly JointGrant[] | undefined;
    const owner = askers.ownerOf(requirements);
    for (const requirement of requirements) {
      const all = ask(requirement, world, grants === undefined ? retagged : undefined, owner);
      const answer = askers.ordinary(all, owner);
      grants = grants === undefined ? answer.map((g) => asJoint(g, world)) : narrow(grants, answer);
      if (grants.length === 0) return [];
    }
    return grants ?? [];
  };

  /** What the network decides of which nothing else is known, asked again from every place in it. */
  const placedGrants = (requirements: readonly Requirement[], plain: readonly JointGrant[]): readonly JointGrant[] => {
    if (!plain.some(({ conditions }) => asksFromWhere(conditions))) return [];
    return options.places().flatMap(({ world, serves }) => {
      if (requirements.some(({ action }) => world.contextFor?.(action) === undefined)) return [];
      const grants = joint(requirements, { world }).flatMap((grant) => {
        const resources = grant.resources.filter(serves);
        return resources.length === 0
          ? []
          : [resources.length === grant.resources.length ? grant : { ...grant, resources }];
      });
      return gainedOver(grants, plain).filter(({ conditions }) => !asksFromWhere(conditions));
    });
  };

  /** What was asked for already, with what the worlds add that have been made since. */
  const extend = (requirements: Requirements, before: Known | undefined): Known => {
    const label = fact('may', nameOfPermission(requirements));
    const action = [...new Set(requirements.map((r) => r.action))].join(' and ');
    const plain = before?.plain ?? joint(requirements);
    const inWorlds = worlds.slice(before?.worlds ?? 0).map((world) => {
      const grants = joint(requirements, { world });
      return { world, grants: world.iam === iam ? grants : gainedOver(grants, plain) };
    });
    const added = inWorlds.flatMap(({ grants }) => grants);
    // What was asked while worlds were still made stands in clauses already, so that each resource keeps a fact of its own.
    const isShared = before === undefined && isComplete;
    const placed = before ? [] : placedGrants(requirements, plain);
    const more = clauses.emitGrants(label, action, before ? added : [...plain, ...placed, ...added], isShared);
    const tag = (without: readonly JointGrant[], world?: ChangedWorld): readonly JointGrant[] =>
      options.resourceTagsMatter ? retagged({ label, action, requirements, without, ...(world && { world }) }) : [];
    const taggedPlain = before?.taggedPlain ?? tag(plain);
    const tagged = [
      ...(before ? [] : taggedPlain),
      ...inWorlds.flatMap(({ world, grants }) => tag([...plain, ...taggedPlain, ...grants], world)),
    ];
    const byTag = groupBy(
      tagged.flatMap((grant) => grant.resources.map((resource) => ({ resource, grant }))),
      ({ resource }) => resource,
    );
    for (const resource of isShared ? byTag.keys() : []) {
      const own = more.of(resource);
      if (own) emit({ head: `${label} ${resource}`, body: [own.fact], cost: 0, label: THROUGH });
    }
    const tagHolders = (resource: string): readonly Holder[] =>
      byTag.get(resource)?.flatMap(({ grant }) => holdersOf(grant, resource)) ?? [];
    const of = (resource: string): string | undefined =>
      byTag.has(resource) ? `${label} ${resource}` : (more.of(resource)?.fact ?? before?.answer.of(resource));
    const holdersOfClasses = new Map<GrantClass, readonly Holder[]>();
    const classHolders = (known: GrantClass): readonly Holder[] => {
      const made = holdersOfClasses.get(known) ?? known.grants.flatMap((grant) => holdersOf(grant));
      holdersOfClasses.set(known, made);
      return made;
    };
    const asked = requirements[0].resources;
    let resources: readonly string[] | undefined;
    let parts: readonly PermissionPart[] | undefined;
    const answer: PermissionFacts = {
      of,
      get resources() {
        return (resources ??= more.isAll(asked) ? asked : asked.filter((resource) => of(resource) !== undefined));
      },
      get parts() {
        parts ??=
          more.only && byTag.size === 0 && more.isAll(asked)
            ? [{ fact: more.only.fact, resources: asked }]
            : partsOf(asked, of);
        return parts;
      },
      holders: (resource) => {
        const own = more.of(resource);
        const plain = own ? classHolders(own) : [];
        const earlier = before?.answer.holders(resource) ?? [];
        return byTag.size === 0 && earlier.length === 0 ? plain : [...earlier, ...plain, ...tagHolders(resource)];
      },
    };
    return { plain, taggedPlain, worlds: worlds.length, answer };
  };

  const retagged = makeRetaggedGrants({ iam, emit, clauses, joint, may: (requirement) => facts.may(requirement) });

  const facts: Permissions = {
    addWorlds: (added) => {
      worlds.push(...added);
    },
    completeWorlds: () => {
      isComplete = true;
    },
    may: (...requirements) => {
      const key = keyOfRequirements(requirements);
      const before = known.get(key);
      if (before?.worlds === worlds.length) return before.answer;
      const made = extend(requirements, before);
      known.set(key, made);
      return made.answer;
    },
  };
  return facts;
}

const FROM_WHERE = new RegExp(NETWORK_KEYS.join('|'), 'i');

/** Whether something is left open that hangs on where calls come from. */
const asksFromWhere = (conditions: readonly Condition[]): boolean =>
  conditions.some(
    ({ key, values }) => FROM_WHERE.test(key) || (key === 'alternatives' && FROM_WHERE.test(values.join())),
  );

/** A permission as it was asked for when there were so many changed worlds. */
interface Known {
  readonly plain: readonly JointGrant[];
  /** What tags that are changed allow besides. */
  readonly taggedPlain: readonly JointGrant[];
  readonly worlds: number;
  readonly answer: PermissionFacts;
}

/** Resources by fact, without those that have none. */
function partsOf(
  resources: readonly string[],
  of: (resource: string) => string | undefined,
): readonly PermissionPart[] {
  return [...groupKeyed(resources, of)].map(([own, members]) => ({
    fact: own,
    resources: members.length === resources.length ? resources : members,
  }));
}

/** @param resource on which it is had, where that makes a difference */
const holdersOf = ({ principals, conditions, world, gate }: JointGrant, resource = ''): readonly Holder[] => {
  const gated = gate ? [gate(resource)] : [];
  return principals.map((principal) => ({
    principal,
    conditions,
    needs: [...gated, ...(world?.needs(principal) ?? [])],
  }));
};
