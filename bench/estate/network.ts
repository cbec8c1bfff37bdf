import type { JsonObject } from '../../src/model/index.js';
import { ACCOUNT, arn, type Ledger, tags, ZONES } from './ledger.js';

export interface EstateSubnet {
  readonly id: string;
  readonly vpc: string;
  readonly zone: string;
  readonly tier: 'public' | 'private' | 'data';
  /** A private address that was not given before. */
  nextAddress(): string;
}

/** A VPC of three zones with three tiers each, and its groups by role. */
export interface EstateVpc {
  readonly id: string;
  readonly number: number;
  readonly subnets: readonly EstateSubnet[];
  readonly groups: ReadonlyMap<string, string>;
  /** Names of the groups that services of this VPC have, one each. */
  readonly services: readonly string[];
}

const SERVICES =
  'orders billing search catalog accounts payments shipping reports messages media pricing inventory sessions audit export import metrics jobs'.split(
    ' ',
  );

export function addVpc(ledger: Ledger, number: number): EstateVpc {
  const vpc = ledger.id('vpc');
  ledger.record('ec2/DescribeVpcs', 'Vpcs', {
    CidrBlock: `10.${number}.0.0/16`,
    CidrBlockAssociationSet: [
      {
        AssociationId: ledger.id('vpc-cidr-assoc'),
        CidrBlock: `10.${number}.0.0/16`,
        CidrBlockState: { State: 'associated' },
      },
    ],
    DhcpOptionsId: 'dopt-0a1b2c3d',
    InstanceTenancy: 'default',
    IsDefault: false,
    OwnerId: ACCOUNT,
    State: 'available',
    Tags: tags({ Name: `vpc-${number}`, 'aws:cloudformation:stack-name': `network-${number}`, Environment: 'prod' }),
    VpcId: vpc,
  });
  const gateway = ledger.id('igw');
  ledger.record('ec2/DescribeInternetGateways', 'InternetGateways', {
    Attachments: [{ State: 'available', VpcId: vpc }],
    InternetGatewayId: gateway,
    OwnerId: ACCOUNT,
    Tags: tags({ Name: `vpc-${number}` }),
  });
  const subnets = ZONES.flatMap((zone, z) =>
    (['public', 'private', 'data'] as const).map((tier, t) => addSubnet(ledger, vpc, number, zone, tier, z * 3 + t)),
  );
  addRoutes(ledger, vpc, number, gateway, subnets);
  addNetworkAcls(ledger, vpc, number, subnets);
  return { id: vpc, number, subnets, groups: addGroups(ledger, vpc, number), services: SERVICES };
}

function addSubnet(
  ledger: Ledger,
  vpc: string,
  number: number,
  zone: string,
  tier: EstateSubnet['tier'],
  block: number,
): EstateSubnet {
  const id = ledger.id('subnet');
  ledger.record('ec2/DescribeSubnets', 'Subnets', {
    AssignIpv6AddressOnCreation: false,
    AvailabilityZone: zone,
    AvailabilityZoneId: `use1-az${ZONES.indexOf(zone as (typeof ZONES)[number]) + 1}`,
    AvailableIpAddressCount: 4000,
    CidrBlock: `10.${number}.${block * 16}.0/20`,
    DefaultForAz: false,
    EnableDns64: false,
    Ipv6CidrBlockAssociationSet: [],
    Ipv6Native: false,
    MapCustomerOwnedIpOnLaunch: false,
    MapPublicIpOnLaunch: tier === 'public',
    OwnerId: ACCOUNT,
    PrivateDnsNameOptionsOnLaunch: {
      EnableResourceNameDnsAAAARecord: false,
      EnableResourceNameDnsARecord: false,
      HostnameType: 'ip-name',
    },
    State: 'available',
    SubnetArn: arn('ec2', `subnet/${id}`),
    SubnetId: id,
    Tags: tags({ Name: `vpc-${number}-${tier}-${zone}`, Tier: tier }),
    VpcId: vpc,
  });
  let last = 3;
  const nextAddress = (): string => {
    last++;
    return `10.${number}.${block * 16 + (last >> 8)}.${last & 255}`;
  };
  return { id, vpc, zone, tier, nextAddress };
}

const toWorld = (target: JsonObject): JsonObject => ({
  DestinationCidrBlock: '0.0.0.0/0',
  Origin: 'CreateRoute',
  State: 'active',
  ...target,
});

function addRoutes(
  ledger: Ledger,
  vpc: string,
  number: number,
  gateway: string,
  subnets: readonly EstateSubnet[],
): void {
  const local = (): JsonObject => ({
    DestinationCidrBlock: `10.${number}.0.0/16`,
    GatewayId: 'local',
    Origin: 'CreateRouteTable',
    State: 'active',
  });
  const add = (name: string, associated: readonly EstateSubnet[], routes: readonly JsonObject[]): void => {
    const id = ledger.id('rtb');
    const association = (more: JsonObject): JsonObject => ({
      AssociationState: { State: 'associated' },
      Main: false,
      RouteTableAssociationId: ledger.id('rtbassoc'),
      RouteTableId: id,
      ...more,
    });
    ledger.record('ec2/DescribeRouteTables', 'RouteTables', {
      Associations:
        associated.length > 0 ? associated.map((s) => association({ SubnetId: s.id })) : [association({ Main: true })],
      OwnerId: ACCOUNT,
      PropagatingVgws: [],
      RouteTableId: id,
      Routes: [local(), ...routes],
      Tags: tags({ Name: `vpc-${number}-${name}` }),
      VpcId: vpc,
    });
  };
  const tier = (name: EstateSubnet['tier']): EstateSubnet[] => subnets.filter((s) => s.tier === name);
  add('main', [], []);
  add('public', tier('public'), [toWorld({ GatewayId: gateway })]);
  add('data', tier('data'), []);
  tier('private').forEach((subnet, i) => {
    const nat = addNatGateway(ledger, tier('public')[i]!);
    add(`private-${subnet.zone}`, [subnet], [toWorld({ NatGatewayId: nat })]);
  });
}

function addNatGateway(ledger: Ledger, subnet: EstateSubnet): string {
  const nat = ledger.id('nat');
  const address = { allocation: ledger.id('eipalloc'), interface: ledger.id('eni'), publicIp: publicAddress(ledger) };
  ledger.record('ec2/DescribeNatGateways', 'NatGateways', {
    ConnectivityType: 'public',
    CreateTime: '2024-01-09T10:00:00.000Z',
    NatGatewayAddresses: [
      {
        AllocationId: address.allocation,
        AssociationId: ledger.id('eipassoc'),
        IsPrimary: true,
        NetworkInterfaceId: address.interface,
        PrivateIp: subnet.nextAddress(),
        PublicIp: address.publicIp,
        Status: 'succeeded',
      },
    ],
    NatGatewayId: nat,
    State: 'available',
    SubnetId: subnet.id,
    Tags: [],
    VpcId: subnet.vpc,
  });
  return nat;
}

/** An address of a range that AWS gives to instances. */
export const publicAddress = ({ random }: Ledger): string =>
  `3.${80 + random.below(16)}.${random.below(256)}.${1 + random.below(254)}`;

const aclEntry = (
  rule: number,
  isEgress: boolean,
  action: string,
  cidr: string,
  more: JsonObject = {},
): JsonObject => ({
  CidrBlock: cidr,
  Egress: isEgress,
  Protocol: '-1',
  RuleAction: action,
  RuleNumber: rule,
  ...more,
});

function addNetworkAcls(ledger: Ledger, vpc: string, number: number, subnets: readonly EstateSubnet[]): void {
  const add = (isDefault: boolean, of: readonly EstateSubnet[], entries: readonly JsonObject[]): void => {
    const id = ledger.id('acl');
    ledger.record('ec2/DescribeNetworkAcls', 'NetworkAcls', {
      Associations: of.map((s) => ({
        NetworkAclAssociationId: ledger.id('aclassoc'),
        NetworkAclId: id,
        SubnetId: s.id,
      })),
      Entries: [...entries, aclEntry(32767, true, 'deny', '0.0.0.0/0'), aclEntry(32767, false, 'deny', '0.0.0.0/0')],
      IsDefault: isDefault,
      NetworkAclId: id,
      OwnerId: ACCOUNT,
      Tags: [],
      VpcId: vpc,
    });
  };
  const isGuarded = (subnet: EstateSubnet): boolean => number % 3 === 0 && subnet.tier === 'data';
  add(
    true,
    subnets.filter((s) => !isGuarded(s)),
    [aclEntry(100, true, 'allow', '0.0.0.0/0'), aclEntry(100, false, 'allow', '0.0.0.0/0')],
  );
  if (number % 3 !== 0) return;
  add(false, subnets.filter(isGuarded), [
    aclEntry(100, true, 'allow', '10.0.0.0/8'),
    aclEntry(90, false, 'deny', `10.${number}.0.0/20`, { Protocol: '6', PortRange: { From: 5432, To: 5432 } }),
    aclEntry(100, false, 'allow', '10.0.0.0/8'),
  ]);
}

interface Rule {
  readonly from: number;
  readonly to: number;
  readonly cidr?: string;
  readonly group?: string;
}

/** Groups by role (`lb`, `bastion`, `web`, …) and one a service, which refer to each other as tiers do. */
function addGroups(ledger: Ledger, vpc: string, number: number): Map<string, string> {
  const { random } = ledger;
  const groups = new Map<string, string>();
  const add = (name: string, rules: readonly Rule[]): void => {
    const id = ledger.id('sg');
    groups.set(name, id);
    ledger.record('ec2/DescribeSecurityGroups', 'SecurityGroups', {
      Description: `${name} of vpc-${number}`,
      GroupId: id,
      GroupName: `vpc-${number}-${name}`,
      IpPermissions: rules.map(permission),
      IpPermissionsEgress: [
        {
          IpProtocol: '-1',
          IpRanges: [{ CidrIp: '0.0.0.0/0' }],
          Ipv6Ranges: [],
          PrefixListIds: [],
          UserIdGroupPairs: [],
        },
      ],
      OwnerId: ACCOUNT,
      SecurityGroupArn: arn('ec2', `security-group/${id}`),
      Tags: tags({ Name: `vpc-${number}-${name}`, 'aws:cloudformation:stack-name': `groups-${number}` }),
      VpcId: vpc,
    });
  };
  const from = (name: string): string => groups.get(name)!;
  add('default', []);
  add('lb', [
    { from: 443, to: 443, cidr: '0.0.0.0/0' },
    { from: 80, to: 80, cidr: '0.0.0.0/0' },
  ]);
  add('bastion', [{ from: 22, to: 22, cidr: number % 5 === 0 ? '0.0.0.0/0' : '198.51.100.0/24' }]);
  add('ssh', [{ from: 22, to: 22, group: from('bastion') }]);
  add('monitoring', [{ from: 9100, to: 9100, cidr: '10.0.0.0/8' }]);
  add('web', [
    { from: 8080, to: 8080, group: from('lb') },
    { from: 443, to: 443, group: from('lb') },
  ]);
  add('edge', [
    { from: 443, to: 443, cidr: '0.0.0.0/0' },
    { from: 22, to: 22, group: from('bastion') },
  ]);
  SERVICES.forEach((name, i) => {
    const callers = Array.from({ length: 1 + random.below(3) }, () => random.pick([...groups.keys()].slice(4)));
    add(name, [
      ...[...new Set(callers)].map((caller) => ({ from: 8000 + i, to: 8000 + i, group: from(caller) })),
      { from: 8000 + i, to: 8000 + i, cidr: `10.${number}.0.0/16` },
      ...(random.next() < 0.03 ? [{ from: 8000 + i, to: 8000 + i, cidr: '0.0.0.0/0' }] : []),
    ]);
  });
  add('database', [
    ...SERVICES.slice(0, 8).map((name) => ({ from: 5432, to: 5432, group: from(name) })),
    ...(number % 4 === 0 ? [{ from: 3306, to: 3306, cidr: `10.${number}.0.0/16` }] : []),
  ]);
  return groups;
}

const permission = ({ from, to, cidr, group }: Rule): JsonObject => ({
  FromPort: from,
  IpProtocol: 'tcp',
  IpRanges: cidr === undefined ? [] : [{ CidrIp: cidr, Description: 'managed by the platform team' }],
  Ipv6Ranges: [],
  PrefixListIds: [],
  ToPort: to,
  UserIdGroupPairs: group === undefined ? [] : [{ GroupId: group, UserId: ACCOUNT }],
});
