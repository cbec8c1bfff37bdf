import type { World } from './world.js';

export interface InstanceRole {
  readonly profile: string;
  readonly role: string;
}

/** The role whose credentials an instance gets through its instance profile. */
export function roleOfInstance(world: World, instance: string): InstanceRole | undefined {
  for (const { to: profile } of world.graph.outgoing(instance, 'uses-instance-profile')) {
    for (const { to: role } of world.graph.outgoing(profile, 'contains-role')) return { profile, role };
  }
  return undefined;
}

/** The instance profiles that hold a role. */
export const instanceProfilesOf = (world: World, role: string): readonly string[] =>
  world.graph.incoming(role, 'contains-role').map((r) => r.from);
