import { type Condition, field, flag, number, objects, text } from '../model/index.js';
import type { Snapshot } from '../snapshot/index.js';
import { type PortSet, portRange, subtractPorts, TCP, UDP, unitePorts } from './port-set.js';
import { keyedRecords, recordsOf } from './snapshot-records.js';

/** Ports that clients name, and on which the endpoint is asked for them: the same, or another for one. */
export interface PortPair {
  readonly named: PortSet;
  readonly asked: PortSet;
}

/** An endpoint of AWS Global Accelerator that sees its clients' own addresses. */
export interface Accelerated {
  readonly accelerator: string;
  readonly name: string;
  /** It has IPv6 addresses too. */
  readonly isDual: boolean;
  /** A balancer's ARN, or an instance's id. */
  readonly endpoint: string;
  readonly ports: readonly PortPair[];
  /** Why it may not be so. */
  readonly unclear?: Condition;
  readonly source: string;
}

const SERVICE = 'global-accelerator';

/** What has to be answered before it is known what accelerators lead to. */
export const isKnownWhereTo = (snapshot: Snapshot, account: string): boolean =>
  ['ListAccelerators', 'ListListeners', 'ListEndpointGroups'].every(
    (operation) => snapshot.coverage(account, 'global', SERVICE, operation) === 'answered',
  );

/** Whatever accelerators keep an interface for: endpoints that see their clients' addresses, whether they get anything or not. */
export const acceleratorEndpoints = (snapshot: Snapshot): readonly string[] =>
  [...keyedRecords(snapshot, SERVICE, 'ListEndpointGroups')].flatMap(([, { record }]) =>
    objects(field(record, 'EndpointGroups')).flatMap((group) =>
      objects(field(group, 'EndpointDescriptions')).flatMap((endpoint) =>
        flag(field(endpoint, 'ClientIPPreservationEnabled')) === false
          ? []
          : (text(field(endpoint, 'EndpointId')) ?? []),
      ),
    ),
  );

/**
 * Endpoints that get something of standard accelerators. Those that do not see their clients' addresses (an Elastic IP address, a network balancer without
 * groups) are asked at their public addresses, and are as open without the accelerator.
 * @see https://docs.aws.amazon.com/global-accelerator/latest/dg/preserve-client-ip-address.html
 */
export function readAccelerated(snapshot: Snapshot): readonly Accelerated[] {
  const listeners = new Map(
    [...keyedRecords(snapshot, SERVICE, 'ListListeners')].map(([id, { record }]) => [id, record]),
  );
  const groups = new Map(keyedRecords(snapshot, SERVICE, 'ListEndpointGroups'));
  return recordsOf(snapshot, SERVICE, 'ListAccelerators', 'Accelerators').flatMap(({ record }) => {
    const accelerator = text(field(record, 'AcceleratorArn')) ?? '';
    if (flag(field(record, 'Enabled')) === false) return [];
    const common = {
      accelerator,
      name: text(field(record, 'Name')) ?? accelerator,
      isDual: text(field(record, 'IpAddressType')) === 'DUAL_STACK',
    };
    return objects(field(listeners.get(accelerator), 'Listeners')).flatMap((listener) => {
      const found = groups.get(text(field(listener, 'ListenerArn')) ?? '');
      const protocol = text(field(listener, 'Protocol')) === 'UDP' ? UDP : TCP;
      const all = objects(field(listener, 'PortRanges')).reduce<PortSet>((sum, range) => {
        const [from, to] = [number(field(range, 'FromPort')), number(field(range, 'ToPort'))];
        return from === undefined || to === undefined ? sum : unitePorts(sum, portRange(protocol, from, to));
      }, []);
      return objects(found && field(found.record, 'EndpointGroups'))
        .filter((group) => field(group, 'TrafficDialPercentage') !== 0)
        .flatMap((group) => {
          const overrides = objects(field(group, 'PortOverrides')).flatMap((override) => {
            const [named, asked] = [number(field(override, 'ListenerPort')), number(field(override, 'EndpointPort'))];
            if (named === undefined || asked === undefined) return [];
            return [{ named: portRange(protocol, named, named), asked: portRange(protocol, asked, asked) }];
          });
          const others = overrides.reduce((ports, { named }) => subtractPorts(ports, named), all);
          return objects(field(group, 'EndpointDescriptions'))
            .filter(
              (endpoint) =>
                field(endpoint, 'Weight') !== 0 && flag(field(endpoint, 'ClientIPPreservationEnabled')) !== false,
            )
            .map((endpoint) => ({
              ...common,
              endpoint: text(field(endpoint, 'EndpointId')) ?? '',
              ports: [{ named: others, asked: others }, ...overrides],
              source: found?.answer.source ?? '',
            }));
        });
    });
  });
}
