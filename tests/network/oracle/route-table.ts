import { at, field, flag, type JsonObject, objects, text } from '../../../src/model/index.js';
import { type Address, type Cidr, contains, parseCidr } from './addresses.js';
import { type Records, subnetVpc } from './records.js';

/** Where a route table sends a packet. */
export type RouteTarget =
  | { readonly kind: 'none' | 'blackhole' | 'local' }
  | {
      readonly kind: 'internet-gateway' | 'egress-only' | 'nat' | 'peering' | 'transit-gateway' | 'endpoint' | 'other';
      readonly id: string;
    };

/** The subnet's own table, otherwise the main one of its VPC. */
function routeTableOf(records: Records, subnetId: string): JsonObject | undefined {
  const own = records.routeTables.find(({ record }) =>
    objects(field(record, 'Associations')).some((a) => text(field(a, 'SubnetId')) === subnetId && isAssociated(a)),
  );
  if (own) return own.record;
  const vpc = subnetVpc(records, subnetId);
  return records.routeTables.find(
    ({ record }) =>
      text(field(record, 'VpcId')) === vpc &&
      objects(field(record, 'Associations')).some((a) => flag(field(a, 'Main')) === true),
  )?.record;
}

const isAssociated = (association: JsonObject): boolean =>
  (text(at(association, 'AssociationState', 'State')) ?? 'associated') === 'associated';

/**
 * The most specific route wins; for the same block local, then static, then a prefix list, then propagated.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
 */
export const lookUpRoute = (records: Records, subnetId: string, destination: Address): RouteTarget =>
  lookUpIn(records, routeTableOf(records, subnetId), destination);

/** The same by a gateway's own table, for what comes in by it; where it has none, to the VPC itself. */
export function lookUpEdgeRoute(records: Records, gatewayId: string, destination: Address): RouteTarget {
  const table = records.routeTables.find(({ record }) =>
    objects(field(record, 'Associations')).some((a) => text(field(a, 'GatewayId')) === gatewayId && isAssociated(a)),
  );
  return table ? lookUpIn(records, table.record, destination) : { kind: 'local' };
}

function lookUpIn(records: Records, table: JsonObject | undefined, destination: Address): RouteTarget {
  let best: { route: JsonObject; prefix: number; rank: number } | undefined;
  for (const route of objects(field(table, 'Routes'))) {
    const rank = rankOf(route);
    for (const cidr of destinationsOf(records, route)) {
      if (!contains(cidr, destination)) continue;
      if (!best || cidr.prefix > best.prefix || (cidr.prefix === best.prefix && rank < best.rank)) {
        best = { route, prefix: cidr.prefix, rank };
      }
    }
  }
  return best ? targetOf(best.route) : { kind: 'none' };
}

function rankOf(route: JsonObject): number {
  if (text(field(route, 'GatewayId')) === 'local') return 0;
  if (text(field(route, 'Origin')) === 'EnableVgwRoutePropagation') return 3;
  return field(route, 'DestinationPrefixListId') === undefined ? 1 : 2;
}

function destinationsOf(records: Records, route: JsonObject): readonly Cidr[] {
  const list = text(field(route, 'DestinationPrefixListId'));
  if (list !== undefined) return records.prefixLists.get(list) ?? [];
  const cidr = parseCidr(
    text(field(route, 'DestinationCidrBlock')) ?? text(field(route, 'DestinationIpv6CidrBlock')) ?? '',
  );
  return cidr ? [cidr] : [];
}

function targetOf(route: JsonObject): RouteTarget {
  if (text(field(route, 'State')) === 'blackhole') return { kind: 'blackhole' };
  const gateway = text(field(route, 'GatewayId'));
  if (gateway === 'local') return { kind: 'local' };
  if (gateway?.startsWith('igw-')) return { kind: 'internet-gateway', id: gateway };
  if (gateway?.startsWith('vpce-')) return { kind: 'endpoint', id: gateway };
  const targets = [
    ['EgressOnlyInternetGatewayId', 'egress-only'],
    ['NatGatewayId', 'nat'],
    ['VpcPeeringConnectionId', 'peering'],
    ['TransitGatewayId', 'transit-gateway'],
    ['GatewayId', 'other'],
    ['NetworkInterfaceId', 'other'],
    ['InstanceId', 'other'],
  ] as const;
  for (const [key, kind] of targets) {
    const id = text(field(route, key));
    if (id !== undefined) return { kind, id };
  }
  return { kind: 'other', id: 'a target of an unknown kind' };
}
