import { applianceAt } from './appliances.js';
import { addressClasses } from './address-classes.js';
import type { Address } from './interfaces.js';
import { toCidrs } from './ip-set.js';
import { clientsOfRules } from './listener-rules.js';
import type { World } from './world.js';

/**
 * What tells addresses apart: the narrowest CIDR of a rule of a group or listener that holds an address, and the narrowest of a route or network
 * ACL. Addresses that have both in common are treated alike everywhere. `undefined` for a range that some CIDR cuts.
 */
export type AtomOf = (address: Address) => readonly [rule: string, route: string] | undefined;

const known = new WeakMap<World, AtomOf>();

export function addressAtoms(world: World): AtomOf {
  const before = known.get(world);
  if (before) return before;
  const byRule = addressClasses(ruleCidrs(world));
  const byRoute = addressClasses(routeCidrs(world));
  const made: AtomOf = ({ ips }) => {
    const rule = byRule.classOf(ips);
    const route = byRoute.classOf(ips);
    return rule === undefined || route === undefined ? undefined : [rule, route];
  };
  known.set(world, made);
  return made;
}

/** Says that a world tells addresses apart as another does: its rules name no further CIDRs, or all addresses alone. */
export function shareAtoms(from: World, to: World): void {
  known.set(to, addressAtoms(from));
}

function* ruleCidrs(world: World): Generator<string> {
  for (const group of world.groups.values())
    for (const rule of [...group.ingress, ...group.egress]) yield* toCidrs(rule.ips);
  for (const clients of clientsOfRules(world.snapshot)) yield* toCidrs(clients);
}

function* routeCidrs(world: World): Generator<string> {
  const acls = new Set([...world.acls.bySubnet.values(), ...world.acls.defaultByVpc.values()]);
  for (const acl of acls) for (const rule of [...acl.ingress, ...acl.egress]) yield* toCidrs(rule.ips);
  const { bySubnet, mainByVpc, byGateway } = world.routeTables;
  const tables = new Set([...bySubnet.values(), ...mainByVpc.values(), ...byGateway.values()]);
  for (const table of tables)
    for (const route of table.routes) {
      yield route.destination;
      // An appliance's own addresses are delivered to it, whatever it does with packets for others.
      const appliance = route.target === 'interface' ? applianceAt(world, route.targetId) : undefined;
      for (const { ips } of appliance?.addresses ?? []) yield* toCidrs(ips);
    }
  for (const table of world.transit.tables.values()) for (const route of table.routes) yield route.destination;
  for (const peering of world.gateways.peerings.values()) for (const side of peering.sides) yield* toCidrs(side.cidrs);
  for (const vpc of world.vpcs.values()) yield* vpc.blocks;
}
