import { type Condition, groupBy, onceFor } from '../model/index.js';
import { certainHolders } from './certain-holders.js';
import { newNames } from './new-names.js';
import type { Holder, PermissionFacts, Requirement } from './permissions.js';
import { beforeNewVersion, isCustomerManaged } from './policy-text.js';
import { groupsOf, nameOf, type World } from './world.js';

/** AWS's own administrator policy exists in every account, so whoever may attach a policy may attach this one. */
export const administratorAccess = (partition: string): string =>
  `arn:${partition}:iam::aws:policy/AdministratorAccess`;

/** A policy by which whoever has it administers the account, or may give itself what it likes. */
export interface AttachablePolicy {
  readonly context: NonNullable<Requirement['context']>;
  /** What it takes for it to be there. */
  readonly body: readonly string[];
  readonly conditions: readonly Condition[];
  /** To be followed by what it is attached to. */
  readonly does: string;
}

const ARN = 'iam:PolicyARN';
const CREATE = 'iam:CreatePolicy';
const ATTACH = ['iam:AttachUserPolicy', 'iam:AttachRolePolicy', 'iam:AttachGroupPolicy'];

/**
 * What may be attached: AdministratorAccess; and where some policy limits what is (`iam:PolicyARN`), what comes to the same: all of IAM, a new policy of
 * the account, or one of it that is written anew.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_controlling.html#access_controlling-policies
 */
export function attachablePolicies(world: World, account: string, partition: string): readonly AttachablePolicy[] {
  const administrator = {
    context: { [ARN]: administratorAccess(partition) },
    body: [],
    conditions: [],
    does: 'Attach AdministratorAccess',
  };
  if (!world.iam.looksAt([ARN])) return [administrator];
  const iam = {
    context: { [ARN]: `arn:${partition}:iam::aws:policy/IAMFullAccess` },
    body: [],
    conditions: [],
    does: 'Attach IAMFullAccess',
  };
  return [administrator, iam, ...newPolicies(world, account, partition), ...rewritablePolicies(world, account)];
}

const MAKE = 'Make a policy that allows everything, and attach it';

const newPolicies = (world: World, account: string, partition: string): readonly AttachablePolicy[] =>
  policiesToMake(world, { account, partition, calls: ATTACH, key: ARN }).map((made) => ({ ...made, does: MAKE }));

/** Calls that name a policy by a condition key. */
interface PolicyNaming {
  readonly account: string;
  readonly partition: string;
  readonly calls: readonly string[];
  readonly key: string;
}

/** New policies of the account that calls name, one of each name that policies tell apart. */
export function policiesToMake(
  world: World,
  { account, partition, calls, key }: PolicyNaming,
): readonly Omit<AttachablePolicy, 'does'>[] {
  const form = `arn:${partition}:iam::${account}:policy/*`;
  return newNames(world, form, [CREATE, ...calls], [key]).flatMap(({ names, conditions }) => {
    if (conditions.length > 0) return policyOfSomeName(world, form, conditions);
    const free = (names[0] === form ? [form.replace('*', 'new')] : names).filter((name) => !world.graph.asset(name));
    const made = world.permissions.may({ action: CREATE, resources: free });
    const alike = groupBy(made.resources, (name) => `${made.of(name)} ${world.iam.likenessOf({ [key]: name })}`);
    return [...alike.values()].map(([name = '']) => ({
      context: { [key]: name },
      body: [made.of(name) ?? ''],
      conditions,
    }));
  });
}

/** Of a name that was not tried: whether one that may be made is one that may be named is not known. */
function policyOfSomeName(
  world: World,
  form: string,
  conditions: readonly Condition[],
): readonly Omit<AttachablePolicy, 'does'>[] {
  const made = world.permissions.may({ action: CREATE, resources: [form] }).of(form);
  return made === undefined ? [] : [{ context: {}, body: [made], conditions }];
}

/** Policies of the account, attached or not, of which somebody may put a version of one's own in force; one of those that no policy tells apart. */
function rewritablePolicies(world: World, account: string): readonly AttachablePolicy[] {
  return groupsOf(world, 'iam:policy')
    .filter((group) => group.account === account)
    .flatMap(({ ids }) => {
      const own = customerManaged(ids);
      const may = (action: string): PermissionFacts => world.permissions.may({ action, resources: own });
      const alike = groupBy(may('iam:CreatePolicyVersion').resources, (policy) =>
        [
          world.iam.likenessOf({ [ARN]: policy }),
          ...beforeNewVersion(world, policy),
          ...['iam:CreatePolicyVersion', ...beforeNewVersion(world, policy)].map((action) =>
            textOf(may(action).holders(policy)),
          ),
        ].join(' '),
      );
      return [...alike.values()].flatMap(([policy = '']): readonly AttachablePolicy[] => {
        const calls = ['iam:CreatePolicyVersion', ...beforeNewVersion(world, policy)].map(may);
        const body = calls.flatMap((facts) => facts.of(policy) ?? []);
        const does = `Make a default version that allows everything of policy ${nameOf(world, policy)}, and attach it`;
        return body.length < calls.length ? [] : [{ context: { [ARN]: policy }, body, conditions: [], does }];
      });
    });
}

const textOf = onceFor((holders: readonly Holder[]): string => JSON.stringify(holders));

const customerManaged = onceFor((ids: readonly string[]): readonly string[] => ids.filter(isCustomerManaged));

/** Who may attach a policy to what, and what it takes for that to be there. */
export interface AskedBefore {
  readonly facts: PermissionFacts;
  readonly body: readonly string[];
  readonly conditions: readonly Condition[];
}

/** Whether somebody may attach it on a resource who may not for certain attach what came before, for which nothing else has to be done. */
export function isFurther(
  resource: string,
  { facts, body }: Pick<AskedBefore, 'facts' | 'body'>,
  before: readonly AskedBefore[],
): boolean {
  const holders = facts.holders(resource);
  return (
    holders.length > 0 &&
    !before.some(
      (one) =>
        one.conditions.length === 0 &&
        one.body.every((needed) => body.includes(needed)) &&
        areAllCertain(holders, one.facts.holders(resource)),
    )
  );
}

const compared = new WeakMap<readonly Holder[], Map<readonly Holder[], boolean>>();

/** Remembered: most resources have their lists of holders in common. */
function areAllCertain(holders: readonly Holder[], among: readonly Holder[]): boolean {
  const memo = compared.get(holders) ?? new Map<readonly Holder[], boolean>();
  compared.set(holders, memo);
  const known = memo.get(among);
  if (known !== undefined) return known;
  const certain = certainHolders(among);
  const made = holders.every(({ principal }) => certain.has(principal));
  memo.set(among, made);
  return made;
}
