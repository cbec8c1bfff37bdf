import type { Mutable } from './cloud.js';
import type { Vpc } from './draw-vpc.js';
import type { Drawing } from './drawing.js';

/** A service in front of some network balancers, with an endpoint in another VPC of the Region. */
export function drawServices(drawing: Drawing): void {
  const { draw, cloud, vpcs } = drawing;
  for (const vpc of vpcs) {
    const { account, region } = vpc.place;
    const listed = cloud.answers.get(`${account}/${region}/elastic-load-balancing-v2/DescribeLoadBalancers`);
    const balancer = ((listed?.['LoadBalancers'] ?? []) as Mutable[]).find(
      (b) => b['Type'] === 'network' && b['VpcId'] === vpc.id,
    );
    const others = vpcs.filter((other) => other !== vpc && other.place.region === region);
    if (!balancer || others.length === 0 || !draw.chance(70)) continue;
    if (draw.chance(30)) balancer['EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic'] = draw.pick(['on', 'off']);
    const id = `vpce-svc-${vpc.index}`;
    cloud.add(vpc.place, 'ec2/DescribeVpcEndpointServiceConfigurations', {
      ServiceId: id,
      ServiceName: `com.amazonaws.vpce.${region}.${id}`,
      ServiceState: 'Available',
      ServiceType: [{ ServiceType: 'Interface' }],
      NetworkLoadBalancerArns: [balancer['LoadBalancerArn'] as string],
    });
    const zones = (balancer['AvailabilityZones'] as Mutable[]).map((zone) => zone['ZoneName']);
    drawEndpoint(drawing, draw.pick(others), vpc, zones as string[]);
  }
}

function drawEndpoint({ draw, cloud }: Drawing, vpc: Vpc, to: Vpc, zones: readonly string[]): void {
  const id = `vpce-to${to.index}`;
  const served = new Map(vpc.subnets.filter((s) => zones.includes(s.zone)).map((s) => [s.zone, s]));
  const groups = draw.some(vpc.groups, 50);
  if (groups.length === 0) groups.push(draw.pick(vpc.groups));
  const named = groups.map((GroupId) => ({ GroupId, GroupName: GroupId }));
  const faces = [...served.values()].map((subnet, n) => {
    const face = `eni-to${to.index}${n}`;
    const address = `${subnet.base}.${150 + to.index * 10 + n}`;
    cloud.add(vpc.place, 'ec2/DescribeNetworkInterfaces', {
      NetworkInterfaceId: face,
      AvailabilityZone: subnet.zone,
      Description: `VPC Endpoint Interface ${id}`,
      Groups: structuredClone(named),
      InterfaceType: 'vpc_endpoint',
      Ipv6Addresses: [],
      OwnerId: vpc.place.account,
      PrivateIpAddress: address,
      PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: address }],
      RequesterManaged: true,
      Status: 'in-use',
      SubnetId: subnet.id,
      VpcId: vpc.id,
    });
    return face;
  });
  cloud.add(vpc.place, 'ec2/DescribeVpcEndpoints', {
    VpcEndpointId: id,
    VpcEndpointType: 'Interface',
    OwnerId: vpc.place.account,
    ServiceName: `com.amazonaws.vpce.${to.place.region}.vpce-svc-${to.index}`,
    VpcId: vpc.id,
    State: draw.chance(90) ? 'available' : 'pendingAcceptance',
    NetworkInterfaceIds: faces,
    SubnetIds: [...served.values()].map((s) => s.id),
    Groups: structuredClone(named),
  });
}
