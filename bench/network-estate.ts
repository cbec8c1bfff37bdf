import { byCode, type JsonObject } from '../src/model/index.js';
import { memorySnapshot, type Snapshot } from '../src/snapshot/index.js';
import { randomFrom } from './random.js';

const ACCOUNT = '111122223333';
const REGION = 'us-east-1';
const ZONES = ['a', 'b', 'c'] as const;
/** How many interfaces a VPC of a large account holds here. */
const INTERFACES_A_VPC = 2500;
const SUBNETS_A_VPC = 12;

export interface NetworkEstate {
  readonly snapshot: Snapshot;
  /** Instance ARNs, in no order that means anything. */
  readonly instances: readonly string[];
}

/**
 * An account of `count` interfaces, one an instance: VPCs of a public and a private tier with an internet and a NAT gateway,
 * peered in a row. `shared`: 300 groups in all, on average one or two an interface, which name blocks and each other; `own`: each
 * interface has a group of its own that names the group of the one before.
 */
export function makeNetworkEstate(count: number, groups: 'shared' | 'own', seed = 1): NetworkEstate {
  const random = randomFrom(seed);
  const vpcCount = Math.ceil(count / INTERFACES_A_VPC);
  const lists = new Map<string, JsonObject[]>();
  const add = (operation: string, record: JsonObject): void => {
    const records = lists.get(operation);
    if (records) records.push(record);
    else lists.set(operation, [record]);
  };
  const instances: string[] = [];
  for (let v = 0; v < vpcCount; v++) {
    addVpc(add, v, vpcCount);
    const size = Math.min(INTERFACES_A_VPC, count - v * INTERFACES_A_VPC);
    const sharedGroups = Math.max(6, Math.floor(300 / vpcCount));
    const groupCount = groups === 'own' ? size : sharedGroups;
    for (let g = 0; g < groupCount; g++)
      addGroup(add, v, g, groups === 'own' ? g + 1 : sharedGroups, random.below, random.next);
    for (let n = 0; n < size; n++) {
      const own =
        groups === 'own' ? [n] : [random.below(groupCount), ...(random.next() < 0.5 ? [random.below(groupCount)] : [])];
      instances.push(addInstance(add, v, n, [...new Set(own)]));
    }
  }
  const keys: Readonly<Record<string, string>> = { DescribeInstances: 'Reservations' };
  const empty = ['DescribeNetworkAcls', 'DescribeTransitGateways', 'DescribeEgressOnlyInternetGateways'].filter(
    (operation) => !lists.has(operation),
  );
  const answers = [...lists, ...empty.map((operation) => [operation, []] as const)].map(([operation, records]) => ({
    account: ACCOUNT,
    region: REGION,
    service: 'ec2',
    operation,
    source: `${ACCOUNT}/${REGION}/ec2/${operation}.json`,
    body: { [keys[operation] ?? operation.slice('Describe'.length)]: records } satisfies JsonObject,
  }));
  return { snapshot: memorySnapshot({ answers }), instances: instances.sort(byCode) };
}

type Add = (operation: string, record: JsonObject) => void;

const vpcId = (v: number): string => `vpc-${v}`;
/** Twelve /20 subnets a VPC: room for 4,000 addresses each; the first half public. */
const subnetOf = (v: number, s: number) => ({
  id: `subnet-${v}-${s}`,
  cidr: `10.${v}.${s * 16}.0/20`,
  isPublic: s < SUBNETS_A_VPC / 2,
  zone: `${REGION}${ZONES[s % 3]}`,
});

function addVpc(add: Add, v: number, vpcs: number): void {
  const cidr = `10.${v}.0.0/16`;
  const VpcId = vpcId(v);
  const common = { VpcId, OwnerId: ACCOUNT };
  add('DescribeVpcs', {
    ...common,
    CidrBlock: cidr,
    CidrBlockAssociationSet: [{ CidrBlock: cidr, CidrBlockState: { State: 'associated' } }],
  });
  add('DescribeInternetGateways', { InternetGatewayId: `igw-${v}`, Attachments: [{ State: 'available', VpcId }] });
  add('DescribeNatGateways', {
    NatGatewayId: `nat-${v}`,
    VpcId,
    SubnetId: subnetOf(v, 0).id,
    State: 'available',
    ConnectivityType: 'public',
    NatGatewayAddresses: [{ PrivateIp: `10.${v}.0.5`, PublicIp: `54.0.${v}.1`, NetworkInterfaceId: `eni-nat-${v}` }],
  });
  const everything = (Egress: boolean, RuleNumber: number, RuleAction: string): JsonObject => ({
    Egress,
    RuleNumber,
    RuleAction,
    Protocol: '-1',
    CidrBlock: '0.0.0.0/0',
  });
  add('DescribeNetworkAcls', {
    ...common,
    NetworkAclId: `acl-${v}`,
    IsDefault: true,
    Associations: Array.from({ length: SUBNETS_A_VPC }, (_, s) => ({
      SubnetId: subnetOf(v, s).id,
      NetworkAclId: `acl-${v}`,
    })),
    Entries: [true, false].flatMap((egress) => [everything(egress, 100, 'allow'), everything(egress, 32767, 'deny')]),
  });
  const peerings = [v - 1, v + 1].filter((other) => other >= 0 && other < vpcs);
  for (const isPublic of [true, false]) {
    const subnets = Array.from({ length: SUBNETS_A_VPC }, (_, s) => subnetOf(v, s)).filter(
      (s) => s.isPublic === isPublic,
    );
    const route = (DestinationCidrBlock: string, target: JsonObject): JsonObject => ({
      DestinationCidrBlock,
      State: 'active',
      Origin: 'CreateRoute',
      ...target,
    });
    add('DescribeRouteTables', {
      ...common,
      RouteTableId: `rtb-${v}-${isPublic ? 'public' : 'private'}`,
      Associations: [
        ...(isPublic ? [] : [{ Main: true, AssociationState: { State: 'associated' } }]),
        ...subnets.map(({ id }) => ({ Main: false, SubnetId: id, AssociationState: { State: 'associated' } })),
      ],
      Routes: [
        route(cidr, { GatewayId: 'local', Origin: 'CreateRouteTable' }),
        route('0.0.0.0/0', isPublic ? { GatewayId: `igw-${v}` } : { NatGatewayId: `nat-${v}` }),
        ...peerings.map((p) => route(`10.${p}.0.0/16`, { VpcPeeringConnectionId: `pcx-${Math.min(v, p)}` })),
      ],
    });
    for (const subnet of subnets) {
      add('DescribeSubnets', { ...common, SubnetId: subnet.id, CidrBlock: subnet.cidr, AvailabilityZone: subnet.zone });
    }
  }
  if (v + 1 < vpcs) {
    const end = (n: number): JsonObject => ({
      VpcId: vpcId(n),
      OwnerId: ACCOUNT,
      Region: REGION,
      CidrBlock: `10.${n}.0.0/16`,
    });
    add('DescribeVpcPeeringConnections', {
      VpcPeeringConnectionId: `pcx-${v}`,
      Status: { Code: 'active' },
      RequesterVpcInfo: end(v),
      AccepterVpcInfo: end(v + 1),
    });
  }
}

const groupId = (v: number, g: number): string => `sg-${v}-${g}`;

/** A fifth is open to the internet on a web port, a fifth to a block inside; most name another group. */
function addGroup(
  add: Add,
  v: number,
  g: number,
  known: number,
  below: (limit: number) => number,
  next: () => number,
): void {
  const rule = (port: number, peer: JsonObject): JsonObject => ({
    IpProtocol: 'tcp',
    FromPort: port,
    ToPort: port,
    ...peer,
  });
  const kind = next();
  const port = [22, 443, 3306, 5432, 6379, 8080][below(6)] ?? 22;
  const before = known > 300 ? Math.max(0, g - 1) : below(known);
  add('DescribeSecurityGroups', {
    GroupId: groupId(v, g),
    GroupName: groupId(v, g),
    VpcId: vpcId(v),
    OwnerId: ACCOUNT,
    IpPermissions: [
      ...(kind < 0.2 ? [rule(443, { IpRanges: [{ CidrIp: '0.0.0.0/0' }] })] : []),
      ...(kind > 0.8
        ? [rule(22, { IpRanges: [{ CidrIp: `10.${v}.${16 * below(12)}.0/20` }, { CidrIp: '198.18.7.0/24' }] })]
        : []),
      ...(kind < 0.8 ? [rule(port, { UserIdGroupPairs: [{ GroupId: groupId(v, before), UserId: ACCOUNT }] })] : []),
    ],
    IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
  });
}

function addInstance(add: Add, v: number, n: number, groups: readonly number[]): string {
  const subnet = subnetOf(v, n % SUBNETS_A_VPC);
  const host = 10 + Math.floor(n / SUBNETS_A_VPC);
  const address = `10.${v}.${(n % SUBNETS_A_VPC) * 16 + (host >> 8)}.${host & 255}`;
  const association = subnet.isPublic ? { Association: { PublicIp: `52.${v}.${n >> 8}.${n & 255}` } } : {};
  const InstanceId = `i-${v}-${n}`;
  const Groups = groups.map((g) => ({ GroupId: groupId(v, g), GroupName: groupId(v, g) }));
  const networkInterface: JsonObject = {
    NetworkInterfaceId: `eni-${v}-${n}`,
    VpcId: vpcId(v),
    SubnetId: subnet.id,
    AvailabilityZone: subnet.zone,
    OwnerId: ACCOUNT,
    Status: 'in-use',
    InterfaceType: 'interface',
    Description: '',
    Attachment: { InstanceId, InstanceOwnerId: ACCOUNT, DeviceIndex: 0, Status: 'attached' },
    Groups,
    PrivateIpAddress: address,
    PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: address, ...association }],
    Ipv6Addresses: [],
    ...association,
  };
  add('DescribeNetworkInterfaces', networkInterface);
  const instance: JsonObject = {
    InstanceId,
    State: { Code: 16, Name: 'running' },
    VpcId: vpcId(v),
    SubnetId: subnet.id,
    PrivateIpAddress: address,
    SecurityGroups: Groups,
    NetworkInterfaces: [networkInterface],
  };
  add('DescribeInstances', { ReservationId: `r-${v}-${n}`, OwnerId: ACCOUNT, Instances: [instance] });
  return `arn:aws:ec2:${REGION}:${ACCOUNT}:instance/${InstanceId}`;
}
