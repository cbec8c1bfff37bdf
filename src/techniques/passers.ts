import type { Condition } from '../model/index.js';
import type { World } from './world.js';

/** Who may pass which of some roles to a service, and on which conditions. */
export function passersOf(
  world: World,
  service: string,
  roles: readonly string[],
): ReadonlyMap<string, ReadonlyMap<string, readonly Condition[]>> {
  const pass = world.permissions.may({
    action: 'iam:PassRole',
    resources: roles,
    context: { 'iam:PassedToService': service },
  });
  const passers = new Map<string, Map<string, readonly Condition[]>>();
  for (const role of pass.resources) {
    for (const { principal, conditions, changed } of pass.holders(role)) {
      if (changed) continue;
      const passed = passers.get(principal) ?? new Map<string, readonly Condition[]>();
      passers.set(principal, passed);
      if (!passed.has(role) || conditions.length === 0) passed.set(role, conditions);
    }
  }
  return passers;
}
