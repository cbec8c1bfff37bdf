import { at, field, isObject, type JsonObject, objects, text } from '../../../src/model/index.js';
import type { Snapshot } from '../../../src/snapshot/index.js';
import { type Address, type Cidr, parseAddress, parseCidr } from './addresses.js';

/** A raw record and where it was answered. */
export interface Placed {
  readonly account: string;
  readonly region: string;
  readonly record: JsonObject;
}

/** The raw records of a snapshot by id; nothing is interpreted here. */
export interface Records {
  readonly vpcs: ReadonlyMap<string, Placed>;
  readonly subnets: ReadonlyMap<string, Placed>;
  readonly routeTables: readonly Placed[];
  readonly networkAcls: readonly Placed[];
  readonly securityGroups: ReadonlyMap<string, Placed>;
  readonly interfaces: ReadonlyMap<string, Placed>;
  readonly instances: ReadonlyMap<string, Placed>;
  readonly internetGateways: ReadonlyMap<string, Placed>;
  readonly egressOnlyGateways: ReadonlyMap<string, Placed>;
  readonly natGateways: ReadonlyMap<string, Placed>;
  readonly peerings: ReadonlyMap<string, Placed>;
  readonly transitGateways: ReadonlyMap<string, Placed>;
  /** A list: a peering between two gateways has the same id on both sides. */
  readonly transitAttachments: readonly Placed[];
  readonly transitVpcAttachments: ReadonlyMap<string, Placed>;
  readonly transitRoutes: ReadonlyMap<string, JsonObject>;
  readonly transitPropagations: ReadonlyMap<string, JsonObject>;
  readonly prefixLists: ReadonlyMap<string, readonly Cidr[]>;
  readonly blockPublicAccess: readonly Placed[];
  readonly blockPublicAccessExclusions: readonly Placed[];
  readonly balancers: ReadonlyMap<string, Placed>;
  readonly balancerAttributes: ReadonlyMap<string, JsonObject>;
  readonly listeners: ReadonlyMap<string, JsonObject>;
  readonly listenerRules: ReadonlyMap<string, JsonObject>;
  readonly targetGroups: ReadonlyMap<string, Placed>;
  readonly targetGroupAttributes: ReadonlyMap<string, JsonObject>;
  readonly targetHealth: ReadonlyMap<string, JsonObject>;
  readonly classicBalancers: ReadonlyMap<string, Placed>;
  readonly classicAttributes: ReadonlyMap<string, JsonObject>;
  readonly databases: ReadonlyMap<string, Placed>;
  readonly endpoints: ReadonlyMap<string, Placed>;
  /** Services of customers by name. */
  readonly services: ReadonlyMap<string, Placed>;
  /** Memo of {@link addressHolders}: addresses do not move while a packet flies. */
  readonly holders: Map<string, readonly AddressHolder[]>;
}

/** An address on an interface: its private side and, where associated, its public one. */
export interface AddressHolder {
  readonly interfaceId: string;
  readonly privateAddress: Address;
  readonly publicAddress: Address | undefined;
}

export function readRecords(snapshot: Snapshot): Records {
  const all = (service: string, operation: string, key: string): Placed[] =>
    snapshot
      .answers(service, operation)
      .flatMap(({ account, region, body }) => objects(field(body, key)).map((record) => ({ account, region, record })));
  const byId = (placed: readonly Placed[], id: string): ReadonlyMap<string, Placed> =>
    new Map(placed.map((p) => [text(field(p.record, id)) ?? '', p]));
  const ec2 = (operation: string, key: string, id: string): ReadonlyMap<string, Placed> =>
    byId(all('ec2', operation, key), id);
  const keyed = (service: string, operation: string): ReadonlyMap<string, JsonObject> =>
    new Map(
      snapshot
        .answers(service, operation)
        .flatMap(({ body }) => Object.entries(body).filter((e): e is [string, JsonObject] => isObject(e[1]))),
    );
  const elb = 'elastic-load-balancing-v2';
  const instances = all('ec2', 'DescribeInstances', 'Reservations').flatMap(({ account, region, record }) =>
    objects(field(record, 'Instances')).map((instance) => ({ account, region, record: instance })),
  );
  return {
    vpcs: ec2('DescribeVpcs', 'Vpcs', 'VpcId'),
    subnets: ec2('DescribeSubnets', 'Subnets', 'SubnetId'),
    routeTables: all('ec2', 'DescribeRouteTables', 'RouteTables'),
    networkAcls: all('ec2', 'DescribeNetworkAcls', 'NetworkAcls'),
    securityGroups: ec2('DescribeSecurityGroups', 'SecurityGroups', 'GroupId'),
    interfaces: ec2('DescribeNetworkInterfaces', 'NetworkInterfaces', 'NetworkInterfaceId'),
    instances: byId(instances, 'InstanceId'),
    internetGateways: ec2('DescribeInternetGateways', 'InternetGateways', 'InternetGatewayId'),
    egressOnlyGateways: ec2(
      'DescribeEgressOnlyInternetGateways',
      'EgressOnlyInternetGateways',
      'EgressOnlyInternetGatewayId',
    ),
    natGateways: ec2('DescribeNatGateways', 'NatGateways', 'NatGatewayId'),
    peerings: ec2('DescribeVpcPeeringConnections', 'VpcPeeringConnections', 'VpcPeeringConnectionId'),
    transitGateways: ec2('DescribeTransitGateways', 'TransitGateways', 'TransitGatewayId'),
    transitAttachments: all('ec2', 'DescribeTransitGatewayAttachments', 'TransitGatewayAttachments'),
    transitVpcAttachments: ec2(
      'DescribeTransitGatewayVpcAttachments',
      'TransitGatewayVpcAttachments',
      'TransitGatewayAttachmentId',
    ),
    transitRoutes: keyed('ec2', 'SearchTransitGatewayRoutes'),
    transitPropagations: keyed('ec2', 'GetTransitGatewayRouteTablePropagations'),
    prefixLists: readPrefixLists(keyed('ec2', 'GetManagedPrefixListEntries')),
    blockPublicAccess: snapshot
      .answers('ec2', 'DescribeVpcBlockPublicAccessOptions')
      .flatMap(({ account, region, body }) => {
        const record = field(body, 'VpcBlockPublicAccessOptions');
        return isObject(record) ? [{ account, region, record }] : [];
      }),
    blockPublicAccessExclusions: all('ec2', 'DescribeVpcBlockPublicAccessExclusions', 'VpcBlockPublicAccessExclusions'),
    balancers: byId(all(elb, 'DescribeLoadBalancers', 'LoadBalancers'), 'LoadBalancerArn'),
    balancerAttributes: keyed(elb, 'DescribeLoadBalancerAttributes'),
    listeners: keyed(elb, 'DescribeListeners'),
    listenerRules: keyed(elb, 'DescribeRules'),
    targetGroups: byId(all(elb, 'DescribeTargetGroups', 'TargetGroups'), 'TargetGroupArn'),
    targetGroupAttributes: keyed(elb, 'DescribeTargetGroupAttributes'),
    targetHealth: keyed(elb, 'DescribeTargetHealth'),
    classicBalancers: byId(
      all('elastic-load-balancing', 'DescribeLoadBalancers', 'LoadBalancerDescriptions'),
      'LoadBalancerName',
    ),
    classicAttributes: keyed('elastic-load-balancing', 'DescribeLoadBalancerAttributes'),
    databases: byId(all('rds', 'DescribeDBInstances', 'DBInstances'), 'DBInstanceIdentifier'),
    endpoints: ec2('DescribeVpcEndpoints', 'VpcEndpoints', 'VpcEndpointId'),
    services: ec2('DescribeVpcEndpointServiceConfigurations', 'ServiceConfigurations', 'ServiceName'),
    holders: new Map(),
  };
}

function readPrefixLists(answers: ReadonlyMap<string, JsonObject>): ReadonlyMap<string, readonly Cidr[]> {
  return new Map(
    [...answers].map(([id, answer]) => [
      id,
      objects(field(answer, 'Entries'))
        .map((entry) => parseCidr(text(field(entry, 'Cidr')) ?? ''))
        .filter((cidr) => cidr !== undefined),
    ]),
  );
}

/** Every address that the interface holds: primary and secondary IPv4, IPv6. */
export function addressHolders(records: Records, interfaceId: string): readonly AddressHolder[] {
  const known = records.holders.get(interfaceId);
  if (known) return known;
  const record = records.interfaces.get(interfaceId)?.record;
  const holders: AddressHolder[] = [];
  for (const entry of objects(field(record, 'PrivateIpAddresses'))) {
    const privateAddress = parseAddress(text(field(entry, 'PrivateIpAddress')) ?? '');
    const publicAddress = parseAddress(text(at(entry, 'Association', 'PublicIp')) ?? '');
    if (privateAddress) holders.push({ interfaceId, privateAddress, publicAddress });
  }
  for (const entry of objects(field(record, 'Ipv6Addresses'))) {
    const privateAddress = parseAddress(text(field(entry, 'Ipv6Address')) ?? '');
    if (privateAddress) holders.push({ interfaceId, privateAddress, publicAddress: privateAddress });
  }
  records.holders.set(interfaceId, holders);
  return holders;
}

/** The account that has something, where others describe it too. */
export const ownerOf = ({ account, record }: Placed): string => text(field(record, 'OwnerId')) ?? account;

/** The address blocks of a VPC: primary, secondary, IPv6; those being taken away do not count. */
export function vpcCidrs(records: Records, vpcId: string): readonly Cidr[] {
  const record = records.vpcs.get(vpcId)?.record;
  const cidrs: string[] = [];
  const main = text(field(record, 'CidrBlock'));
  if (main !== undefined) cidrs.push(main);
  for (const entry of objects(field(record, 'CidrBlockAssociationSet'))) {
    if (text(at(entry, 'CidrBlockState', 'State')) === 'associated') cidrs.push(text(field(entry, 'CidrBlock')) ?? '');
  }
  for (const entry of objects(field(record, 'Ipv6CidrBlockAssociationSet'))) {
    if (text(at(entry, 'Ipv6CidrBlockState', 'State')) === 'associated')
      cidrs.push(text(field(entry, 'Ipv6CidrBlock')) ?? '');
  }
  return cidrs.map(parseCidr).filter((cidr) => cidr !== undefined);
}

export const subnetVpc = (records: Records, subnetId: string): string =>
  text(field(records.subnets.get(subnetId)?.record, 'VpcId')) ?? '';
export const subnetZone = (records: Records, subnetId: string): string =>
  text(field(records.subnets.get(subnetId)?.record, 'AvailabilityZone')) ?? '';
export const interfaceSubnet = (records: Records, interfaceId: string): string =>
  text(field(records.interfaces.get(interfaceId)?.record, 'SubnetId')) ?? '';
export const interfaceVpc = (records: Records, interfaceId: string): string =>
  text(field(records.interfaces.get(interfaceId)?.record, 'VpcId')) ?? '';
export const interfaceGroups = (records: Records, interfaceId: string): readonly string[] =>
  objects(field(records.interfaces.get(interfaceId)?.record, 'Groups')).flatMap((g) => text(field(g, 'GroupId')) ?? []);

/** The holder of a private address inside a VPC. */
export function findPrivate(records: Records, vpcId: string, address: Address): AddressHolder | undefined {
  return findHolder(records, (h) => equal(h.privateAddress, address) && interfaceVpc(records, h.interfaceId) === vpcId);
}

/** The holder of a public address, anywhere in the snapshot. */
export const findPublic = (records: Records, address: Address): AddressHolder | undefined =>
  findHolder(records, (h) => h.publicAddress !== undefined && equal(h.publicAddress, address));

function findHolder(records: Records, test: (holder: AddressHolder) => boolean): AddressHolder | undefined {
  for (const id of records.interfaces.keys()) {
    const holder = addressHolders(records, id).find(test);
    if (holder) return holder;
  }
  return undefined;
}

export const equal = (a: Address, b: Address): boolean => a.bits === b.bits && a.value === b.value;
