import { field, flag, type JsonObject, makeEc2Arn, objects, text } from '../model/index.js';
import type { Snapshot } from '../snapshot/index.js';
import { parseBlock } from './ip-address.js';
import { hasIps, intersectIps, type IpSet, subtractIps } from './ip-set.js';
import type { PrefixLists } from './prefix-lists.js';
import { indexById, recordsOf } from './snapshot-records.js';

/** What a route leads to. */
export type RouteTarget =
  | 'local'
  | 'internet-gateway'
  | 'egress-only-gateway'
  | 'nat-gateway'
  | 'peering'
  | 'transit-gateway'
  | 'vpn-gateway'
  | 'endpoint'
  | 'interface'
  | 'other';

export interface Route {
  readonly destination: string;
  readonly ips: IpSet;
  readonly prefix: number;
  readonly target: RouteTarget;
  /** The id of the gateway, interface, …; `local`. */
  readonly targetId: string;
  readonly isBlackhole: boolean;
  /** For one block: local 0, static 1, by a prefix list 2, propagated 3. */
  readonly rank: number;
}

/** A route whose destination cannot be resolved: it may take any packet that another route would. */
export interface UnclearRoute extends Pick<Route, 'target' | 'targetId'> {
  /** What could not be read. */
  readonly what: string;
}

export interface RouteTable {
  readonly id: string;
  readonly arn: string;
  readonly vpc: string;
  readonly routes: readonly Route[];
  readonly unclear: readonly UnclearRoute[];
  readonly source: string;
}

export interface RouteTables {
  readonly bySubnet: ReadonlyMap<string, RouteTable>;
  readonly mainByVpc: ReadonlyMap<string, RouteTable>;
  /** Tables of traffic that comes in by a gateway. */
  readonly byGateway: ReadonlyMap<string, RouteTable>;
}

/** @see https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html */
export function readRouteTables(snapshot: Snapshot, prefixLists: PrefixLists): RouteTables {
  const bySubnet = new Map<string, RouteTable>();
  const mainByVpc = new Map<string, RouteTable>();
  const byGateway = new Map<string, RouteTable>();
  const found = recordsOf(snapshot, 'ec2', 'DescribeRouteTables', 'RouteTables');
  const tables = indexById(found, 'RouteTableId', (id, item) => ({
    table: readTable(id, item, prefixLists),
    record: item.record,
  }));
  for (const { table, record } of tables.values())
    for (const association of objects(field(record, 'Associations'))) {
      const state = text(field(field(association, 'AssociationState'), 'State'));
      if (state !== undefined && state !== 'associated' && state !== 'associating') continue;
      const subnet = text(field(association, 'SubnetId'));
      const gateway = text(field(association, 'GatewayId'));
      if (subnet !== undefined) bySubnet.set(subnet, table);
      else if (gateway !== undefined) byGateway.set(gateway, table);
      else if (flag(field(association, 'Main')) === true) mainByVpc.set(table.vpc, table);
    }
  return { bySubnet, mainByVpc, byGateway };
}

function readTable(
  id: string,
  { record, answer }: { record: JsonObject; answer: { region: string; account: string; source: string } },
  prefixLists: PrefixLists,
): RouteTable {
  const routes: Route[] = [];
  const unclear: UnclearRoute[] = [];
  for (const entry of objects(field(record, 'Routes'))) {
    const [target, targetId] = readTarget(entry);
    const doubt = (what: string) => unclear.push({ what, target, targetId });
    const destination =
      text(field(entry, 'DestinationCidrBlock')) ??
      text(field(entry, 'DestinationIpv6CidrBlock')) ??
      text(field(entry, 'DestinationPrefixListId'));
    if (destination === undefined) {
      doubt('a route without a destination that can be read');
      continue;
    }
    const common = {
      target,
      targetId,
      isBlackhole: text(field(entry, 'State')) === 'blackhole',
      rank: rankOf(entry, target, destination),
    };
    const blocks = destination.startsWith('pl-') ? prefixLists.get(destination) : [destination];
    if (blocks === undefined) {
      // A gateway endpoint's list holds the service's own addresses: no one else's packet can match it.
      if (target !== 'endpoint') doubt(`the entries of prefix list ${destination}`);
      continue;
    }
    for (const cidr of blocks) {
      const block = parseBlock(cidr);
      if (block === undefined) doubt(`a route with the unreadable destination ${cidr}`);
      else routes.push({ destination: cidr, ips: blockSet(block), prefix: block.prefix, ...common });
    }
  }
  routes.sort((a, b) => b.prefix - a.prefix || a.rank - b.rank);
  const account = text(field(record, 'OwnerId')) ?? answer.account;
  return {
    id,
    arn: makeEc2Arn(answer.region, account, 'route-table', id),
    vpc: text(field(record, 'VpcId')) ?? '',
    routes,
    unclear,
    source: answer.source,
  };
}

/** The rank of routes by a prefix list. */
export const BY_LIST = 2;

/** @see https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html */
function rankOf(entry: JsonObject, target: RouteTarget, destination: string): number {
  if (target === 'local') return 0;
  if (text(field(entry, 'Origin')) === 'EnableVgwRoutePropagation') return 3;
  return destination.startsWith('pl-') ? BY_LIST : 1;
}

const blockSet = (block: NonNullable<ReturnType<typeof parseBlock>>): IpSet =>
  block.family === 4 ? { v4: [block.lo, block.hi], v6: [] } : { v4: [], v6: [block.lo, block.hi] };

function readTarget(entry: JsonObject): readonly [RouteTarget, string] {
  const id = (key: string): string | undefined => text(field(entry, key));
  const gateway = id('GatewayId');
  const found: readonly (readonly [RouteTarget, string | undefined])[] = [
    ['nat-gateway', id('NatGatewayId')],
    ['transit-gateway', id('TransitGatewayId')],
    ['peering', id('VpcPeeringConnectionId')],
    ['egress-only-gateway', id('EgressOnlyInternetGatewayId')],
    ['local', gateway === 'local' ? gateway : undefined],
    ['internet-gateway', gateway?.startsWith('igw-') ? gateway : undefined],
    ['vpn-gateway', gateway?.startsWith('vgw-') ? gateway : undefined],
    ['endpoint', gateway?.startsWith('vpce-') ? gateway : undefined],
    ['interface', id('NetworkInterfaceId') ?? id('InstanceId')],
  ];
  for (const [target, targetId] of found) if (targetId !== undefined) return [target, targetId];
  const other = ['CarrierGatewayId', 'LocalGatewayId', 'CoreNetworkArn', 'GatewayId', 'OdbNetworkArn', 'IpAddress'];
  return ['other', other.map(id).find((value) => value !== undefined) ?? 'an unknown target'];
}

/**
 * Routes with an unknown destination that may go before another one: more specific ones do, whatever their kind, but before the local route those to
 * appliances and NAT gateways alone.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html#route-table-routes
 */
export const overruling = ({ unclear }: RouteTable, route: Route): readonly UnclearRoute[] =>
  unclear.filter(
    ({ target, targetId }) => targetId !== route.targetId && (route.target !== 'local' || INWARD_TARGETS.has(target)),
  );

const INWARD_TARGETS: ReadonlySet<RouteTarget> = new Set(['interface', 'nat-gateway', 'endpoint']);

/** Splits addresses by the route that takes them (longest prefix first); the rest has no route. */
export function routesFor(
  table: RouteTable,
  ips: IpSet,
): readonly { readonly route: Route | undefined; readonly ips: IpSet }[] {
  const parts: { route: Route | undefined; ips: IpSet }[] = [];
  let rest = ips;
  for (const route of table.routes) {
    const taken = intersectIps(rest, route.ips);
    if (!hasIps(taken)) continue;
    parts.push({ route, ips: taken });
    rest = subtractIps(rest, taken);
    if (!hasIps(rest)) return parts;
  }
  return [...parts, { route: undefined, ips: rest }];
}
