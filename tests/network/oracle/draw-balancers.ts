import type { Mutable } from './cloud.js';
import type { DrawnSubnet, Vpc } from './draw-vpc.js';
import type { Drawing } from './drawing.js';

/** Up to one balancer a VPC: network, application or classic, internet-facing or internal, one node a zone. */
export function drawBalancers(drawing: Drawing): void {
  for (const vpc of drawing.vpcs) if (drawing.draw.chance(45)) drawBalancer(drawing, vpc);
}

type Kind = 'network' | 'application' | 'classic';

function drawBalancer(drawing: Drawing, vpc: Vpc): void {
  const { draw, cloud } = drawing;
  const kind = draw.pick<Kind>(['network', 'network', 'application', 'application', 'classic']);
  const isPublic = draw.chance(75) && vpc.internetGateway !== undefined;
  const name = `lb${vpc.index}`;
  const { account, region } = vpc.place;
  const arn = `arn:aws:elasticloadbalancing:${region}:${account}:loadbalancer/${kind === 'network' ? 'net' : 'app'}/${name}/1`;
  const zones = new Map(vpc.subnets.map((s) => [s.zone, s]));
  const subnets = draw.some([...zones.values()], 80);
  if (subnets.length === 0 && vpc.subnets[0]) subnets.push(vpc.subnets[0]);
  const groups = kind === 'network' && draw.chance(50) ? [] : [draw.pick(vpc.groups)];
  const description = kind === 'classic' ? `ELB ${name}` : `ELB ${kind === 'network' ? 'net' : 'app'}/${name}/1`;
  for (const [n, subnet] of subnets.entries()) drawNode(drawing, vpc, subnet, n, kind, description, groups, isPublic);
  const scheme = isPublic ? 'internet-facing' : 'internal';
  if (kind === 'classic') {
    drawClassic(drawing, vpc, name, scheme, subnets, groups);
    return;
  }
  cloud.add(vpc.place, 'elastic-load-balancing-v2/DescribeLoadBalancers', {
    LoadBalancerArn: arn,
    LoadBalancerName: name,
    DNSName: `${name}.elb.${region}.amazonaws.com`,
    Type: kind,
    Scheme: scheme,
    VpcId: vpc.id,
    State: { Code: 'active' },
    IpAddressType: 'ipv4',
    SecurityGroups: groups,
    AvailabilityZones: subnets.map((s) => ({ ZoneName: s.zone, SubnetId: s.id, LoadBalancerAddresses: [] })),
  });
  cloud.set(vpc.place, 'elastic-load-balancing-v2/DescribeLoadBalancerAttributes', arn, {
    Attributes: [
      { Key: 'load_balancing.cross_zone.enabled', Value: kind === 'application' || draw.chance(40) ? 'true' : 'false' },
    ],
  });
  const groupArn = `arn:aws:elasticloadbalancing:${region}:${account}:targetgroup/tg${vpc.index}/1`;
  drawTargetGroup(drawing, vpc, groupArn, arn, kind);
  const forward: Mutable = {
    Type: 'forward',
    TargetGroupArn: groupArn,
    ForwardConfig: { TargetGroups: [{ TargetGroupArn: groupArn, Weight: 1 }] },
  };
  const closed: Mutable = { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } };
  const isClosed = kind === 'application' && draw.chance(25);
  const listener = `${arn.replace(':loadbalancer/', ':listener/')}/2`;
  const [action] = isClosed ? [closed] : [forward];
  cloud.set(vpc.place, 'elastic-load-balancing-v2/DescribeListeners', arn, {
    Listeners: [
      {
        ListenerArn: listener,
        LoadBalancerArn: arn,
        Port: 443,
        Protocol: kind === 'network' ? 'TCP' : 'HTTPS',
        DefaultActions: [action as Mutable],
      },
    ],
  });
  const rules: Mutable[] = [
    { RuleArn: `${listener}/9`, Priority: 'default', IsDefault: true, Conditions: [], Actions: [action as Mutable] },
  ];
  if (isClosed && draw.chance(50)) {
    const Conditions = [{ Field: 'path-pattern', Values: ['/app/*'], PathPatternConfig: { Values: ['/app/*'] } }];
    rules.push({ RuleArn: `${listener}/8`, Priority: '1', IsDefault: false, Conditions, Actions: [forward] });
  }
  if (kind === 'application')
    cloud.set(vpc.place, 'elastic-load-balancing-v2/DescribeRules', listener, { Rules: rules });
}

function drawTargetGroup({ draw, cloud }: Drawing, vpc: Vpc, arn: string, balancer: string, kind: Kind): void {
  const type = draw.chance(60) ? 'instance' : 'ip';
  const port = draw.pick([443, 5432, 40000]);
  cloud.add(vpc.place, 'elastic-load-balancing-v2/DescribeTargetGroups', {
    TargetGroupArn: arn,
    TargetGroupName: `tg${vpc.index}`,
    TargetType: type,
    Protocol: kind === 'network' ? 'TCP' : 'HTTP',
    Port: port,
    VpcId: vpc.id,
    LoadBalancerArns: [balancer],
    IpAddressType: 'ipv4',
  });
  const preserve = draw.chance(50) ? undefined : draw.chance(50);
  cloud.set(vpc.place, 'elastic-load-balancing-v2/DescribeTargetGroupAttributes', arn, {
    Attributes: [
      { Key: 'load_balancing.cross_zone.enabled', Value: 'use_load_balancer_configuration' },
      // Where it was never set, the API states the default of the target type.
      { Key: 'preserve_client_ip.enabled', Value: String(preserve ?? type === 'instance') },
    ].slice(0, kind === 'network' ? 2 : 1),
  });
  const registered = draw
    .some(vpc.interfaces, 60)
    .filter((i) => type === 'ip' || i.id.endsWith('0') || i.id.endsWith('2') || i.id.endsWith('4'));
  cloud.set(vpc.place, 'elastic-load-balancing-v2/DescribeTargetHealth', arn, {
    TargetHealthDescriptions: registered.map((i) => ({
      Target: {
        Id: type === 'instance' ? i.instance : i.address,
        Port: port,
        AvailabilityZone: i.subnet.zone,
      },
      TargetHealth: { State: draw.pick(['healthy', 'healthy', 'unhealthy']) },
    })),
  });
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
  vpc: Vpc,
  subnet: DrawnSubnet,
  number: number,
  kind: Kind,
  description: string,
  groups: readonly string[],
  isPublic: boolean,
): void {
  const id = `eni-lb${vpc.index}${number}`;
  const address = `${subnet.base}.${220 + number}`;
  const association = isPublic
    ? { Association: { PublicIp: `53.0.${vpc.index}.${number}`, IpOwnerId: 'amazon-elb' } }
    : {};
  cloud.add(vpc.place, 'ec2/DescribeNetworkInterfaces', {
    NetworkInterfaceId: id,
    ...association,
    Attachment: { AttachmentId: `ela-attach-${id}`, InstanceOwnerId: 'amazon-elb', Status: 'attached' },
    AvailabilityZone: subnet.zone,
    Description: description,
    Groups: groups.map((GroupId) => ({ GroupId, GroupName: GroupId })),
    InterfaceType: kind === 'network' ? 'network_load_balancer' : 'interface',
    Ipv6Addresses: [],
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
