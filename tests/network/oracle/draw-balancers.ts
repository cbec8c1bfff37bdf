import type { Mutable } from './cloud.js';
import type { DrawnSubnet, Vpc } from './draw-vpc.js';
import type { Drawing } from './drawing.js';
import { drawBalancerGroup, drawTargetGroup, type Kind } from './draw-target-groups.js';

/** Where a balancer is drawn, and what tells it from the other one of its VPC. */
interface Site {
  readonly vpc: Vpc;
  readonly kind: Kind;
  readonly name: string;
  /** Its nodes' last numbers begin here. */
  readonly firstNode: number;
  /** An application balancer that it may lead to. */
  readonly inner?: string;
}

/** Up to one balancer a VPC: network, application or classic, internet-facing or internal, one node a zone; sometimes an application one behind a network one. */
export function drawBalancers(drawing: Drawing): void {
  const { draw } = drawing;
  for (const vpc of drawing.vpcs) {
    if (!draw.chance(60)) continue;
    const kind = draw.pick<Kind>(['network', 'network', 'application', 'application', 'classic']);
    const site: Site = { vpc, kind, name: `lb${vpc.index}`, firstNode: 220 };
    const hasInner = kind === 'network' && draw.chance(40);
    const inner = hasInner
      ? drawBalancer(drawing, { vpc, kind: 'application', name: `lb${vpc.index}i`, firstNode: 210 })
      : undefined;
    drawBalancer(drawing, inner === undefined ? site : { ...site, inner });
  }
}

/** @returns its ARN, where it has one */
function drawBalancer(drawing: Drawing, site: Site): string | undefined {
  const { draw, cloud } = drawing;
  const { vpc, kind, name } = site;
  const isPublic = draw.chance(75) && vpc.internetGateway !== undefined;
  const { account, region } = vpc.place;
  const arn = `arn:aws:elasticloadbalancing:${region}:${account}:loadbalancer/${kind === 'network' ? 'net' : 'app'}/${name}/1`;
  const zones = new Map(vpc.subnets.map((s) => [s.zone, s]));
  const subnets = draw.some([...zones.values()], 90);
  if (subnets.length === 0 && vpc.subnets[0]) subnets.push(vpc.subnets[0]);
  const groups = kind === 'network' && draw.chance(50) ? [] : [draw.pick(vpc.groups)];
  const description = kind === 'classic' ? `ELB ${name}` : `ELB ${kind === 'network' ? 'net' : 'app'}/${name}/1`;
  const isDual = kind !== 'classic' && subnets.every((subnet) => subnet.ipv6 !== undefined) && draw.chance(50);
  for (const [n, subnet] of subnets.entries())
    drawNode(drawing, site, subnet, n, description, groups, isPublic, isDual);
  const scheme = isPublic ? 'internet-facing' : 'internal';
  if (kind === 'classic') {
    drawClassic(drawing, vpc, name, scheme, subnets, groups);
    return undefined;
  }
  cloud.add(vpc.place, 'elastic-load-balancing-v2/DescribeLoadBalancers', {
    LoadBalancerArn: arn,
    LoadBalancerName: name,
    DNSName: `${name}.elb.${region}.amazonaws.com`,
    Type: kind,
    Scheme: scheme,
    VpcId: vpc.id,
    State: { Code: 'active' },
    IpAddressType: isDual ? 'dualstack' : 'ipv4',
    SecurityGroups: groups,
    AvailabilityZones: subnets.map((s) => ({ ZoneName: s.zone, SubnetId: s.id, LoadBalancerAddresses: [] })),
  });
  cloud.set(vpc.place, 'elastic-load-balancing-v2/DescribeLoadBalancerAttributes', arn, {
    Attributes: [
      { Key: 'load_balancing.cross_zone.enabled', Value: kind === 'application' || draw.chance(55) ? 'true' : 'false' },
      // On for internal ones where nobody has set it.
      ...(draw.chance(30) ? [{ Key: 'ipv6.deny_all_igw_traffic', Value: String(draw.chance(50)) }] : []),
    ],
  });
  drawListener(drawing, site, arn);
  return arn;
}

/** One listener; of an application balancer with rules, some of which are for some clients alone, some never taken. */
function drawListener(drawing: Drawing, { vpc, kind, name, inner }: Site, arn: string): void {
  const { draw, cloud } = drawing;
  const { account, region } = vpc.place;
  const protocol =
    inner !== undefined
      ? 'TCP'
      : kind === 'network'
        ? draw.pick(['TCP', 'TCP', 'TCP', 'TLS', 'UDP', 'TCP_UDP'])
        : 'HTTPS';
  const groups = ['a', 'b'].map(
    (n) => `arn:aws:elasticloadbalancing:${region}:${account}:targetgroup/${name.replace('lb', 'tg')}${n}/1`,
  );
  for (const group of groups)
    if (inner === undefined) drawTargetGroup(drawing, vpc, group, arn, kind, protocol === 'TLS' ? 'TCP' : protocol);
    else drawBalancerGroup(drawing, vpc, group, arn, inner);
  const [first = '', second = ''] = groups;
  const forwardTo = (group: string): Mutable => ({
    Type: 'forward',
    TargetGroupArn: group,
    ForwardConfig: { TargetGroups: [{ TargetGroupArn: group, Weight: 1 }] },
  });
  const weighted = (weights: readonly number[]): Mutable => ({
    Type: 'forward',
    ForwardConfig: { TargetGroups: weights.map((Weight, n) => ({ TargetGroupArn: groups[n], Weight })) },
  });
  const closed: Mutable = { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } };
  const isApplication = kind === 'application';
  const action = isApplication
    ? draw.pick([closed, forwardTo(first), forwardTo(first), weighted([1, 1]), weighted([1, 0])])
    : forwardTo(first);
  const listener = `${arn.replace(':loadbalancer/', ':listener/')}/2`;
  cloud.set(vpc.place, 'elastic-load-balancing-v2/DescribeListeners', arn, {
    Listeners: [
      { ListenerArn: listener, LoadBalancerArn: arn, Port: 443, Protocol: protocol, DefaultActions: [action] },
    ],
  });
  if (!isApplication) return;
  const path: Mutable = { Field: 'path-pattern', Values: ['/app/*'], PathPatternConfig: { Values: ['/app/*'] } };
  const source = (): Mutable => ({
    Field: 'source-ip',
    SourceIpConfig: {
      Values: draw.pick([['8.8.8.0/24'], ['0.0.0.0/0'], ['10.0.0.0/8', '130.0.0.0/8'], ['8.0.0.0/7']]),
    },
  });
  const rules = Array.from({ length: draw.count(0, 2) }, (_, n): Mutable => {
    const Conditions = draw.pick<Mutable[]>([[path], [source()], [source(), path]]);
    return {
      RuleArn: `${listener}/${n}`,
      Priority: `${n + 1}`,
      IsDefault: false,
      Conditions,
      Actions: [draw.pick([forwardTo(second), forwardTo(first), closed])],
    };
  });
  rules.push({ RuleArn: `${listener}/9`, Priority: 'default', IsDefault: true, Conditions: [], Actions: [action] });
  // The API lists rules in no promised order.
  if (draw.chance(30)) rules.reverse();
  cloud.set(vpc.place, 'elastic-load-balancing-v2/DescribeRules', listener, { Rules: rules });
}

function drawClassic(
  { draw, cloud }: Drawing,
  vpc: Vpc,
  name: string,
  scheme: string,
  subnets: DrawnSubnet[],
  groups: string[],
): void {
  const instances = new Set(draw.some(vpc.interfaces, 60).map((i) => i.instance));
  cloud.add(vpc.place, 'elastic-load-balancing/DescribeLoadBalancers', {
    LoadBalancerName: name,
    DNSName: `${name}.elb.amazonaws.com`,
    Scheme: scheme,
    VPCId: vpc.id,
    Subnets: subnets.map((s) => s.id),
    AvailabilityZones: subnets.map((s) => s.zone),
    SecurityGroups: groups,
    ListenerDescriptions: [
      {
        Listener: {
          Protocol: 'TCP',
          LoadBalancerPort: 443,
          InstanceProtocol: 'TCP',
          InstancePort: draw.pick([443, 5432]),
        },
        PolicyNames: [],
      },
    ],
    Instances: [...instances].map((InstanceId) => ({ InstanceId })),
  });
  cloud.set(vpc.place, 'elastic-load-balancing/DescribeLoadBalancerAttributes', name, {
    LoadBalancerAttributes: { CrossZoneLoadBalancing: { Enabled: draw.chance(60) } },
  });
}

function drawNode(
  { cloud }: Drawing,
  { vpc, kind, name, firstNode }: Site,
  subnet: DrawnSubnet,
  number: number,
  description: string,
  groups: readonly string[],
  isPublic: boolean,
  isDual: boolean,
): void {
  const id = `eni-${name}${number}`;
  const last = firstNode + number;
  const address = `${subnet.base}.${last}`;
  const association = isPublic
    ? { Association: { PublicIp: `53.0.${vpc.index}.${last}`, IpOwnerId: 'amazon-elb' } }
    : {};
  cloud.add(vpc.place, 'ec2/DescribeNetworkInterfaces', {
    NetworkInterfaceId: id,
    ...association,
    Attachment: { AttachmentId: `ela-attach-${id}`, InstanceOwnerId: 'amazon-elb', Status: 'attached' },
    AvailabilityZone: subnet.zone,
    Description: description,
    Groups: groups.map((GroupId) => ({ GroupId, GroupName: GroupId })),
    InterfaceType: kind === 'network' ? 'network_load_balancer' : 'interface',
    Ipv6Addresses: isDual ? [{ Ipv6Address: `${subnet.ipv6}::${last}` }] : [],
    OwnerId: vpc.place.account,
    PrivateIpAddress: address,
    PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: address, ...association }],
    RequesterId: 'amazon-elb',
    RequesterManaged: true,
    SourceDestCheck: kind === 'application',
    Status: 'in-use',
    SubnetId: subnet.id,
    VpcId: vpc.id,
  });
}
