import { at, flag, type Json, objects } from '../model/index.js';
import type { World } from './world.js';

/** The documents of a managed policy: the one in force, and its other versions. */
export function versionsOf(
  world: World,
  policy: string,
): { readonly inForce: Json | undefined; readonly others: readonly Json[] } {
  const versions = objects(at(world.graph.asset(policy)?.record, 'PolicyVersionList'));
  const isInForce = (v: (typeof versions)[number]): boolean => flag(v['IsDefaultVersion']) === true;
  return {
    inForce: versions.find(isInForce)?.['Document'],
    others: versions.filter((v) => !isInForce(v)).map((v) => v['Document'] ?? null),
  };
}

const MOST_VERSIONS = 5;

/**
 * Calls that a new version of a managed policy needs beside its own: where it has as many as it may have, one is deleted first.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const beforeNewVersion = (world: World, policy: string): readonly string[] =>
  versionsOf(world, policy).others.length + 1 >= MOST_VERSIONS ? ['iam:DeletePolicyVersion'] : [];

/** Whether a policy is one that the account may change: a managed one of its own, neither AWS's nor inline. */
export const isCustomerManaged = (policy: string): boolean =>
  !policy.includes(':iam::aws:policy/') && !policy.includes('#');
