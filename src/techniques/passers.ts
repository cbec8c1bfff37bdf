import type { Condition } from '../model/index.js';
import type { World } from './world.js';

/** Roles that a principal may pass on the same conditions. */
export interface PassedRoles {
  readonly roles: readonly string[];
  readonly conditions: readonly Condition[];
}

/** Who may pass which of some roles to a service. Roles that the same principals may pass are looked at once. */
export function passersOf(
  world: World,
  service: string,
  roles: readonly string[],
): ReadonlyMap<string, readonly PassedRoles[]> {
  const pass = world.permissions.may({
    action: 'iam:PassRole',
    resources: roles,
    context: { 'iam:PassedToService': service },
  });
  const passers = new Map<string, PassedRoles[]>();
  for (const { resources } of pass.parts) {
    const best = new Map<string, readonly Condition[]>();
    for (const { principal, conditions, changed } of pass.holders(resources[0] as string))
      if (!changed && (!best.has(principal) || conditions.length === 0)) best.set(principal, conditions);
    for (const [principal, conditions] of best) {
      const passed = passers.get(principal);
      if (passed) passed.push({ roles: resources, conditions });
      else passers.set(principal, [{ roles: resources, conditions }]);
    }
  }
  return passers;
}
