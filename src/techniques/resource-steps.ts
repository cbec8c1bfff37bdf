import { type Condition, groupKeyed, onceForBoth } from '../model/index.js';
import { byConditions } from './alike.js';
import { EACH, fact, type FactKind } from './fact.js';
import { eventOf } from './cloudtrail.js';
import { type KeyedGroup, keyedGroups, keyWays } from './keys.js';
import type { Requirement } from './permissions.js';
import type { Technique, TechniqueInfo } from './technique.js';
import { nameOf, stated, type World } from './world.js';

/** One API call of a technique; each call may be made by another principal under the intruder's control. */
export interface ApiCall {
  /** Any one of these actions does. */
  readonly anyOf: readonly string[];
  /** What it is checked on instead of the resource itself: one ARN (or pattern of ARNs) for the whole group. */
  readonly on?: (group: KeyedGroup) => string;
  /** The resource as this action names it, where that is not its ARN. */
  readonly as?: (id: string) => string;
  readonly context?: Requirement['context'];
  /** It is made once the resource has no policy of its own. */
  readonly unguarded?: true;
  /** What the same call is checked for besides, by the same principal. */
  readonly with?: (group: KeyedGroup, world: World) => readonly Requirement[];
  /** What else the call is checked on, by the same principal: any of these. */
  readonly onto?: (group: KeyedGroup, world: World) => readonly Onto[];
  /** Calls of KMS that the same principal needs on a customer-managed key, through this service (`s3`, `ec2`, …). */
  readonly key?: { readonly service: string; readonly actions: readonly string[] };
}

/** Resources of another kind that a call takes: roles that are passed, hosts that a volume is attached to. */
export interface Onto {
  readonly also: readonly Requirement[];
  /** The facts by which one of them serves for a resource, `undefined` where none does; each serves for all where it is absent. */
  readonly needs?: (id: string) => readonly string[] | undefined;
  /** What has to hold for them to be of use. */
  readonly conditions: readonly Condition[];
}

/** A technique that is some calls on an existing resource. */
export interface ResourceStep {
  readonly info: Omit<TechniqueInfo, 'premises' | 'detection' | 'assumptions' | 'remediation'> &
    Partial<Pick<TechniqueInfo, 'premises' | 'detection' | 'assumptions' | 'remediation'>>;
  /** Asset type. */
  readonly on: string;
  readonly calls: readonly ApiCall[];
  /** The facts that it gives: of these kinds, about the resource; or others. */
  readonly gives: readonly FactKind[] | ((world: World, id: string, group: KeyedGroup) => readonly string[]);
  /** Facts that are needed besides; a technique fails where one of them is `undefined`. */
  readonly needs?: (world: World, id: string, group: KeyedGroup) => readonly (string | undefined)[];
  /** `undefined`: it cannot work on this resource. */
  readonly when?: (world: World, id: string, group: KeyedGroup) => readonly Condition[] | undefined;
  /** What the intruder does, to be followed by the resource's name. */
  readonly does: string;
  /** What the intruder does, where something has to be done before. */
  readonly first?: (world: World, id: string, does: string) => string;
  /** What is so of the resource, as evidence. */
  readonly evidence: string;
  /** Groups that it cannot work on, e.g. those behind an AWS-managed key. */
  readonly only?: (group: KeyedGroup) => boolean;
}

/** `gives ← permission for each call ∧ needs`, for each resource of the type. */
export function makeResourceStep(step: ResourceStep): Technique {
  const { info, calls } = step;
  const named = calls.map((call) => call.anyOf.join(' or '));
  const technique: Technique = {
    ...info,
    premises: [...calls.map((call) => premiseOf(call)), ...(info.premises ?? [])],
    assumptions: info.assumptions ?? [],
    detection: info.detection ?? calls.flatMap((call) => call.anyOf.slice(0, 1)).map(eventOf),
    remediation: info.remediation ?? `Limit ${named[0]} to those who operate it.`,
    steps: (world, emit) => {
      for (const group of keyedGroups(world, step.on)) {
        if (step.only?.(group) === false) continue;
        const allowed = calls.map((call) => waysOf(world, call, group));
        for (const { ids, bodies } of allowedTogether(group.ids, allowed)) {
          for (const part of possible(world, step, group, ids)) {
            const known =
              calls.some((call) => call.key) || step.only ? [...group.conditions, ...part.conditions] : part.conditions;
            for (const { body, conditions: unsure } of bodies) {
              const premises = [...body, ...part.needs];
              const conditions = [...known, ...unsure];
              if (typeof step.gives !== 'function') {
                for (const kind of step.gives)
                  emit({
                    head: fact(kind, EACH),
                    body: premises,
                    each: part.ids,
                    conditions,
                    label: { technique, detail: describe(world) },
                  });
                continue;
              }
              for (const id of part.ids) {
                for (const head of step.gives(world, id, group)) {
                  const to = head.slice(head.indexOf(' ') + 1);
                  const label = { technique, ...(to !== id && { to }), detail: describe(world) };
                  emit({ head, body: premises, each: [id], conditions, label });
                }
              }
            }
          }
        }
      }
    },
  };
  const describe = (world: World) => (id: string) => ({
    text: `${step.first?.(world, id, step.does) ?? step.does} ${nameOf(world, id)}.`,
    evidence: [stated(world, id, step.evidence)],
    fix: technique.remediation,
  });
  return technique;
}

/** Resources of a group on which the step can work in the same way. */
interface PossibleResources {
  readonly ids: readonly string[];
  readonly needs: readonly string[];
  readonly conditions: readonly Condition[];
}

/** Those of some resources of a group on which the step can work, by what it needs and depends on. */
function possible(
  world: World,
  { needs, when }: ResourceStep,
  group: KeyedGroup,
  ids: readonly string[],
): readonly PossibleResources[] {
  const parts = when ? byConditions(ids, when, (id) => when(world, id, group)) : [{ ids, conditions: [] }];
  if (!needs) return parts.map((part) => ({ ...part, needs: [] }));
  return parts.flatMap(({ ids: some, conditions }) => {
    const known = new Map<string, readonly string[]>();
    const byNeeds = groupKeyed(some, (id) => {
      const needed = needs(world, id, group);
      if (needed.includes(undefined)) return undefined;
      const key = needed.join('\n');
      known.set(key, needed as readonly string[]);
      return key;
    });
    return [...byNeeds].map(([key, own]) => ({ ids: own, conditions, needs: known.get(key) ?? [] }));
  });
}

/** The facts by which calls may be made, and what has to hold besides. */
interface Choice {
  readonly body: readonly string[];
  readonly conditions: readonly Condition[];
}

/** How an action may be called on a resource. */
interface Way {
  readonly of: (id: string) => Choice | undefined;
  /** The same for all resources of the group, where that is known. */
  readonly whole?: Choice;
}

interface AllowedResources {
  readonly ids: readonly string[];
  /** Each one choice of an action for every call. */
  readonly bodies: readonly Choice[];
}

/** Resources on which every call may be made by some action, by the facts that say so. */
function allowedTogether(ids: readonly string[], calls: readonly (readonly Way[])[]): readonly AllowedResources[] {
  if (calls.some((ways) => ways.length === 0)) return [];
  if (calls.every((ways) => ways.every(({ whole }) => whole !== undefined)))
    return [{ ids, bodies: crossed(calls.map((ways) => ways.flatMap(({ whole }) => (whole ? [whole] : [])))) }];
  const choices = new Map<string, readonly Choice[]>();
  const byChoices = groupKeyed(ids, (id) => {
    const facts = calls.map((ways) =>
      ways.flatMap((way) => {
        const own = way.of(id);
        return own ? [own] : [];
      }),
    );
    if (facts.some((own) => own.length === 0)) return undefined;
    const key = facts.map((own) => own.map(textOf).join('\n\n')).join('\n\n\n');
    if (!choices.has(key)) choices.set(key, crossed(facts));
    return key;
  });
  return [...byChoices].map(([key, own]) => ({ ids: own, bodies: choices.get(key) ?? [] }));
}

const textOf = ({ body, conditions }: Choice): string =>
  conditions.length === 0 ? body.join('\n') : `${body.join('\n')}\n${JSON.stringify(conditions)}`;

const NOTHING_ELSE: readonly Onto[] = [{ also: [], conditions: [] }];

/** A choice of what a call takes besides. */
interface Besides extends Onto {
  readonly body: readonly string[];
}

/** Keys and other resources, in each combination. */
function besidesOf(world: World, { key, onto }: ApiCall, group: KeyedGroup): readonly Besides[] {
  const keyed = key
    ? keyWays(world, group, `${key.service}.${group.region}.amazonaws.com`, key.actions)
    : [{ also: [], body: [] }];
  const others = onto?.(group, world) ?? NOTHING_ELSE;
  return keyed.flatMap(({ also, body }) => others.map((other) => ({ ...other, also: [...also, ...other.also], body })));
}

/** The actions of a call that somebody may make on resources of a group. */
function waysOf(world: World, call: ApiCall, group: KeyedGroup): readonly Way[] {
  const { anyOf, on, as, context, unguarded } = call;
  const resources = on ? [on(group)] : as ? namesOf(group, as) : group.ids;
  const others = call.with?.(group, world) ?? [];
  const ways = besidesOf(world, call, group);
  return anyOf.flatMap((action) =>
    ways.flatMap(({ also, body, conditions, needs }): Way[] => {
      const first: Requirement = {
        action,
        resources,
        ...(context && { context }),
        ...(unguarded && { unguarded }),
        ...(group.ids[0]?.includes('::') && !on && { accounts: group.accounts }),
      };
      const facts = world.permissions.may(first, ...others, ...also);
      if (facts.resources.length === 0) return [];
      const withKey = (fact: string | undefined): Choice | undefined =>
        fact === undefined ? undefined : { body: [fact, ...body], conditions };
      if (needs)
        return [
          {
            of: (id) => {
              const own = withKey(facts.of(on ? on(group) : as ? as(id) : id));
              const need = needs(id);
              return own && need && { ...own, body: [...own.body, ...need] };
            },
          },
        ];
      const [only] = resources;
      if (only !== undefined && (on || (facts.parts.length === 1 && facts.parts[0]?.resources === resources))) {
        const whole = withKey(facts.of(only));
        return whole === undefined ? [] : [{ of: () => whole, whole }];
      }
      return [{ of: (id) => withKey(facts.of(as ? as(id) : id)) }];
    }),
  );
}

/** One array for each group and naming, so that equal questions are seen to be equal. */
export const namesOf = onceForBoth((group: KeyedGroup, as: (id: string) => string): readonly string[] =>
  group.ids.map(as),
);

/** Every choice of one from each list, put together. */
const crossed = (lists: readonly (readonly Choice[])[]): readonly Choice[] =>
  lists.reduce<readonly Choice[]>(
    (made, list) =>
      made.flatMap(({ body, conditions }) =>
        list.map((one) => ({ body: [...body, ...one.body], conditions: [...conditions, ...one.conditions] })),
      ),
    [{ body: [], conditions: [] }],
  );

function premiseOf({ anyOf, key }: ApiCall): string {
  const call = `A principal under the intruder's control may call ${anyOf.join(' or ')}`;
  return key
    ? `${call}; where a customer-managed key encrypts it, the same principal may call ${key.actions.join(', ')} on the key, or somebody opens the key to it first (kms:CreateGrant or kms:PutKeyPolicy).`
    : `${call}.`;
}
