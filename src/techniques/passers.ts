import { type HeldWay, waysOfHolders } from './held-ways.js';
import type { World } from './world.js';

/** Roles that a principal may pass in the same way. */
export interface PassedRoles {
  readonly roles: readonly string[];
  readonly way: HeldWay;
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
  for (const { resources } of pass.parts)
    for (const [principal, ways] of waysOfHolders(pass.holders(resources[0] as string))) {
      const passed = passers.get(principal) ?? [];
      passers.set(principal, passed);
      for (const way of ways) passed.push({ roles: resources, way });
    }
  return passers;
}
