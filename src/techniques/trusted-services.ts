import { conditionsOf } from './account-administrator.js';
import type { Authorizer } from '../iam/index.js';
import type { Condition } from '../model/index.js';
import type { World } from './world.js';

/** Whether a role's trust policy may mean a service: a cheap first sieve before the authorizer is asked. */
export function namesService(iam: Authorizer, role: string, service: string): boolean {
  const services = iam.servicesNamedBy(role);
  return services === 'all' || services.has(service);
}

const trustedBy = new WeakMap<readonly string[], Map<string, ReadonlyMap<string, readonly Condition[]>>>();

/** Those of `roles` that a service may assume, with the conditions on which it may; remembered for an array that is asked about again. */
export function rolesTrusting(
  world: World,
  service: string,
  roles: readonly string[],
): ReadonlyMap<string, readonly Condition[]> {
  const memo = trustedBy.get(roles) ?? new Map<string, ReadonlyMap<string, readonly Condition[]>>();
  trustedBy.set(roles, memo);
  const known = memo.get(service) ?? findTrusting(world, service, roles);
  memo.set(service, known);
  return known;
}

function findTrusting(
  world: World,
  service: string,
  roles: readonly string[],
): ReadonlyMap<string, readonly Condition[]> {
  const trusted = new Map<string, readonly Condition[]>();
  for (const role of roles) {
    if (!namesService(world.iam, role, service)) continue;
    const answer = world.iam.evaluate({ principal: service, action: 'sts:AssumeRole', resource: role });
    if (answer.verdict === 'explicit-deny' || answer.verdict === 'implicit-deny') continue;
    trusted.set(role, conditionsOf(answer));
  }
  return trusted;
}
