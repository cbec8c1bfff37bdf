import type { Json, JsonObject } from '../../src/model/index.js';
import { ACCOUNT, arn, type Miniature, tagList } from './miniature-world.js';

const VPC: JsonObject = {
  VpcId: 'vpc-1',
  CidrBlock: '10.0.0.0/16',
  OwnerId: ACCOUNT,
  State: 'available',
  IsDefault: false,
  CidrBlockAssociationSet: [{ CidrBlock: '10.0.0.0/16', CidrBlockState: { State: 'associated' } }],
};

const groupOf = (open: boolean | undefined): string => (open ? 'sg-open' : 'sg-closed');

/** A VPC with one subnet that has a route to the internet, and the instances in it. */
export function network(instances: NonNullable<Miniature['instances']>): Record<string, JsonObject> {
  const entries = Object.entries(instances);
  const everything = {
    IpProtocol: '-1',
    IpRanges: [{ CidrIp: '0.0.0.0/0' }],
    Ipv6Ranges: [],
    PrefixListIds: [],
    UserIdGroupPairs: [],
  };
  const web = { ...everything, IpProtocol: 'tcp', FromPort: 443, ToPort: 443 };
  const fromHosts = {
    ...everything,
    IpRanges: [],
    UserIdGroupPairs: ['sg-open', 'sg-closed'].map((GroupId) => ({ GroupId, UserId: ACCOUNT })),
  };
  const common = { VpcId: 'vpc-1', OwnerId: ACCOUNT, IpPermissionsEgress: [everything] };
  const interfaces = entries.map(([id, { open, state }], i) => {
    const publicIp =
      open && (state ?? 'running') === 'running'
        ? { Association: { PublicIp: `198.51.100.${i + 1}`, IpOwnerId: 'amazon' } }
        : {};
    const PrivateIpAddress = `10.0.0.${i + 10}`;
    return {
      NetworkInterfaceId: `eni-${id}`,
      SubnetId: 'subnet-1',
      VpcId: 'vpc-1',
      OwnerId: ACCOUNT,
      Status: 'in-use',
      InterfaceType: 'interface',
      PrivateIpAddress,
      Ipv6Addresses: [],
      SourceDestCheck: true,
      PrivateIpAddresses: [{ Primary: true, PrivateIpAddress, ...publicIp }],
      Groups: [{ GroupId: groupOf(open), GroupName: groupOf(open) }],
      Attachment: { AttachmentId: `eni-attach-${id}`, InstanceId: id, DeviceIndex: 0, Status: 'attached' },
      ...publicIp,
    };
  });
  return {
    'ec2/DescribeVpcs': { Vpcs: [VPC] },
    'ec2/DescribeSubnets': {
      Subnets: [
        {
          SubnetId: 'subnet-1',
          VpcId: 'vpc-1',
          CidrBlock: '10.0.0.0/24',
          AvailabilityZone: 'us-east-1a',
          AvailabilityZoneId: 'use1-az1',
          OwnerId: ACCOUNT,
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
          RouteTableId: 'rtb-1',
          VpcId: 'vpc-1',
          OwnerId: ACCOUNT,
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
          NetworkAclId: 'acl-1',
          VpcId: 'vpc-1',
          OwnerId: ACCOUNT,
          IsDefault: true,
          Associations: [{ NetworkAclId: 'acl-1', SubnetId: 'subnet-1' }],
          Entries: [false, true].flatMap((Egress) => [
            { Egress, RuleNumber: 100, RuleAction: 'allow', Protocol: '-1', CidrBlock: '0.0.0.0/0' },
            { Egress, RuleNumber: 32767, RuleAction: 'deny', Protocol: '-1', CidrBlock: '0.0.0.0/0' },
          ]),
        },
      ],
    },
    'ec2/DescribeSecurityGroups': {
      SecurityGroups: [
        { ...common, GroupId: 'sg-open', GroupName: 'open', IpPermissions: [web] },
        { ...common, GroupId: 'sg-closed', GroupName: 'closed', IpPermissions: [] },
        { ...common, GroupId: 'sg-from-hosts', GroupName: 'from-hosts', IpPermissions: [fromHosts] },
      ],
    },
    'ec2/DescribeNetworkInterfaces': { NetworkInterfaces: interfaces },
    'ec2/DescribeInstances': {
      Reservations: entries.map(([id, { role, state, metadata, name, tags }], i) => ({
        OwnerId: ACCOUNT,
        Instances: [
          {
            InstanceId: id,
            State: { Name: state ?? 'running' },
            VpcId: 'vpc-1',
            SubnetId: 'subnet-1',
            RootDeviceType: 'ebs',
            NetworkInterfaces: [interfaces[i] as Json],
            Tags: tagList({ Name: name ?? id, ...tags }),
            MetadataOptions: {
              HttpEndpoint: metadata ?? 'enabled',
              HttpTokens: 'required',
              HttpPutResponseHopLimit: 1,
            },
            ...(role !== undefined && {
              IamInstanceProfile: { Arn: arn('iam', `instance-profile/${role}`), Id: 'AIPA1' },
            }),
          },
        ],
      })),
    },
  };
}
