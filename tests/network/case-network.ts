import { field, type JsonObject, makeEc2Arn } from '../../src/model/index.js';
import { buildNetwork, type Network } from '../../src/network/index.js';
import { memorySnapshot, type WholeSnapshot } from '../../src/snapshot/index.js';

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
  /** Its source/destination check. */
  readonly checks?: boolean;
  readonly more?: Readonly<Record<string, string>>;
  /** The account that has it, where the subnet is shared with another one. */
  readonly account?: string;
}

/** `lb-app-web`, `lb-net-x`, `lb-gwy-x`, `lb-classic-x`: the name says the kind. */
interface BalancerText {
  /** Reachable from the internet, as its scheme says. */
  readonly facing?: boolean;
  /** Its DNS name. */
  readonly dns?: string;
  /** Its kinds of address, as AWS names them. */
  readonly family?: string;
  readonly subnets: readonly string[];
  readonly groups?: readonly string[];
  /** `tcp/443` → a target group, `redirect`, `fixed`; a list is rules in order (`if host`, `from CIDR`, `if login`, `if guest`: a login that lets others on, `if token`), the last one the default. */
  readonly listeners?: Readonly<Record<string, string | readonly string[]>>;
  readonly crossZone?: boolean;
  /** Whether its groups are asked about what comes by an endpoint service. */
  readonly guards?: boolean;
  /** `subnet` → private address of the node there, and its public one. */
  readonly nodes?: Readonly<Record<string, string>>;
}

interface TargetGroupText {
  readonly kind?: string;
  readonly protocol?: string;
  readonly port?: number;
  /** `i-app`, `i-app:9000`, `10.0.0.1`, an ARN, `lb-…`; a second word is its health. Absent: not collected. */
  readonly targets?: readonly string[];
  readonly keepsClient?: boolean;
}

/** A network in a few lines, as a network engineer would sketch it; see tests/network/cases. */
export interface NetworkText {
  readonly vpcs: Readonly<Record<string, string | readonly string[]>>;
  readonly subnets: Readonly<Record<string, SubnetText>>;
  /** `in tcp/22 from 0.0.0.0/0`, `out all to sg-b`, `in tcp/443 from pl-1`, `named web in vpc-a`. No `out` line: all may leave. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly hosts: Readonly<Record<string, FaceText>>;
  readonly balancers?: Readonly<Record<string, BalancerText>>;
  readonly targetGroups?: Readonly<Record<string, TargetGroupText>>;
  /** Raw answers: `ec2/DescribeNatGateways` → response; with `global/` before it, what belongs to no region; with `@444455556666` after it, another account's. */
  readonly records?: Readonly<Record<string, JsonObject>>;
  /** Operations that AWS refused, altogether or for one resource: `ec2/DescribeX`, `elastic-load-balancing-v2/DescribeListeners lb-app-x`. */
  readonly gaps?: readonly string[];
  /** Operations that were not asked. */
  readonly missing?: readonly string[];
  /** VPCs of which no route table was collected. */
  readonly untabled?: readonly string[];
}

/** An id of a sketch as the ARN that the engine knows; addresses and ARNs stay. */
export function idOf(name: string): string {
  const [id = '', account = ACCOUNT] = name.split('@');
  if (id.startsWith('i-')) return makeEc2Arn(REGION, account, 'instance', id);
  if (id.startsWith('eni-')) return makeEc2Arn(REGION, account, 'network-interface', id);
  return id.startsWith('lb-') ? balancerArn(id) : name;
}

function balancerArn(name: string): string {
  const kind = name.split('-')[1] ?? '';
  const path = kind === 'classic' ? name : `${kind}/${name}/1`;
  return `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:loadbalancer/${path}`;
}

export const networkOf = (text: NetworkText): Network => buildNetwork(snapshotOf(text));

/** The sketch in the shapes that AWS answers. */
export function snapshotOf(text: NetworkText): WholeSnapshot {
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
  const accounts = [...new Set(Object.values(text.hosts).map((host) => host.account ?? ACCOUNT))];
  for (const account of accounts.filter((id) => id === ACCOUNT)) {
    put('ec2/DescribeNetworkInterfaces', 'NetworkInterfaces', facesIn(text, account));
    put('ec2/DescribeInstances', 'Reservations', [reservationOf(text, account)]);
  }
  for (const [name, body] of balancerAnswers(text)) operations.set(name, { ...body, ...operations.get(name) });
  const gaps = (text.gaps ?? []).map((gap) => gap.split(' '));
  for (const [name = '', resource] of [...gaps, ...(text.missing ?? []).map((name) => [name])])
    if (resource === undefined) operations.delete(name);
    else operations.set(name, without(operations.get(name) ?? {}, resourceOf(resource)));
  const answer = (account: string, name: string, body: JsonObject) => {
    const [operation = '', service = '', region = REGION] = name.split('/').reverse();
    return { account, region, service, operation, source: `${account}/${region}/${service}/${operation}.json`, body };
  };
  const others = accounts
    .filter((id) => id !== ACCOUNT)
    .flatMap((id) => [
      answer(id, 'ec2/DescribeNetworkInterfaces', { NetworkInterfaces: facesIn(text, id) }),
      answer(id, 'ec2/DescribeInstances', { Reservations: [reservationOf(text, id)] }),
    ]);
  return memorySnapshot({
    answers: [
      ...[...operations].map(([key, body]) => {
        const [name = '', account = ACCOUNT] = key.split('@');
        return answer(account, name, body);
      }),
      ...others,
    ],
    gaps: gaps.map(([name = '', resource]) => {
      const [service = '', operation = ''] = name.split('/');
      return {
        account: ACCOUNT,
        region: REGION,
        service,
        operation,
        ...(resource !== undefined && { resource: resourceOf(resource) }),
        error: 'AccessDenied',
        message: 'refused',
      };
    }),
  });
}

/** `lb-app-x` and its listener `lb-app-x/tcp/443` by their ARNs, as far as they are such. */
const resourceOf = (name: string): string => {
  const [id = '', ...rest] = name.split('/');
  return [idOf(id), ...rest].join('/');
};

const without = (body: JsonObject, key: string): JsonObject =>
  Object.fromEntries(Object.entries(body).filter(([name]) => name !== key));

const hostsIn = (text: NetworkText, account: string) =>
  Object.entries(text.hosts).filter(([, host]) => (host.account ?? ACCOUNT) === account);

const facesIn = (text: NetworkText, account: string): JsonObject[] =>
  hostsIn(text, account).flatMap(([id, host]) => facesOf(text, id, host));

const reservationOf = (text: NetworkText, account: string): JsonObject => ({
  OwnerId: account,
  Instances: hostsIn(text, account).map(([id, host]) => ({
    InstanceId: id,
    State: { Name: host.state ?? 'running' },
  })),
});

const V2 = 'elastic-load-balancing-v2';
const V1 = 'elastic-load-balancing';

function balancerAnswers(text: NetworkText): Map<string, JsonObject> {
  const all = Object.entries(text.balancers ?? {});
  const modern = all.filter(([name]) => !name.startsWith('lb-classic-'));
  const classic = all.filter(([name]) => name.startsWith('lb-classic-'));
  const groups = Object.entries(text.targetGroups ?? {});
  const answers = new Map<string, JsonObject>();
  if (all.length === 0) return answers;
  const put = (name: string, body: JsonObject): unknown => answers.set(`${V2}/${name}`, body);
  put('DescribeLoadBalancers', { LoadBalancers: modern.map((entry) => balancerRecord(text, entry)) });
  put(
    'DescribeListeners',
    Object.fromEntries(modern.map(([name, b]) => [idOf(name), { Listeners: listenersOf(name, b) }])),
  );
  put(
    'DescribeRules',
    Object.fromEntries(
      modern.flatMap(([name, b]) =>
        Object.entries(b.listeners ?? {}).map(([port, rules]) => [`${idOf(name)}/${port}`, { Rules: rulesOf(rules) }]),
      ),
    ),
  );
  put(
    'DescribeLoadBalancerAttributes',
    Object.fromEntries(
      modern.flatMap(([name, { crossZone }]) =>
        crossZone === undefined
          ? []
          : [[idOf(name), { Attributes: [{ Key: 'load_balancing.cross_zone.enabled', Value: `${crossZone}` }] }]],
      ),
    ),
  );
  put('DescribeTargetGroups', {
    TargetGroups: groups.map(([name, g]) => ({
      TargetGroupArn: name,
      TargetType: g.kind ?? 'instance',
      Protocol: g.protocol ?? 'HTTP',
      Port: g.port ?? 80,
      LoadBalancerArns: modern
        .filter(([, b]) => JSON.stringify(b.listeners ?? {}).includes(name))
        .map(([n]) => idOf(n)),
    })),
  });
  put(
    'DescribeTargetGroupAttributes',
    Object.fromEntries(
      groups.flatMap(([name, { keepsClient }]) =>
        keepsClient === undefined
          ? []
          : [[name, { Attributes: [{ Key: 'preserve_client_ip.enabled', Value: `${keepsClient}` }] }]],
      ),
    ),
  );
  put(
    'DescribeTargetHealth',
    Object.fromEntries(
      groups.flatMap(([name, g]) => (g.targets === undefined ? [] : [[name, healthOf(g.targets, g.port ?? 80)]])),
    ),
  );
  answers.set(`${V1}/DescribeLoadBalancers`, {
    LoadBalancerDescriptions: classic.map((entry) => classicRecord(text, entry)),
  });
  return answers;
}

const TYPES = new Map([
  ['app', 'application'],
  ['net', 'network'],
  ['gwy', 'gateway'],
]);

const balancerRecord = (text: NetworkText, [name, b]: readonly [string, BalancerText]): JsonObject => ({
  LoadBalancerArn: idOf(name),
  LoadBalancerName: name,
  ...(b.dns !== undefined && { DNSName: b.dns }),
  Type: TYPES.get(name.split('-')[1] ?? '') ?? '',
  Scheme: b.facing === true ? 'internet-facing' : 'internal',
  ...(b.family !== undefined && { IpAddressType: b.family }),
  VpcId: text.subnets[b.subnets[0] ?? '']?.vpc ?? '',
  SecurityGroups: b.groups ?? [],
  ...(b.guards !== undefined && {
    EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: b.guards ? 'on' : 'off',
  }),
  AvailabilityZones: b.subnets.map((SubnetId) => {
    const [own, outside] = b.nodes?.[SubnetId]?.split(' ') ?? [];
    return {
      SubnetId,
      LoadBalancerAddresses:
        own === undefined ? [] : [{ PrivateIPv4Address: own, ...(outside && { IpAddress: outside }) }],
    };
  }),
});

const listenersOf = (name: string, { listeners = {} }: BalancerText): JsonObject[] =>
  Object.entries(listeners).map(([port, rules]) => {
    const [protocol = '', number] = port.split('/');
    const isApplication = name.startsWith('lb-app-');
    return {
      ListenerArn: `${idOf(name)}/${port}`,
      Port: Number(number),
      Protocol: isApplication ? 'HTTP' : protocol.toUpperCase(),
      DefaultActions: actionsOf((typeof rules === 'string' ? rules : rules.at(-1)) ?? 'fixed'),
    };
  });

const rulesOf = (rules: string | readonly string[]): JsonObject[] =>
  all(rules).map((rule, index, { length }) => ({
    Priority: index === length - 1 ? 'default' : `${index + 1}`,
    Conditions: conditionsOf(rule),
    Actions: actionsOf(rule),
  }));

function conditionsOf(rule: string): JsonObject[] {
  const [, kind, value] = / (if|from) (\S+)/.exec(rule) ?? [];
  if (kind === 'from') return [{ Field: 'source-ip', SourceIpConfig: { Values: [value ?? ''] } }];
  return kind === 'if' && value === 'host'
    ? [{ Field: 'host-header', HostHeaderConfig: { Values: ['a.example'] } }]
    : [];
}

function actionsOf(rule: string): JsonObject[] {
  const [target = ''] = rule.split(' ');
  const login = rule.includes('if login')
    ? [{ Type: 'authenticate-oidc', AuthenticateOidcConfig: { OnUnauthenticatedRequest: 'authenticate' } }]
    : rule.includes('if guest')
      ? [{ Type: 'authenticate-oidc', AuthenticateOidcConfig: { OnUnauthenticatedRequest: 'allow' } }]
      : rule.includes('if token')
        ? [{ Type: 'jwt-validation' }]
        : [];
  if (target === 'redirect') return [{ Type: 'redirect' }];
  if (target === 'fixed') return [{ Type: 'fixed-response' }];
  return [...login, { Type: 'forward', TargetGroupArn: target }];
}

const healthOf = (targets: readonly string[], port: number): JsonObject => ({
  TargetHealthDescriptions: targets.map((line) => {
    const [where = '', state = 'healthy'] = line.split(' ');
    const [, id = where, own] = /^(i-\w+|[\d.]+):(\d+)$/.exec(where) ?? [];
    return {
      Target: { Id: id.startsWith('lb-') ? idOf(id) : id, Port: own === undefined ? port : Number(own) },
      TargetHealth: { State: state },
    };
  }),
});

const classicRecord = (text: NetworkText, [name, b]: readonly [string, BalancerText]): JsonObject => ({
  LoadBalancerName: name,
  ...(b.dns !== undefined && { DNSName: b.dns }),
  Scheme: b.facing === true ? 'internet-facing' : 'internal',
  VPCId: text.subnets[b.subnets[0] ?? '']?.vpc ?? '',
  SecurityGroups: b.groups ?? [],
  Subnets: b.subnets,
  ListenerDescriptions: Object.entries(b.listeners ?? {}).map(([port, to]) => ({
    Listener: { LoadBalancerPort: Number(port.split('/')[1]), InstancePort: Number(all(to)[0]), Protocol: 'TCP' },
  })),
  Instances: Object.keys(text.hosts)
    .filter((id) => id.startsWith('i-classic'))
    .map((InstanceId) => ({ InstanceId })),
});

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
  return [...main, ...own].filter(({ VpcId }) => !text.untabled?.includes(VpcId));
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
  const [, GroupName, VpcId] = lines.flatMap((l) => /^named (\S+) in (\S+)$/.exec(l) ?? []);
  return {
    GroupId: id,
    ...(GroupName !== undefined && { GroupName }),
    ...(VpcId !== undefined && { VpcId }),
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
    OwnerId: host.account ?? ACCOUNT,
    InterfaceType: 'interface',
    Status: 'in-use',
    SubnetId: host.subnet,
    VpcId: text.subnets[host.subnet]?.vpc ?? '',
    ...(host.checks !== undefined && { SourceDestCheck: host.checks }),
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
