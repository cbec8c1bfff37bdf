import type { NatGateway } from './gateways.js';
import { type IpSet, NO_ADDRESSES, uniteIps } from './ip-set.js';
import { type Route, routesFor } from './route-tables.js';
import { tableOf, type World } from './world.js';

/**
 * The part of some addresses that a NAT gateway's own subnet sends on to another VPC.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-scenarios.html
 */
export function leadingInward(world: World, nat: NatGateway, ips: IpSet): IpSet {
  const subnet = world.subnets.get(nat.subnet);
  const table = subnet && tableOf(world, subnet);
  if (!table?.routes.some(isInward)) return NO_ADDRESSES;
  return routesFor(table, ips).reduce<IpSet>(
    (sum, { route, ips: taken }) => (route && isInward(route) ? uniteIps(sum, taken) : sum),
    NO_ADDRESSES,
  );
}

const isInward = ({ target, isBlackhole }: Route): boolean =>
  (target === 'peering' || target === 'transit-gateway') && !isBlackhole;
