import { groupBy } from '../model/index.js';
import type { Holder, PermissionFacts, Requirement } from './permissions.js';
import type { World } from './world.js';

/** AWS's own administrator policy exists in every account, so whoever may attach a policy may attach this one. */
export const administratorAccess = (partition: string): string =>
  `arn:${partition}:iam::aws:policy/AdministratorAccess`;

/** A policy by which whoever has it administers the account, or may give itself what it likes. */
export interface AttachablePolicy {
  readonly context: NonNullable<Requirement['context']>;
  /** What it takes for it to be there. */
  readonly body: readonly string[];
  /** To be followed by what it is attached to. */
  readonly does: string;
}

const ARN = 'iam:PolicyARN';
const CREATE = 'iam:CreatePolicy';
const ATTACH = ['iam:AttachUserPolicy', 'iam:AttachRolePolicy', 'iam:AttachGroupPolicy'];

/**
 * What may be attached: AdministratorAccess; and where some policy limits what is (`iam:PolicyARN`), what comes to the same: all of IAM, or a new policy
 * of the account.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_controlling.html#access_controlling-policies
 */
export function attachablePolicies(world: World, account: string, partition: string): readonly AttachablePolicy[] {
  const administrator = {
    context: { [ARN]: administratorAccess(partition) },
    body: [],
    does: 'Attach AdministratorAccess',
  };
  if (!world.iam.looksAt([ARN])) return [administrator];
  const iam = {
    context: { [ARN]: `arn:${partition}:iam::aws:policy/IAMFullAccess` },
    body: [],
    does: 'Attach IAMFullAccess',
  };
  return [administrator, iam, ...ownPolicies(world, account, partition)];
}

/** New policies of the account, one of each name that policies tell apart. */
function ownPolicies(world: World, account: string, partition: string): readonly AttachablePolicy[] {
  const form = `arn:${partition}:iam::${account}:policy/*`;
  const told = world.iam.namesOf(form, [CREATE, ...ATTACH], [ARN]) ?? [];
  const names = (told.length === 0 ? [form.replace('*', 'new')] : told).filter((name) => !world.graph.asset(name));
  const made = world.permissions.may({ action: CREATE, resources: names });
  const alike = groupBy(made.resources, (name) => `${made.of(name)} ${world.iam.likenessOf({ [ARN]: name })}`);
  return [...alike.values()].map(([name = '']) => ({
    context: { [ARN]: name },
    body: [made.of(name) ?? ''],
    does: 'Make a policy that allows everything, and attach it',
  }));
}

/** Whether somebody may attach it on a resource who may not for certain attach what came before. */
export function isFurther(resource: string, facts: PermissionFacts, before: readonly PermissionFacts[]): boolean {
  const holders = facts.holders(resource);
  return holders.length > 0 && !before.some((one) => areAllCertain(holders, one.holders(resource)));
}

const compared = new WeakMap<readonly Holder[], Map<readonly Holder[], boolean>>();

/** Remembered: most resources have their lists of holders in common. */
function areAllCertain(holders: readonly Holder[], among: readonly Holder[]): boolean {
  const memo = compared.get(holders) ?? new Map<readonly Holder[], boolean>();
  compared.set(holders, memo);
  const known = memo.get(among);
  if (known !== undefined) return known;
  const certain = new Set(among.flatMap((h) => (h.conditions.length === 0 && !h.changed ? [h.principal] : [])));
  const made = holders.every(({ principal }) => certain.has(principal));
  memo.set(among, made);
  return made;
}
