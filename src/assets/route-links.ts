import { field, type JsonObject, objects, text } from '../model/index.js';
import { type Link, link } from './declaration.js';

/**
 * The field of a route that names its target, and the target's type. A gateway's id tells its type by its prefix.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html
 */
const TARGETS: readonly (readonly [field: string, type: string])[] = [
  ['NatGatewayId', 'ec2:nat-gateway'],
  ['TransitGatewayId', 'ec2:transit-gateway'],
  ['VpcPeeringConnectionId', 'ec2:vpc-peering-connection'],
  ['EgressOnlyInternetGatewayId', 'ec2:egress-only-internet-gateway'],
  ['NetworkInterfaceId', 'ec2:network-interface'],
  ['InstanceId', 'ec2:instance'],
];

const GATEWAYS: readonly (readonly [prefix: string, type: string])[] = [
  ['igw-', 'ec2:internet-gateway'],
  ['vgw-', 'ec2:vpn-gateway'],
  ['vpce-', 'ec2:vpc-endpoint'],
];

/** `routes-to` the targets of the active routes, `serves` the subnets and the VPC that the table is associated with. */
export function routeLinks(table: JsonObject): Link[] {
  const routes = objects(field(table, 'Routes')).filter((route) => field(route, 'State') !== 'blackhole');
  return [
    ...routes.flatMap(targetLinks),
    ...objects(field(table, 'Associations')).flatMap((association) => [
      ...link('serves', 'ec2:subnet', text(field(association, 'SubnetId'))),
      ...(field(association, 'Main') === true ? link('main-table-of', 'ec2:vpc', text(field(table, 'VpcId'))) : []),
    ]),
  ];
}

function targetLinks(route: JsonObject): Link[] {
  const gateway = text(field(route, 'GatewayId')) ?? '';
  const gatewayType = GATEWAYS.find(([prefix]) => gateway.startsWith(prefix))?.[1];
  return [
    ...(gatewayType === undefined ? [] : link('routes-to', gatewayType, gateway)),
    ...TARGETS.flatMap(([key, type]) => link('routes-to', type, text(field(route, key)))),
  ];
}
