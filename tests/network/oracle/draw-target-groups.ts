import type { Mutable } from './cloud.js';
import type { Vpc } from './draw-vpc.js';
import type { Drawing } from './drawing.js';

export type Kind = 'network' | 'application' | 'classic';

/** A target group of instances or addresses, sometimes with one of a peered VPC, each healthy or not. */
export function drawTargetGroup(
  { draw, cloud, vpcs }: Drawing,
  vpc: Vpc,
  arn: string,
  balancer: string,
  kind: Kind,
  protocol: string,
): void {
  const type = draw.chance(60) ? 'instance' : 'ip';
  const port = draw.pick([443, 5432, 40000]);
  cloud.add(vpc.place, 'elastic-load-balancing-v2/DescribeTargetGroups', {
    TargetGroupArn: arn,
    TargetGroupName: arn.split('/')[1],
    TargetType: type,
    Protocol: kind === 'network' ? protocol : 'HTTP',
    Port: port,
    VpcId: vpc.id,
    LoadBalancerArns: [balancer],
    IpAddressType: 'ipv4',
  });
  // For these the setting cannot be turned off; where it was never set, the API states the default of the target type.
  const isKept = protocol.includes('UDP') || (draw.chance(50) ? type === 'instance' : draw.chance(50));
  cloud.set(vpc.place, 'elastic-load-balancing-v2/DescribeTargetGroupAttributes', arn, {
    Attributes: [
      {
        Key: 'load_balancing.cross_zone.enabled',
        Value: draw.pick(['use_load_balancer_configuration', 'use_load_balancer_configuration', 'true', 'false']),
      },
      { Key: 'preserve_client_ip.enabled', Value: String(isKept) },
    ].slice(0, kind === 'network' ? 2 : 1),
  });
  const own = draw
    .some(vpc.interfaces, 80)
    // An instance is registered once.
    .filter((i) => type === 'ip' || i.id.endsWith('0') || i.id.endsWith('2') || i.id.endsWith('4'))
    .map((i) => ({ Id: type === 'instance' ? i.instance : i.address, AvailabilityZone: i.subnet.zone }));
  // An address of a peered VPC is in no zone of the balancer's own.
  const peers = vpcs.filter((other) => vpc.peers.has(other.index) && other.cidrs[0] !== vpc.cidrs[0]);
  const far = type === 'ip' && peers.length > 0 && draw.chance(50) ? draw.pick(peers).interfaces.slice(0, 1) : [];
  const targets: Mutable[] = [...own, ...far.map((i) => ({ Id: i.address, AvailabilityZone: 'all' }))];
  cloud.set(vpc.place, 'elastic-load-balancing-v2/DescribeTargetHealth', arn, {
    TargetHealthDescriptions: targets.map((target) => ({
      Target: { ...target, Port: port },
      TargetHealth: { State: draw.pick(['healthy', 'healthy', 'healthy', 'unhealthy', 'initial', 'draining']) },
    })),
  });
}

/** A target group with an application balancer as its target, which takes connections at the port of its listener. */
export function drawBalancerGroup(
  { draw, cloud }: Drawing,
  vpc: Vpc,
  arn: string,
  balancer: string,
  target: string,
): void {
  const port = draw.pick([443, 443, 443, 5432]);
  cloud.add(vpc.place, 'elastic-load-balancing-v2/DescribeTargetGroups', {
    TargetGroupArn: arn,
    TargetGroupName: arn.split('/')[1],
    TargetType: 'alb',
    Protocol: 'TCP',
    Port: port,
    VpcId: vpc.id,
    LoadBalancerArns: [balancer],
    IpAddressType: 'ipv4',
  });
  cloud.set(vpc.place, 'elastic-load-balancing-v2/DescribeTargetGroupAttributes', arn, {
    Attributes: [
      { Key: 'load_balancing.cross_zone.enabled', Value: 'use_load_balancer_configuration' },
      { Key: 'preserve_client_ip.enabled', Value: 'true' },
    ].slice(0, draw.count(1, 2)),
  });
  cloud.set(vpc.place, 'elastic-load-balancing-v2/DescribeTargetHealth', arn, {
    TargetHealthDescriptions: [
      {
        Target: { Id: target, Port: port },
        TargetHealth: { State: draw.pick(['healthy', 'healthy', 'healthy', 'unhealthy', 'draining']) },
      },
    ],
  });
}
