import type { JsonObject } from '../../src/model/index.js';
import { ACCOUNT, arn, type Miniature, type MiniatureInstance, REGION, tagList } from './miniature-world.js';

const ZONE = `${REGION}a`;
const ROOT_DEVICE = '/dev/xvda';
const WEB_PORT = 443;

const EVERYTHING: JsonObject = {
  IpProtocol: '-1',
  IpRanges: [{ CidrIp: '0.0.0.0/0' }],
  Ipv6Ranges: [],
  PrefixListIds: [],
  UserIdGroupPairs: [],
};

const OWN: JsonObject = { VpcId: 'vpc-1', OwnerId: ACCOUNT };

/** The port on which the internet may connect; `undefined` where it may not. */
const openPort = ({ open }: MiniatureInstance): number | undefined =>
  typeof open === 'number' ? open : open === true ? WEB_PORT : undefined;

function groupOf(instance: MiniatureInstance): string {
  const port = openPort(instance);
  if (instance.group !== undefined) return instance.group;
  if (port === undefined) return 'sg-closed';
  return port === WEB_PORT ? 'sg-open' : `sg-open-${port}`;
}

/**
 * A VPC with one subnet that has a route to the internet, and what is in it. Groups: `sg-closed` lets nobody in, `sg-open` the internet on
 * tcp/443 (`sg-open-22` on tcp/22, …), `sg-from-hosts` whatever is in one of the others, `sg-office` the addresses of one office.
 */
export function network(world: Miniature): Record<string, JsonObject> {
  const { instances = {}, volumes = {}, interfaces = {} } = world;
  const entries = Object.entries(instances);
  const faces = entries.map(([id, instance], at) => face(id, instance, at));
  const others = Object.entries(interfaces).map(([id, group], at) => ({
    ...bareFace(id, `10.0.0.${at + 200}`, group),
    RequesterManaged: true,
    Description: `Interface of ${id.slice('eni-'.length)}`,
  }));
  return {
    ...surroundings(),
    'ec2/DescribeSecurityGroups': { SecurityGroups: groups([...entries.map(([, i]) => openPort(i)), ...named(world)]) },
    'ec2/DescribeNetworkInterfaces': { NetworkInterfaces: [...faces, ...others] },
    'ec2/DescribeInstances': {
      Reservations: entries.map(([id, instance], at) => ({
        OwnerId: ACCOUNT,
        Instances: [instanceRecord(id, instance, faces[at] ?? {}, volumes)],
      })),
    },
    ...(Object.keys(volumes).length > 0 && { 'ec2/DescribeVolumes': { Volumes: volumeRecords(volumes) } }),
  };
}

const bareFace = (id: string, PrivateIpAddress: string, group: string): JsonObject => ({
  NetworkInterfaceId: id,
  SubnetId: 'subnet-1',
  ...OWN,
  Status: 'in-use',
  InterfaceType: 'interface',
  PrivateIpAddress,
  Ipv6Addresses: [],
  SourceDestCheck: true,
  PrivateIpAddresses: [{ Primary: true, PrivateIpAddress }],
  Groups: [{ GroupId: group, GroupName: group }],
});

function face(id: string, instance: MiniatureInstance, at: number): JsonObject {
  const bare = bareFace(`eni-${id}`, `10.0.0.${at + 10}`, groupOf(instance));
  const isPublic = openPort(instance) !== undefined && (instance.state ?? 'running') === 'running';
  const publicIp = isPublic ? { Association: { PublicIp: `198.51.100.${at + 1}`, IpOwnerId: 'amazon' } } : {};
  return {
    ...bare,
    PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: bare['PrivateIpAddress'] ?? '', ...publicIp }],
    Attachment: { AttachmentId: `eni-attach-${id}`, InstanceId: id, DeviceIndex: 0, Status: 'attached' },
    ...publicIp,
  };
}

function instanceRecord(
  id: string,
  { role, state, metadata, tokens, name, tags, zone, rootDevice, keyPair, platform }: MiniatureInstance,
  ownFace: JsonObject,
  volumes: NonNullable<Miniature['volumes']>,
): JsonObject {
  const attached = Object.entries(volumes).filter(([, { on }]) => on === id);
  return {
    InstanceId: id,
    State: { Name: state ?? 'running' },
    VpcId: 'vpc-1',
    SubnetId: 'subnet-1',
    Placement: { AvailabilityZone: zone ?? ZONE },
    RootDeviceType: rootDevice ?? 'ebs',
    RootDeviceName: ROOT_DEVICE,
    BlockDeviceMappings: attached.map(([VolumeId, { device }]) => ({
      DeviceName: device ?? ROOT_DEVICE,
      Ebs: { VolumeId },
    })),
    NetworkInterfaces: [ownFace],
    Tags: tagList({ Name: name ?? id, ...tags }),
    ...(keyPair !== undefined && { KeyName: keyPair }),
    ...(platform !== undefined && { Platform: platform }),
    ...(tokens !== 'unstated' && {
      MetadataOptions: {
        HttpEndpoint: metadata ?? 'enabled',
        HttpTokens: tokens ?? 'required',
        HttpPutResponseHopLimit: 1,
      },
    }),
    ...(role !== undefined && {
      IamInstanceProfile: { Arn: arn('iam', `instance-profile/${role}`), Id: 'AIPA1' },
    }),
  };
}

const volumeRecords = (volumes: NonNullable<Miniature['volumes']>): JsonObject[] =>
  Object.entries(volumes).map(([VolumeId, { on, device, zone, key, tags }]) => ({
    VolumeId,
    AvailabilityZone: zone ?? ZONE,
    State: on === undefined ? 'available' : 'in-use',
    Encrypted: key !== undefined,
    ...(key !== undefined && key !== '' && { KmsKeyId: key }),
    Attachments: on === undefined ? [] : [{ InstanceId: on, Device: device ?? ROOT_DEVICE, State: 'attached' }],
    Tags: tagList(tags),
  }));

/** Ports of the groups that other answers name. */
const named = ({ answers }: Miniature): readonly number[] =>
  [...JSON.stringify(answers ?? {}).matchAll(/sg-open-(\d+)/g)].map(([, port]) => Number(port));

function groups(openPorts: readonly (number | undefined)[]): JsonObject[] {
  const group = (GroupId: string, IpPermissions: JsonObject[]): JsonObject => ({
    ...OWN,
    GroupId,
    GroupName: GroupId.slice('sg-'.length),
    IpPermissions,
    IpPermissionsEgress: [EVERYTHING],
  });
  const onPort = (port: number): JsonObject => ({ ...EVERYTHING, IpProtocol: 'tcp', FromPort: port, ToPort: port });
  const ports = new Set(openPorts.filter((port) => port !== undefined && port !== WEB_PORT));
  const open = [...ports].map((port = WEB_PORT) => group(`sg-open-${port}`, [onPort(port)]));
  const others = ['sg-open', 'sg-closed', ...open.map(({ GroupId }) => GroupId as string)];
  const fromHosts = {
    ...EVERYTHING,
    IpRanges: [],
    UserIdGroupPairs: others.map((GroupId) => ({ GroupId, UserId: ACCOUNT })),
  };
  return [
    group('sg-open', [onPort(WEB_PORT)]),
    group('sg-closed', []),
    ...open,
    group('sg-from-hosts', [fromHosts]),
    group('sg-office', [{ ...EVERYTHING, IpRanges: [{ CidrIp: '203.0.113.0/24' }] }]),
  ];
}

const surroundings = (): Record<string, JsonObject> => ({
  'ec2/DescribeVpcs': {
    Vpcs: [
      {
        ...OWN,
        CidrBlock: '10.0.0.0/16',
        State: 'available',
        IsDefault: false,
        CidrBlockAssociationSet: [{ CidrBlock: '10.0.0.0/16', CidrBlockState: { State: 'associated' } }],
      },
    ],
  },
  'ec2/DescribeSubnets': {
    Subnets: [
      {
        ...OWN,
        SubnetId: 'subnet-1',
        CidrBlock: '10.0.0.0/24',
        AvailabilityZone: ZONE,
        AvailabilityZoneId: 'use1-az1',
        Ipv6CidrBlockAssociationSet: [],
      },
    ],
  },
  'ec2/DescribeInternetGateways': {
    InternetGateways: [
      { InternetGatewayId: 'igw-1', OwnerId: ACCOUNT, Attachments: [{ State: 'available', VpcId: 'vpc-1' }] },
    ],
  },
  'ec2/DescribeRouteTables': {
    RouteTables: [
      {
        ...OWN,
        RouteTableId: 'rtb-1',
        Associations: [{ Main: true, RouteTableId: 'rtb-1' }],
        PropagatingVgws: [],
        Routes: [
          { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', State: 'active', Origin: 'CreateRouteTable' },
          { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1', State: 'active', Origin: 'CreateRoute' },
        ],
      },
    ],
  },
  'ec2/DescribeNetworkAcls': {
    NetworkAcls: [
      {
        ...OWN,
        NetworkAclId: 'acl-1',
        IsDefault: true,
        Associations: [{ NetworkAclId: 'acl-1', SubnetId: 'subnet-1' }],
        Entries: [false, true].flatMap((Egress) => [
          { Egress, RuleNumber: 100, RuleAction: 'allow', Protocol: '-1', CidrBlock: '0.0.0.0/0' },
          { Egress, RuleNumber: 32767, RuleAction: 'deny', Protocol: '-1', CidrBlock: '0.0.0.0/0' },
        ]),
      },
    ],
  },
});
