import type { Json, JsonObject } from '../../src/model/index.js';
import { type Answer, memorySnapshot, type Snapshot } from '../../src/snapshot/index.js';

export const ACCOUNT = '111122223333';
const REGION = 'us-east-1';

/** A statement, or `"action"` / `"action on resource"` for one that allows it (on everything). */
export type Says = string | JsonObject;

export interface MiniaturePrincipal {
  readonly says?: readonly Says[];
  /** Statements of its permissions boundary. */
  readonly boundary?: readonly Says[];
  readonly attached?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
}

/** A small account, as little as a test needs to say. Names are bare; ARNs follow from them. */
export interface Miniature {
  readonly users?: Readonly<
    Record<
      string,
      MiniaturePrincipal & {
        readonly groups?: readonly string[];
        readonly keys?: readonly string[];
        readonly password?: boolean;
      }
    >
  >;
  /** `trust`: a service (`lambda.amazonaws.com`), a user or role (`user/ann`), `root`, or a whole principal element. */
  readonly roles?: Readonly<
    Record<
      string,
      MiniaturePrincipal & { readonly trust?: string | JsonObject; readonly profile?: boolean; readonly path?: string }
    >
  >;
  readonly groups?: Readonly<
    Record<string, { readonly says?: readonly Says[]; readonly attached?: readonly string[] }>
  >;
  /** Managed policies of the account: the version in force first. */
  readonly policies?: Readonly<Record<string, readonly (readonly Says[])[]>>;
  readonly instances?: Readonly<
    Record<
      string,
      {
        readonly role?: string;
        readonly open?: boolean;
        readonly state?: string;
        readonly metadata?: 'enabled' | 'disabled';
        readonly userData?: string;
        /** Its id when absent. */
        readonly name?: string;
        readonly tags?: Readonly<Record<string, string>>;
      }
    >
  >;
  /** Other answers: `service/Operation` → body; `global/service/Operation` for what belongs to no region. */
  readonly answers?: Readonly<Record<string, JsonObject>>;
}

export const arn = (service: string, resource: string): string =>
  `arn:aws:${service}:${service === 'iam' ? '' : REGION}:${ACCOUNT}:${resource}`;
export const userArn = (name: string): string => arn('iam', `user/${name}`);
export const roleArn = (name: string): string => arn('iam', `role/${name}`);
const VPC: JsonObject = {
  VpcId: 'vpc-1',
  CidrBlock: '10.0.0.0/16',
  OwnerId: ACCOUNT,
  State: 'available',
  IsDefault: false,
  CidrBlockAssociationSet: [{ CidrBlock: '10.0.0.0/16', CidrBlockState: { State: 'associated' } }],
};

function statement(says: Says): JsonObject {
  if (typeof says !== 'string') return says;
  const [action = '', resource = '*'] = says.split(' on ');
  return { Effect: 'Allow', Action: action, Resource: resource };
}

const document = (says: readonly Says[]): JsonObject => ({
  Version: '2012-10-17',
  Statement: says.map(statement),
});

function principalElement(trust: string | JsonObject): JsonObject {
  if (typeof trust !== 'string') return trust;
  if (trust.endsWith('.amazonaws.com')) return { Service: trust };
  return { AWS: arn('iam', trust) };
}

const attached = (names: readonly string[] = []): Json =>
  names.map((name) => ({ PolicyName: name, PolicyArn: name.startsWith('arn:') ? name : arn('iam', `policy/${name}`) }));

const inline = (says: readonly Says[] = []): Json =>
  says.length === 0 ? [] : [{ PolicyName: 'inline', PolicyDocument: document(says) }];

const tagList = (tags: Readonly<Record<string, string>> = {}): Json =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

const ADMINISTRATOR_ACCESS: JsonObject = {
  PolicyName: 'AdministratorAccess',
  Arn: 'arn:aws:iam::aws:policy/AdministratorAccess',
  DefaultVersionId: 'v1',
  AttachmentCount: 1,
  PolicyVersionList: [{ VersionId: 'v1', IsDefaultVersion: true, Document: document(['*']) }],
};

function authorizationDetails({ users = {}, roles = {}, groups = {}, policies = {} }: Miniature): JsonObject {
  const boundaries = Object.entries({ ...users, ...roles }).flatMap(([name, { boundary }]) =>
    boundary ? [[`boundary-${name}`, [boundary]] as const] : [],
  );
  const bound = (name: string, boundary: readonly Says[] | undefined): JsonObject =>
    boundary
      ? {
          PermissionsBoundary: {
            PermissionsBoundaryType: 'Policy',
            PermissionsBoundaryArn: arn('iam', `policy/boundary-${name}`),
          },
        }
      : {};
  return {
    UserDetailList: Object.entries(users).map(([name, u]) => ({
      Path: '/',
      UserName: name,
      UserId: `AIDA${name.toUpperCase()}`,
      Arn: userArn(name),
      UserPolicyList: inline(u.says),
      GroupList: u.groups ?? [],
      AttachedManagedPolicies: attached(u.attached),
      Tags: tagList(u.tags),
      ...bound(name, u.boundary),
    })),
    GroupDetailList: Object.entries(groups).map(([name, g]) => ({
      Path: '/',
      GroupName: name,
      GroupId: `AGPA${name.toUpperCase()}`,
      Arn: arn('iam', `group/${name}`),
      GroupPolicyList: inline(g.says),
      AttachedManagedPolicies: attached(g.attached),
    })),
    RoleDetailList: Object.entries(roles).map(([name, r]) => {
      const path = r.path ?? '/';
      const roleName = `${path === '/' ? '' : path.slice(1)}${name}`;
      return {
        Path: path,
        RoleName: name,
        RoleId: `AROA${name.toUpperCase()}`,
        Arn: roleArn(roleName),
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: principalElement(r.trust ?? 'ec2.amazonaws.com'),
              Action: ['sts:AssumeRole'],
            },
          ],
        },
        InstanceProfileList: r.profile
          ? [
              {
                InstanceProfileName: name,
                Arn: arn('iam', `instance-profile/${name}`),
                Roles: [{ RoleName: name, Arn: roleArn(roleName) }],
              },
            ]
          : [],
        RolePolicyList: inline(r.says),
        AttachedManagedPolicies: attached(r.attached),
        Tags: tagList(r.tags),
        ...bound(name, r.boundary),
      };
    }),
    Policies: [
      ADMINISTRATOR_ACCESS,
      ...[...Object.entries(policies), ...boundaries].map(([name, versions]) => ({
        PolicyName: name,
        Arn: arn('iam', `policy/${name}`),
        DefaultVersionId: `v${versions.length}`,
        AttachmentCount: 1,
        PolicyVersionList: versions.map((says, i) => ({
          VersionId: `v${versions.length - i}`,
          IsDefaultVersion: i === 0,
          Document: document(says),
        })),
      })),
    ],
  };
}

const groupOf = (open: boolean | undefined): string => (open ? 'sg-open' : 'sg-closed');

function network(instances: NonNullable<Miniature['instances']>): Record<string, JsonObject> {
  const entries = Object.entries(instances);
  const everything = {
    IpProtocol: '-1',
    IpRanges: [{ CidrIp: '0.0.0.0/0' }],
    Ipv6Ranges: [],
    PrefixListIds: [],
    UserIdGroupPairs: [],
  };
  const web = { ...everything, IpProtocol: 'tcp', FromPort: 443, ToPort: 443 };
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

/** The account as a snapshot, in the shapes that AWS answers. */
export function miniature(world: Miniature): Snapshot {
  const users = Object.entries(world.users ?? {});
  const bodies: Record<string, JsonObject> = {
    'global/iam/GetAccountAuthorizationDetails': authorizationDetails(world),
    'global/iam/ListAccessKeys': Object.fromEntries(
      users.map(([name, { keys }]) => [
        name,
        { AccessKeyMetadata: (keys ?? []).map((AccessKeyId) => ({ UserName: name, AccessKeyId, Status: 'Active' })) },
      ]),
    ),
    'global/iam/GetLoginProfile': Object.fromEntries(
      users.filter(([, u]) => u.password).map(([name]) => [name, { LoginProfile: { UserName: name } }]),
    ),
    ...network(world.instances ?? {}),
    'ec2/DescribeInstanceAttribute': Object.fromEntries(
      Object.entries(world.instances ?? {}).flatMap(([id, { userData }]) =>
        userData === undefined
          ? []
          : [[id, { InstanceId: id, UserData: { Value: Buffer.from(userData).toString('base64') } }]],
      ),
    ),
    ...world.answers,
  };
  const answers = Object.entries(bodies).map(([place, body]): Answer => {
    const isGlobal = place.startsWith('global/');
    const [service = '', operation = ''] = (isGlobal ? place.slice('global/'.length) : place).split('/');
    const region = isGlobal ? 'global' : REGION;
    return {
      account: ACCOUNT,
      region,
      service,
      operation,
      body,
      source: `${ACCOUNT}/${region}/${service}/${operation}.json`,
    };
  });
  return memorySnapshot({ answers });
}
