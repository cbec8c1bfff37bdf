import { at, field, list, makeArn, number, objects, text, unknown } from '../model/index.js';
import type { Snapshot } from '../snapshot/index.js';
import type { Balancer, Listener, TargetGroup } from './balancers.js';
import { ALL_ADDRESSES } from './ip-set.js';
import { portRange, TCP } from './port-set.js';
import { keyedRecords, recordsOf } from './snapshot-records.js';

const V1 = 'elastic-load-balancing';

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-listener-config.html */
export function readClassic(snapshot: Snapshot, groups: Map<string, TargetGroup>): Balancer[] {
  const attributes = new Map(keyedRecords(snapshot, V1, 'DescribeLoadBalancerAttributes'));
  const states = new Map(keyedRecords(snapshot, V1, 'DescribeInstanceHealth'));
  return recordsOf(snapshot, V1, 'DescribeLoadBalancers', 'LoadBalancerDescriptions').map(
    ({ record, answer }): Balancer => {
      const name = text(field(record, 'LoadBalancerName')) ?? '';
      const arn = makeArn('elasticloadbalancing', answer.region, answer.account, `loadbalancer/${name}`);
      const crosses = at(attributes.get(name)?.record, 'LoadBalancerAttributes', 'CrossZoneLoadBalancing', 'Enabled');
      const healthOf = new Map(
        objects(field(states.get(name)?.record, 'InstanceStates')).map((s) => [
          text(field(s, 'InstanceId')) ?? '',
          text(field(s, 'State')) ?? '',
        ]),
      );
      const listeners = objects(field(record, 'ListenerDescriptions')).flatMap((d): Listener[] => {
        const port = number(at(d, 'Listener', 'LoadBalancerPort'));
        const inside = number(at(d, 'Listener', 'InstancePort'));
        if (port === undefined) return [];
        const group = `${arn}#${port}`;
        groups.set(group, {
          id: group,
          kind: 'instance',
          keepsClient: false,
          crossesZones: typeof crosses === 'boolean' ? crosses : undefined,
          targets: objects(field(record, 'Instances')).flatMap((i) => {
            const id = text(field(i, 'InstanceId'));
            return id === undefined
              ? []
              : [{ id, port: inside, health: healthOf.get(id) === 'OutOfService' ? 'unhealthy' : 'healthy' }];
          }),
          port: inside,
          unclear: unknown(`targets of ${name}`, 'its registered instances were not collected'),
          source: answer.source,
        });
        return [
          {
            label: `${port}`,
            ports: portRange(TCP, port, port),
            answersItself: true,
            forwards: [{ group, clients: ALL_ADDRESSES, conditions: [] }],
            source: answer.source,
          },
        ];
      });
      return {
        arn,
        name,
        dnsName: (text(field(record, 'DNSName')) ?? '').toLowerCase(),
        kind: 'classic',
        isInternetFacing: text(field(record, 'Scheme')) === 'internet-facing',
        families: 'ipv4',
        keepsIpv6Private: true,
        guardsPrivateLink: true,
        vpc: text(field(record, 'VPCId')) ?? '',
        groups: list(field(record, 'SecurityGroups')).flatMap((g) => text(g) ?? []),
        account: answer.account,
        region: answer.region,
        zones: list(field(record, 'Subnets')).map((s) => ({
          subnet: text(s) ?? '',
          publicIps: [],
          privateIps: [],
          ipv6: [],
        })),
        description: `ELB ${name}`,
        listeners,
        unclear: undefined,
        source: answer.source,
      };
    },
  );
}
