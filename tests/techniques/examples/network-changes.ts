import type { JsonObject } from '../../../src/model/index.js';
import { ACCOUNT, arn, type Miniature, type Says } from '../miniature.js';
import { DATABASE, databaseIn } from '../miniature-database.js';
import { ANN, annMay, type ExampleFamily, fromOffice } from './example.js';

export const HOST = arn('ec2', 'instance/i-app');
const OWN = { OwnerId: ACCOUNT };

/** What a network ACL says of everything; `tcp`: it allows TCP, which is all that is asked here, and nothing else. */
type Entry = 'allow' | 'deny' | 'tcp';

/** Where the database is. */
interface Place {
  /** The VPC of the database's subnet; `vpc-2` has no peering with that of the host. */
  readonly vpc?: string;
  /** What the network ACL of its subnet says of everything. */
  readonly acl?: Entry;
  /** What that of the host's subnet says. */
  readonly hostAcl?: Entry;
  /** Where its route table leads to outside. */
  readonly gateway?: string;
}

const entries = (says: Entry): readonly JsonObject[] =>
  [false, true].map((Egress) => ({
    Egress,
    RuleNumber: 100,
    RuleAction: says === 'deny' ? 'deny' : 'allow',
    ...(says === 'tcp' ? { Protocol: '6', PortRange: { From: 0, To: 65535 } } : { Protocol: '-1' }),
    CidrBlock: '0.0.0.0/0',
  }));

const subnet = (SubnetId: string, VpcId: string, at: number): JsonObject => ({
  ...OWN,
  SubnetId,
  VpcId,
  CidrBlock: `10.${VpcId === 'vpc-1' ? 0 : 1}.${at}.0/24`,
  AvailabilityZone: 'us-east-1a',
  AvailabilityZoneId: 'use1-az1',
  Ipv6CidrBlockAssociationSet: [],
});

const vpc = (VpcId: string, CidrBlock: string): JsonObject => ({
  ...OWN,
  VpcId,
  CidrBlock,
  State: 'available',
  IsDefault: false,
  CidrBlockAssociationSet: [{ CidrBlock, CidrBlockState: { State: 'associated' } }],
});

const table = (RouteTableId: string, VpcId: string, GatewayId: string | undefined, subnets: string): JsonObject => ({
  ...OWN,
  RouteTableId,
  VpcId,
  Associations: [{ RouteTableId, SubnetId: subnets }],
  PropagatingVgws: [],
  Routes: [
    { DestinationCidrBlock: VpcId === 'vpc-1' ? '10.0.0.0/16' : '10.1.0.0/16', GatewayId: 'local', State: 'active' },
    ...(GatewayId === undefined ? [] : [{ DestinationCidrBlock: '0.0.0.0/0', GatewayId, State: 'active' }]),
  ],
});

const acl = (NetworkAclId: string, VpcId: string, says: Entry, SubnetId: string): JsonObject => ({
  ...OWN,
  NetworkAclId,
  VpcId,
  IsDefault: false,
  Associations: [{ NetworkAclId, SubnetId }],
  Entries: entries(says),
});

const group = (GroupId: string, VpcId: string, more: JsonObject = {}): JsonObject => ({
  ...OWN,
  GroupId,
  GroupName: GroupId,
  VpcId,
  IpPermissions: [],
  IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
  ...more,
});

const letsIn = (peer: JsonObject): JsonObject => ({
  IpPermissions: [{ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, ...peer }],
});
export const EVERYBODY = letsIn({ IpRanges: [{ CidrIp: '0.0.0.0/0' }] });
export const HOSTS = letsIn({ UserIdGroupPairs: [{ GroupId: 'sg-app', UserId: ACCOUNT }] });

/**
 * A host in one subnet, and a database in another with a group of its own; both groups let nobody in unless it is said. Beside them, in the VPC of
 * the database, stands `sg-spare`, which nothing has.
 */
export function apart(
  says: readonly Says[],
  { vpc: of = 'vpc-1', acl: entry = 'allow', hostAcl = 'allow', gateway }: Place,
  { own = {}, spare = {}, isPublic = false }: { own?: JsonObject; spare?: JsonObject; isPublic?: boolean } = {},
): Miniature {
  return annMay(says, {
    instances: { 'i-app': { group: 'sg-app' } },
    answers: {
      'ec2/DescribeVpcs': { Vpcs: [vpc('vpc-1', '10.0.0.0/16'), vpc('vpc-2', '10.1.0.0/16')] },
      'ec2/DescribeSubnets': { Subnets: [subnet('subnet-1', 'vpc-1', 0), subnet('subnet-2', of, 2)] },
      'ec2/DescribeRouteTables': {
        RouteTables: [table('rtb-1', 'vpc-1', 'igw-1', 'subnet-1'), table('rtb-2', of, gateway, 'subnet-2')],
      },
      'ec2/DescribeNetworkAcls': {
        NetworkAcls: [acl('acl-1', 'vpc-1', hostAcl, 'subnet-1'), acl('acl-2', of, entry, 'subnet-2')],
      },
      'ec2/DescribeSecurityGroups': {
        SecurityGroups: [group('sg-app', 'vpc-1'), group('sg-db', of, own), group('sg-spare', of, spare)],
      },
      ...databaseIn('sg-db', { PubliclyAccessible: isPublic }, { vpc: of, subnet: 'subnet-2' }),
    },
  });
}

/** The role of the host may do what is said; the intruder is on the host. */
export const onHost = (says: readonly Says[], ...rest: [Place, Parameters<typeof apart>[2]?]): Miniature => {
  const world = apart([], ...rest);
  return {
    ...world,
    roles: { app: { profile: true, says } },
    instances: { 'i-app': { group: 'sg-app', role: 'app' } },
  };
};

const withoutGateway = (world: Miniature): Miniature => ({
  ...world,
  answers: { ...world.answers, 'ec2/DescribeInternetGateways': { InternetGateways: [] } },
});

export const OPEN_GROUP = `ec2:AuthorizeSecurityGroupIngress on ${arn('ec2', 'security-group/sg-db')}`;
export const OPEN_SPARE = `ec2:AuthorizeSecurityGroupIngress on ${arn('ec2', 'security-group/sg-spare')}`;
export const ADD_ENTRY = `ec2:CreateNetworkAclEntry on ${arn('ec2', 'network-acl/acl-2')}`;
export const ADD_HOST_ENTRY = `ec2:CreateNetworkAclEntry on ${arn('ec2', 'network-acl/acl-1')}`;
export const ADD_ROUTE = `ec2:CreateRoute on ${arn('ec2', 'route-table/rtb-2')}`;
export const MODIFY = `rds:ModifyDBInstance on ${DATABASE}`;

const connects = { from: HOST, reaches: DATABASE, access: 'connection' } as const;

/** The host stands beside the database, whose group lets its group in; Ann has neither. */
const beside = (...says: readonly Says[]): Miniature => apart(says, {}, { own: HOSTS });
const IN_SUBNET = (subnet: string): JsonObject => ({
  Effect: 'Allow',
  Action: 'ec2:RunInstances',
  Resource: [
    arn('ec2', `subnet/${subnet}`),
    ...['instance', 'network-interface', 'volume', 'security-group'].map((kind) => arn('ec2', `${kind}/*`)),
    'arn:aws:ec2:us-east-1::image/*',
  ],
});

/** Changes of the network, and where each alone does not help. */
export const NETWORK_CHANGE_EXAMPLES: ExampleFamily = {
  'open-security-group': {
    ...connects,
    works: {
      why: 'The group of the database is all that keeps the host out, and the role of the host may open it.',
      world: onHost([OPEN_GROUP], {}),
    },
    fails: {
      why: 'The group that may be opened is not that of the database.',
      world: onHost([OPEN_SPARE], {}),
    },
    alsoFails: [
      {
        why: 'The network ACL of the database’s subnet keeps everything out besides.',
        world: onHost([OPEN_GROUP], { acl: 'deny' }),
      },
    ],
    unknown: {
      why: 'The group may be opened from the addresses of one office alone.',
      world: onHost([fromOffice(OPEN_GROUP)], {}),
      because: 'aws:SourceIp',
    },
  },
  'open-network-acl': {
    ...connects,
    works: {
      why: 'The group lets the host in, the network ACL lets nothing through, and the role of the host may open that.',
      world: onHost([ADD_ENTRY], { acl: 'deny' }, { own: HOSTS }),
    },
    fails: {
      why: 'The group of the database lets nobody in besides.',
      world: onHost([ADD_ENTRY], { acl: 'deny' }),
    },
    unknown: {
      why: 'It may be opened from the addresses of one office alone.',
      world: onHost([fromOffice(ADD_ENTRY)], { acl: 'deny' }, { own: HOSTS }),
      because: 'aws:SourceIp',
    },
  },
  'route-to-internet': {
    from: ANN,
    reaches: DATABASE,
    access: 'connection',
    works: {
      why: 'The database is publicly accessible and its group lets everybody in; what is lacking is the route, which Ann may add.',
      world: apart([ADD_ROUTE], {}, { own: EVERYBODY, isPublic: true }),
    },
    fails: {
      why: 'The VPC of the database has no internet gateway.',
      world: withoutGateway(apart([ADD_ROUTE], {}, { own: EVERYBODY, isPublic: true })),
    },
    alsoFails: [
      {
        why: 'The database has no public address.',
        world: apart([ADD_ROUTE], {}, { own: EVERYBODY }),
      },
      {
        why: 'The group of the database lets nobody in.',
        world: apart([ADD_ROUTE], {}, { isPublic: true }),
      },
    ],
    unknown: {
      why: 'Ann may add it from the addresses of one office alone.',
      world: apart([fromOffice(ADD_ROUTE)], {}, { own: EVERYBODY, isPublic: true }),
      because: 'aws:SourceIp',
    },
  },
  'run-instance-in-vpc': {
    from: ANN,
    reaches: DATABASE,
    access: 'connection',
    works: {
      why: 'Ann may start instances where a host stands that reaches the database.',
      world: beside(IN_SUBNET('subnet-1')),
    },
    fails: {
      why: 'Ann may start them in another subnet alone.',
      world: beside(IN_SUBNET('subnet-3')),
    },
    unknown: {
      why: 'Ann may start them with MFA alone.',
      world: beside({ ...IN_SUBNET('subnet-1'), Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }),
      because: 'aws:MultiFactorAuthPresent',
    },
  },
  'move-store-in-network': {
    from: ANN,
    reaches: DATABASE,
    access: 'connection',
    works: {
      why: 'The subnet of the database leads to the internet, its VPC has a group that lets everybody in, and Ann may make it public and give it that group.',
      world: apart([MODIFY], { gateway: 'igw-1' }, { spare: EVERYBODY }),
    },
    fails: {
      why: 'No group of the VPC lets everybody in.',
      world: apart([MODIFY], { gateway: 'igw-1' }),
    },
    alsoFails: [
      {
        why: 'The subnet of the database does not lead to the internet.',
        world: apart([MODIFY], {}, { spare: EVERYBODY }),
      },
      {
        why: 'The network ACL of its subnet keeps everything out.',
        world: apart([MODIFY], { gateway: 'igw-1', acl: 'deny' }, { spare: EVERYBODY }),
      },
    ],
    unknown: {
      why: 'Ann may change it from the addresses of one office alone.',
      world: apart([fromOffice(MODIFY)], { gateway: 'igw-1' }, { spare: EVERYBODY }),
      because: 'aws:SourceIp',
    },
  },
};
