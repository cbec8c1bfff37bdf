import { field, type JsonObject, makeEc2Arn } from '../../src/model/index.js';
import { buildNetwork, type Network } from '../../src/network/index.js';
import { memorySnapshot } from '../../src/snapshot/index.js';

const ACCOUNT = '111122223333';
const REGION = 'us-east-1';

interface SubnetText {
  readonly vpc: string;
  readonly cidr: string;
  readonly ipv6?: string;
  readonly zone?: string;
  /** Destination → target id; the local route is added. Absent: the VPC's main table, which has the local route only. */
  readonly routes?: Readonly<Record<string, string>>;
  /** `in 100 allow tcp/22 from 0.0.0.0/0`; absent: everything is allowed. */
  readonly acl?: readonly string[];
}

interface FaceText {
  readonly subnet: string;
  readonly ip?: string;
  readonly ipv6?: string;
  readonly public?: string;
  readonly groups?: readonly string[];
  readonly second?: FaceText;
  readonly state?: string;
  readonly more?: Readonly<Record<string, string>>;
}

/** A network in a few lines, as a network engineer would sketch it; see tests/network/cases. */
export interface NetworkText {
  readonly vpcs: Readonly<Record<string, string | readonly string[]>>;
  readonly subnets: Readonly<Record<string, SubnetText>>;
  /** `in tcp/22 from 0.0.0.0/0`, `out all to sg-b`, `in tcp/443 from pl-1`. No `out` line: all may leave. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly hosts: Readonly<Record<string, FaceText>>;
  /** Raw answers: `ec2/DescribeNatGateways` → response. */
  readonly records?: Readonly<Record<string, JsonObject>>;
}

/** An id of a sketch as the ARN that the engine knows; addresses and ARNs stay. */
export const idOf = (name: string): string =>
  name.startsWith('i-')
    ? makeEc2Arn(REGION, ACCOUNT, 'instance', name)
    : name.startsWith('eni-')
      ? makeEc2Arn(REGION, ACCOUNT, 'network-interface', name)
      : name;

export function networkOf(text: NetworkText): Network {
  const operations = new Map<string, JsonObject>(Object.entries(text.records ?? {}));
  const put = (operation: string, key: string, records: readonly JsonObject[]): void => {
    const before = operations.get(operation);
    const listed = before === undefined ? [] : ((field(before, key) as readonly JsonObject[]) ?? []);
    operations.set(operation, { ...before, [key]: [...records, ...listed] });
  };
  put('ec2/DescribeVpcs', 'Vpcs', Object.entries(text.vpcs).map(vpcRecord));
  put('ec2/DescribeSubnets', 'Subnets', Object.entries(text.subnets).map(subnetRecord));
  put('ec2/DescribeRouteTables', 'RouteTables', tables(text));
  put('ec2/DescribeNetworkAcls', 'NetworkAcls', acls(text));
  put('ec2/DescribeSecurityGroups', 'SecurityGroups', Object.entries(text.groups).map(groupRecord));
  const faces = Object.entries(text.hosts).flatMap(([id, host]) => facesOf(text, id, host));
  put('ec2/DescribeNetworkInterfaces', 'NetworkInterfaces', faces);
  put('ec2/DescribeInstances', 'Reservations', [
    {
      OwnerId: ACCOUNT,
      Instances: Object.entries(text.hosts).map(([id, host]) => ({
        InstanceId: id,
        State: { Name: host.state ?? 'running' },
      })),
    },
  ]);
  return buildNetwork(
    memorySnapshot({
      answers: [...operations].map(([name, body]) => {
        const [service = '', operation = ''] = name.split('/');
        return {
          account: ACCOUNT,
          region: REGION,
          service,
          operation,
          source: `${ACCOUNT}/${REGION}/${name}.json`,
          body,
        };
      }),
    }),
  );
}

const all = (cidrs: string | readonly string[]): readonly string[] => (typeof cidrs === 'string' ? [cidrs] : cidrs);

const vpcRecord = ([id, cidrs]: readonly [string, string | readonly string[]]): JsonObject => ({
  VpcId: id,
  OwnerId: ACCOUNT,
  CidrBlock: all(cidrs)[0] ?? '',
  CidrBlockAssociationSet: all(cidrs)
    .filter((c) => !c.includes(':'))
    .map((c) => ({ CidrBlock: c, CidrBlockState: { State: 'associated' } })),
  Ipv6CidrBlockAssociationSet: all(cidrs)
    .filter((c) => c.includes(':'))
    .map((c) => ({ Ipv6CidrBlock: c, Ipv6CidrBlockState: { State: 'associated' } })),
});

const subnetRecord = ([id, s]: readonly [string, SubnetText]): JsonObject => ({
  SubnetId: id,
  VpcId: s.vpc,
  OwnerId: ACCOUNT,
  CidrBlock: s.cidr,
  AvailabilityZone: s.zone ?? 'us-east-1a',
  Ipv6CidrBlockAssociationSet:
    s.ipv6 === undefined ? [] : [{ Ipv6CidrBlock: s.ipv6, Ipv6CidrBlockState: { State: 'associated' } }],
});

const KEYS: readonly (readonly [string, string])[] = [
  ['nat-', 'NatGatewayId'],
  ['pcx-', 'VpcPeeringConnectionId'],
  ['tgw-', 'TransitGatewayId'],
  ['eigw-', 'EgressOnlyInternetGatewayId'],
  ['eni-', 'NetworkInterfaceId'],
];

function tables(text: NetworkText): JsonObject[] {
  const local = (vpc: string): JsonObject[] => all(text.vpcs[vpc] ?? []).map((cidr) => route(cidr, 'local'));
  const main = Object.keys(text.vpcs).map((vpc) => ({
    RouteTableId: `rtb-main-${vpc}`,
    VpcId: vpc,
    OwnerId: ACCOUNT,
    Associations: [{ Main: true }],
    Routes: local(vpc),
  }));
  const own = Object.entries(text.subnets).flatMap(([id, s]) =>
    s.routes === undefined
      ? []
      : [
          {
            RouteTableId: `rtb-${id}`,
            VpcId: s.vpc,
            OwnerId: ACCOUNT,
            Associations: [{ SubnetId: id, Main: false }],
            Routes: [...local(s.vpc), ...Object.entries(s.routes).map(([to, target]) => route(to, target))],
          },
        ],
  );
  return [...main, ...own];
}

function route(destination: string, words: string): JsonObject {
  const [target = '', state] = words.split(' ');
  const key = KEYS.find(([prefix]) => target.startsWith(prefix))?.[1] ?? 'GatewayId';
  const to = destination.includes(':')
    ? 'DestinationIpv6CidrBlock'
    : destination.startsWith('pl-')
      ? 'DestinationPrefixListId'
      : 'DestinationCidrBlock';
  return { [to]: destination, [key]: target, State: state ?? 'active', Origin: 'CreateRoute' };
}

const PROTOCOLS = new Map([
  ['tcp', '6'],
  ['udp', '17'],
  ['icmp', '1'],
  ['all', '-1'],
]);

function acls(text: NetworkText): JsonObject[] {
  return Object.entries(text.subnets).map(([id, s]) => ({
    NetworkAclId: `acl-${id}`,
    VpcId: s.vpc,
    OwnerId: ACCOUNT,
    Associations: [{ SubnetId: id }],
    Entries: [
      ...(
        s.acl ?? [
          'in 100 allow all from 0.0.0.0/0',
          'out 100 allow all to 0.0.0.0/0',
          'in 101 allow all from ::/0',
          'out 101 allow all to ::/0',
        ]
      ).map(aclEntry),
      aclEntry('in 32767 deny all from 0.0.0.0/0'),
      aclEntry('out 32767 deny all to 0.0.0.0/0'),
    ],
  }));
}

function aclEntry(line: string): JsonObject {
  const [direction, number, action = '', ports = '', , cidr = ''] = line.split(' ');
  const [protocol = '', range] = ports.split('/');
  const [from, to] = (range ?? '').split('-');
  return {
    Egress: direction === 'out',
    RuleNumber: Number(number),
    RuleAction: action,
    Protocol: PROTOCOLS.get(protocol) ?? protocol,
    [cidr.includes(':') ? 'Ipv6CidrBlock' : 'CidrBlock']: cidr,
    ...(range !== undefined && { PortRange: { From: Number(from), To: Number(to ?? from) } }),
  };
}

function groupRecord([id, lines]: readonly [string, readonly string[]]): JsonObject {
  const out = lines.filter((l) => l.startsWith('out '));
  return {
    GroupId: id,
    OwnerId: ACCOUNT,
    IpPermissions: lines.filter((l) => l.startsWith('in ')).map(permission),
    IpPermissionsEgress: (out.length > 0 ? out : ['out all to 0.0.0.0/0', 'out all to ::/0']).map(permission),
  };
}

function permission(line: string): JsonObject {
  const [, ports = '', , peer = ''] = line.split(' ');
  const [protocol = '', range] = ports.split('/');
  const [from, to] = (range ?? '').split('-');
  return {
    IpProtocol: protocol === 'all' ? '-1' : protocol,
    ...(range !== undefined && { FromPort: Number(from), ToPort: Number(to ?? from) }),
    ...(range === undefined && protocol === 'tcp' && { FromPort: 0, ToPort: 65535 }),
    ...(peer.startsWith('sg-')
      ? { UserIdGroupPairs: [{ GroupId: peer }] }
      : peer.startsWith('pl-')
        ? { PrefixListIds: [{ PrefixListId: peer }] }
        : peer.includes(':')
          ? { Ipv6Ranges: [{ CidrIpv6: peer }] }
          : { IpRanges: [{ CidrIp: peer }] }),
  };
}

function facesOf(text: NetworkText, id: string, host: FaceText, index = 0): JsonObject[] {
  const mapped = (ip: string | undefined): JsonObject => (ip === undefined ? {} : { Association: { PublicIp: ip } });
  const face: JsonObject = {
    NetworkInterfaceId: `eni-${id.slice(2)}${index === 0 ? '' : `-${index}`}`,
    OwnerId: ACCOUNT,
    InterfaceType: 'interface',
    Status: 'in-use',
    SubnetId: host.subnet,
    VpcId: text.subnets[host.subnet]?.vpc ?? '',
    Groups: (host.groups ?? []).map((g) => ({ GroupId: g })),
    Attachment: { InstanceId: id, DeviceIndex: index, Status: 'attached' },
    PrivateIpAddresses: [
      ...(host.ip === undefined ? [] : [{ PrivateIpAddress: host.ip, Primary: true, ...mapped(host.public) }]),
      ...Object.entries(host.more ?? {}).map(([ip, publicIp]) => ({
        PrivateIpAddress: ip,
        Primary: false,
        ...(publicIp === '' ? {} : mapped(publicIp)),
      })),
    ],
    ...(host.ipv6 !== undefined && { Ipv6Addresses: [{ Ipv6Address: host.ipv6 }] }),
  };
  return host.second === undefined ? [face] : [face, ...facesOf(text, id, host.second, index + 1)];
}
