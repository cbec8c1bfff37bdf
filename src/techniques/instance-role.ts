import { onceFor } from '../model/index.js';
import type { AssetGraph } from '../graph/index.js';
import { EC2, letsIn } from './trusted-services.js';
import type { World } from './world.js';

export interface InstanceRole {
  readonly profile: string;
  readonly role: string;
}

/** The role that an instance's profile holds. */
export function attachedRole({ graph }: World, instance: string): InstanceRole | undefined {
  for (const { to: profile } of graph.outgoing(instance, 'uses-instance-profile')) {
    for (const { to: role } of graph.outgoing(profile, 'contains-role')) return { profile, role };
  }
  return undefined;
}

/** The role whose credentials an instance gets through its instance profile. */
export function roleOfInstance(world: World, instance: string): InstanceRole | undefined {
  const held = attachedRole(world, instance);
  return held && letsIn(world, held.role, EC2) ? held : undefined;
}

/** The instances that get the credentials of a role, by it and the profile that holds it. */
export const instancesByRole = (world: World): readonly (readonly [InstanceRole, readonly string[]])[] =>
  [...holdersIn(world.graph)].filter(([{ role }]) => letsIn(world, role, EC2));

const holdersIn = onceFor((graph: AssetGraph): ReadonlyMap<InstanceRole, readonly string[]> => {
  const roles = new Map<string, InstanceRole | undefined>();
  const roleIn = (profile: string): InstanceRole | undefined => {
    if (roles.has(profile)) return roles.get(profile);
    const [role] = graph.outgoing(profile, 'contains-role');
    const made = role && { profile, role: role.to };
    roles.set(profile, made);
    return made;
  };
  const profiles = graph.endsOfType('ec2:instance', 'uses-instance-profile');
  const held = new Map<InstanceRole, string[]>();
  graph.assetsOfType('ec2:instance').forEach(({ id }, at) => {
    const profile = profiles[at]?.find((own) => roleIn(own) !== undefined);
    const role = profile === undefined ? undefined : roleIn(profile);
    if (!role) return;
    const own = held.get(role);
    if (own) own.push(id);
    else held.set(role, [id]);
  });
  return held;
});

/** The instance profiles that hold a role. */
export const instanceProfilesOf = (world: World, role: string): readonly string[] =>
  world.graph.incoming(role, 'contains-role').map((r) => r.from);

/** The roles that an instance profile holds: one, or none. */
export const rolesInProfile = (world: World, profile: string): readonly string[] =>
  world.graph.outgoing(profile, 'contains-role').map((r) => r.to);
