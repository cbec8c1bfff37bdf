import type { Cloud, Mutable } from './cloud.js';
import type { Draw } from './draw.js';

/** Ranges of ports that accelerators listen on, around those that the drawn groups and balancers know. */
const RANGES = [
  [443, 443],
  [443, 443],
  [22, 443],
  [5432, 5432],
  [1, 65535],
] as const;

/** Adds accelerators to a drawn network: some turned off, with ports given by other names, endpoints that get nothing, and of either address type. */
export function drawAccelerators(draw: Draw, answers: Cloud['answers']): void {
  const accounts = [...new Set([...answers.keys()].map((key) => key.split('/')[0] as string))];
  for (const account of accounts) {
    const accelerators: Mutable[] = [];
    const listeners: Mutable = {};
    const groups: Mutable = {};
    const endpoints = endpointsOf(answers, account);
    const count = endpoints.length === 0 ? 0 : draw.count(1, 2);
    for (let n = 0; n < count; n++) {
      const arn = `arn:aws:globalaccelerator::${account}:accelerator/acc-${n}`;
      const listener = `${arn}/listener/1`;
      accelerators.push({
        AcceleratorArn: arn,
        Name: `acc-${n}`,
        Enabled: draw.chance(90),
        IpAddressType: draw.chance(50) ? 'IPV4' : 'DUAL_STACK',
        Status: 'DEPLOYED',
      });
      const [FromPort, ToPort] = draw.pick(RANGES);
      listeners[arn] = {
        Listeners: [
          { ListenerArn: listener, Protocol: draw.chance(85) ? 'TCP' : 'UDP', PortRanges: [{ FromPort, ToPort }] },
        ],
      };
      const override = draw.chance(25) ? [{ ListenerPort: FromPort, EndpointPort: draw.pick([22, 443, 5432]) }] : [];
      groups[listener] = {
        EndpointGroups: [
          {
            EndpointGroupArn: `${listener}/endpoint-group/1`,
            EndpointGroupRegion: 'us-east-1',
            TrafficDialPercentage: draw.chance(90) ? 100 : 0,
            PortOverrides: override,
            EndpointDescriptions: draw.some(endpoints, 60).map((EndpointId) => ({
              EndpointId,
              Weight: draw.chance(90) ? 128 : 0,
              HealthState: 'HEALTHY',
              ClientIPPreservationEnabled: draw.chance(85),
            })),
          },
        ],
      };
    }
    answers.set(`${account}/global/global-accelerator/ListAccelerators`, { Accelerators: accelerators });
    answers.set(`${account}/global/global-accelerator/ListListeners`, listeners);
    answers.set(`${account}/global/global-accelerator/ListEndpointGroups`, groups);
  }
}

/** What an account can put behind its accelerators: its own instances and balancers, wherever they are. */
function endpointsOf(answers: Cloud['answers'], account: string): readonly string[] {
  const listed = (operation: string, key: string): Mutable[] =>
    [...answers]
      .filter(([name]) => name.startsWith(`${account}/`) && name.endsWith(operation))
      .flatMap(([, body]) => body[key] as Mutable[]);
  const instances = listed('ec2/DescribeInstances', 'Reservations').flatMap((r) => r['Instances'] as Mutable[]);
  return [
    ...instances.map((instance) => instance['InstanceId'] as string),
    ...listed('elastic-load-balancing-v2/DescribeLoadBalancers', 'LoadBalancers').map(
      (balancer) => balancer['LoadBalancerArn'] as string,
    ),
  ];
}
