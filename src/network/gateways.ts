import { at, field, type JsonObject, makeEc2Arn, objects, text, texts } from '../model/index.js';
import type { Snapshot } from '../snapshot/index.js';
import type { IpSet } from './ip-set.js';
import { type EndpointService, readEndpointServices } from './private-link.js';
import { indexById, recordsOf } from './snapshot-records.js';
import { readCidrs } from './vpcs.js';

export interface NatGateway {
  readonly id: string;
  readonly arn: string;
  readonly vpc: string;
  readonly subnet: string;
  readonly isPrivate: boolean;
  readonly isUsable: boolean;
  readonly publicIps: IpSet;
  readonly privateIps: IpSet;
  readonly source: string;
}

export interface PeeringSide {
  readonly vpc: string;
  readonly region: string;
  readonly account: string;
  readonly cidrs: IpSet;
}

export interface Peering {
  readonly id: string;
  readonly arn: string;
  readonly status: string;
  readonly sides: readonly [PeeringSide, PeeringSide];
  readonly source: string;
}

/** An internet gateway, egress-only gateway or virtual private gateway and what it is attached to. */
export interface VpcGateway {
  readonly id: string;
  readonly arn: string;
  readonly vpcs: readonly string[];
  readonly source: string;
}

export interface VpcEndpoint {
  readonly id: string;
  readonly arn: string;
  /** `Interface`, `Gateway`, `GatewayLoadBalancer`, … */
  readonly kind: string;
  readonly service: string;
  readonly vpc: string;
  readonly subnets: readonly string[];
  readonly interfaces: readonly string[];
  readonly groups: readonly string[];
  readonly state: string;
  /** What its policy says of calls through it, in words; who may make which is a matter of authorization. */
  readonly policy: string;
  readonly source: string;
}

export interface Gateways {
  readonly nat: ReadonlyMap<string, NatGateway>;
  readonly peerings: ReadonlyMap<string, Peering>;
  readonly internet: ReadonlyMap<string, VpcGateway>;
  readonly vpn: ReadonlyMap<string, VpcGateway>;
  readonly endpoints: ReadonlyMap<string, VpcEndpoint>;
  /** Services of customers, by name. */
  readonly services: ReadonlyMap<string, EndpointService>;
}

export function readGateways(snapshot: Snapshot): Gateways {
  return {
    nat: readNatGateways(snapshot),
    peerings: readPeerings(snapshot),
    internet: readAttached(
      snapshot,
      'DescribeInternetGateways',
      'InternetGateways',
      'InternetGatewayId',
      'Attachments',
      'internet-gateway',
    ),
    vpn: readAttached(snapshot, 'DescribeVpnGateways', 'VpnGateways', 'VpnGatewayId', 'VpcAttachments', 'vpn-gateway'),
    endpoints: readEndpoints(snapshot),
    services: readEndpointServices(snapshot),
  };
}

function readAttached(
  snapshot: Snapshot,
  operation: string,
  key: string,
  idKey: string,
  attachmentsKey: string,
  kind: string,
): Map<string, VpcGateway> {
  return indexById(recordsOf(snapshot, 'ec2', operation, key), idKey, (id, { record, answer }) => ({
    id,
    arn: makeEc2Arn(answer.region, text(field(record, 'OwnerId')) ?? answer.account, kind, id),
    vpcs: objects(field(record, attachmentsKey)).flatMap((a) => {
      const state = text(field(a, 'State'));
      const vpc = text(field(a, 'VpcId'));
      return vpc !== undefined && state !== 'detached' && state !== 'detaching' ? [vpc] : [];
    }),
    source: answer.source,
  }));
}

/** @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html */
function readNatGateways(snapshot: Snapshot): Map<string, NatGateway> {
  return indexById(
    recordsOf(snapshot, 'ec2', 'DescribeNatGateways', 'NatGateways'),
    'NatGatewayId',
    (id, { record, answer }) => {
      const addresses = objects(field(record, 'NatGatewayAddresses'));
      const state = text(field(record, 'State'));
      return {
        id,
        arn: makeEc2Arn(answer.region, answer.account, 'natgateway', id),
        vpc: text(field(record, 'VpcId')) ?? '',
        subnet: text(field(record, 'SubnetId')) ?? '',
        isPrivate: text(field(record, 'ConnectivityType')) === 'private',
        isUsable: state === undefined || state === 'available',
        publicIps: readCidrs(addresses.map((a) => text(field(a, 'PublicIp')))),
        privateIps: readCidrs(addresses.map((a) => text(field(a, 'PrivateIp')))),
        source: answer.source,
      };
    },
  );
}

/** @see https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html */
function readPeerings(snapshot: Snapshot): Map<string, Peering> {
  const found = recordsOf(snapshot, 'ec2', 'DescribeVpcPeeringConnections', 'VpcPeeringConnections');
  return indexById(found, 'VpcPeeringConnectionId', (id, { record, answer }) => ({
    id,
    arn: makeEc2Arn(answer.region, answer.account, 'vpc-peering-connection', id),
    status: text(at(record, 'Status', 'Code')) ?? 'unknown',
    sides: [
      readSide(field(record, 'RequesterVpcInfo'), answer.region),
      readSide(field(record, 'AccepterVpcInfo'), answer.region),
    ],
    source: answer.source,
  }));
}

function readSide(info: ReturnType<typeof field>, region: string): PeeringSide {
  const blocks = (key: string, cidr: string): (string | undefined)[] =>
    objects(field(info, key)).map((b: JsonObject) => text(field(b, cidr)));
  return {
    vpc: text(field(info, 'VpcId')) ?? '',
    region: text(field(info, 'Region')) ?? region,
    account: text(field(info, 'OwnerId')) ?? '',
    cidrs: readCidrs([
      text(field(info, 'CidrBlock')),
      ...blocks('CidrBlockSet', 'CidrBlock'),
      ...blocks('Ipv6CidrBlockSet', 'Ipv6CidrBlock'),
    ]),
  };
}

function readEndpoints(snapshot: Snapshot): Map<string, VpcEndpoint> {
  return indexById(
    recordsOf(snapshot, 'ec2', 'DescribeVpcEndpoints', 'VpcEndpoints'),
    'VpcEndpointId',
    (id, { record, answer }) => ({
      id,
      arn: makeEc2Arn(answer.region, text(field(record, 'OwnerId')) ?? answer.account, 'vpc-endpoint', id),
      kind: text(field(record, 'VpcEndpointType')) ?? 'Gateway',
      service: text(field(record, 'ServiceName')) ?? '',
      vpc: text(field(record, 'VpcId')) ?? '',
      subnets: texts(field(record, 'SubnetIds')),
      interfaces: texts(field(record, 'NetworkInterfaceIds')),
      groups: objects(field(record, 'Groups')).flatMap((g) => text(field(g, 'GroupId')) ?? []),
      state: (text(field(record, 'State')) ?? 'available').toLowerCase(),
      policy: policyWords(field(record, 'PolicyDocument')),
      source: answer.source,
    }),
  );
}

/** @see https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html */
function policyWords(document: ReturnType<typeof field>): string {
  if (document === undefined) return 'whose policy was not collected';
  const written = typeof document === 'string' ? document : JSON.stringify(document);
  const plain = written.replace(/\s/g, '');
  const isDefault =
    !/"Condition"|"Deny"|"Not\w+"/.test(plain) &&
    /"Effect":"Allow"/.test(plain) &&
    /"Action":\[?"\*"\]?/.test(plain) &&
    /"Resource":\[?"\*"\]?/.test(plain) &&
    /"Principal":(?:"\*"|\{"AWS":"\*"\})/.test(plain);
  return isDefault ? 'whose policy lets every call through' : 'whose policy restricts the calls that go through it';
}
