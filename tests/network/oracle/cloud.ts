import type { JsonObject } from '../../../src/model/index.js';
import { memorySnapshot, type WholeSnapshot } from '../../../src/snapshot/index.js';

/** A record that is still being written. */
export interface Mutable {
  [key: string]: Mutable | Mutable[] | string | string[] | number | boolean | null | undefined;
}

/** Operations that every account and Region answers, with nothing where nothing was drawn. */
const LISTS: readonly (readonly [service: string, operation: string, key: string])[] = [
  ['ec2', 'DescribeVpcs', 'Vpcs'],
  ['ec2', 'DescribeSubnets', 'Subnets'],
  ['ec2', 'DescribeRouteTables', 'RouteTables'],
  ['ec2', 'DescribeNetworkAcls', 'NetworkAcls'],
  ['ec2', 'DescribeSecurityGroups', 'SecurityGroups'],
  ['ec2', 'DescribeSecurityGroupVpcAssociations', 'SecurityGroupVpcAssociations'],
  ['ec2', 'DescribeNetworkInterfaces', 'NetworkInterfaces'],
  ['ec2', 'DescribeInstances', 'Reservations'],
  ['ec2', 'DescribeAddresses', 'Addresses'],
  ['ec2', 'DescribeInternetGateways', 'InternetGateways'],
  ['ec2', 'DescribeEgressOnlyInternetGateways', 'EgressOnlyInternetGateways'],
  ['ec2', 'DescribeNatGateways', 'NatGateways'],
  ['ec2', 'DescribeVpcPeeringConnections', 'VpcPeeringConnections'],
  ['ec2', 'DescribeTransitGateways', 'TransitGateways'],
  ['ec2', 'DescribeTransitGatewayAttachments', 'TransitGatewayAttachments'],
  ['ec2', 'DescribeTransitGatewayVpcAttachments', 'TransitGatewayVpcAttachments'],
  ['ec2', 'DescribeTransitGatewayRouteTables', 'TransitGatewayRouteTables'],
  ['ec2', 'DescribeTransitGatewayPeeringAttachments', 'TransitGatewayPeeringAttachments'],
  ['ec2', 'DescribeManagedPrefixLists', 'PrefixLists'],
  ['ec2', 'DescribePrefixLists', 'PrefixLists'],
  ['ec2', 'DescribeVpcEndpoints', 'VpcEndpoints'],
  ['ec2', 'DescribeVpcEndpointServiceConfigurations', 'ServiceConfigurations'],
  ['ec2', 'DescribeInstanceConnectEndpoints', 'InstanceConnectEndpoints'],
  ['ec2', 'DescribeVpnGateways', 'VpnGateways'],
  ['ec2', 'DescribeVpnConnections', 'VpnConnections'],
  ['ec2', 'DescribeCustomerGateways', 'CustomerGateways'],
  ['ec2', 'DescribeVpcBlockPublicAccessExclusions', 'VpcBlockPublicAccessExclusions'],
  ['elastic-load-balancing', 'DescribeLoadBalancers', 'LoadBalancerDescriptions'],
  ['elastic-load-balancing-v2', 'DescribeLoadBalancers', 'LoadBalancers'],
  ['elastic-load-balancing-v2', 'DescribeTargetGroups', 'TargetGroups'],
  ['rds', 'DescribeDBInstances', 'DBInstances'],
  ['rds', 'DescribeDBClusters', 'DBClusters'],
  ['rds', 'DescribeDBProxies', 'DBProxies'],
  ['rds', 'DescribeDBSubnetGroups', 'DBSubnetGroups'],
  ['lambda', 'ListFunctions', 'Functions'],
];

/** Operations called once a resource: one object keyed by its id. */
const KEYED: readonly (readonly [service: string, operation: string])[] = [
  ['ec2', 'SearchTransitGatewayRoutes'],
  ['ec2', 'GetTransitGatewayRouteTablePropagations'],
  ['ec2', 'GetTransitGatewayRouteTableAssociations'],
  ['ec2', 'GetManagedPrefixListEntries'],
  ['elastic-load-balancing', 'DescribeLoadBalancerAttributes'],
  ['elastic-load-balancing', 'DescribeInstanceHealth'],
  ['elastic-load-balancing-v2', 'DescribeListeners'],
  ['elastic-load-balancing-v2', 'DescribeRules'],
  ['elastic-load-balancing-v2', 'DescribeLoadBalancerAttributes'],
  ['elastic-load-balancing-v2', 'DescribeTargetGroupAttributes'],
  ['elastic-load-balancing-v2', 'DescribeTargetHealth'],
];

/** Answers in the making: `account/region/service/operation` → response. */
export type Answers = Map<string, Mutable>;

export interface Cloud {
  readonly answers: Answers;
  /** Adds a record to a list operation. */
  add(place: Place, operation: string, record: Mutable): void;
  /** The same record in the answers of several places. */
  addTo(places: readonly Place[], operation: string, record: Mutable): void;
  /** Sets the answer about one resource of an operation called once a resource. */
  set(place: Place, operation: string, id: string, answer: Mutable): void;
}

export interface Place {
  readonly account: string;
  readonly region: string;
}

export function startCloud(places: readonly Place[]): Cloud {
  const answers: Answers = new Map();
  for (const { account, region } of places) {
    for (const [service, operation, key] of LISTS)
      answers.set(`${account}/${region}/${service}/${operation}`, { [key]: [] });
    for (const [service, operation] of KEYED) answers.set(`${account}/${region}/${service}/${operation}`, {});
    answers.set(`${account}/${region}/ec2/DescribeVpcBlockPublicAccessOptions`, {
      VpcBlockPublicAccessOptions: {
        InternetGatewayBlockMode: 'off',
        ExclusionsAllowed: 'allowed',
        State: 'default-state',
      },
    });
  }
  const body = (place: Place, operation: string): Mutable => {
    const found = answers.get(`${place.account}/${place.region}/${operation}`);
    if (!found) throw new Error(`no such operation: ${operation}`);
    return found;
  };
  const add: Cloud['add'] = (place, operation, record) => {
    (Object.values(body(place, operation))[0] as Mutable[]).push(record);
  };
  return {
    answers,
    add,
    addTo: (places, operation, record) => {
      for (const place of places) add(place, operation, structuredClone(record));
    },
    set: (place, operation, id, answer) => {
      body(place, operation)[id] = answer;
    },
  };
}

export function snapshotOf(answers: Answers): WholeSnapshot {
  return memorySnapshot({
    answers: [...answers].map(([key, body]) => {
      const [account = '', region = '', service = '', operation = ''] = key.split('/');
      return { account, region, service, operation, source: `${key}.json`, body: body as JsonObject };
    }),
  });
}
