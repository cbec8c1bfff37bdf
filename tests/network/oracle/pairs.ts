import { at, field, text, texts } from '../../../src/model/index.js';
import type { Records } from './records.js';

export interface Pair {
  /** `internet`, or the id of an instance or interface. */
  readonly from: string;
  /** The id of an instance, interface, endpoint or database, or an address on the internet. */
  readonly to: string;
}

/** From the internet and from every host to every other, as instances and as single interfaces. */
export function hostPairs(records: Records): Pair[] {
  const pairs: Pair[] = [];
  for (const kind of ['instance', 'network-interface'] as const) {
    const arns = hosts(records, kind);
    for (const [to, instance] of arns) {
      pairs.push({ from: 'internet', to });
      for (const [from, other] of arns) if (other !== instance) pairs.push({ from, to });
    }
  }
  return pairs;
}

/** From the internet and from every host to everything that a service runs in a VPC. */
export function servicePairs(records: Records): Pair[] {
  const services = [
    ...[...records.databases.values()].map(({ record }) => text(field(record, 'DBInstanceArn')) ?? ''),
    ...[...records.endpoints].flatMap(([id, { account, region, record }]) =>
      texts(field(record, 'NetworkInterfaceIds')).length === 0
        ? []
        : [`arn:aws:ec2:${region}:${account}:vpc-endpoint/${id}`],
    ),
  ];
  const askers = ['internet', ...hosts(records, 'instance').keys(), ...hosts(records, 'network-interface').keys()];
  return services.flatMap((to) => askers.map((from) => ({ from, to })));
}

/** From every host to single addresses out there. */
export function outboundPairs(records: Records): Pair[] {
  const askers = [...hosts(records, 'instance').keys(), ...hosts(records, 'network-interface').keys()];
  const addresses = ['8.8.8.8', '8.8.9.1', '9.9.9.9', '130.5.5.5', '2a00::1', '2001:4860:4860::8888'];
  return askers.flatMap((from) => addresses.map((to) => ({ from, to })));
}

/** Instances, or their interfaces and those of nobody's, by ARN; each with its instance's id, or its own. */
function hosts(records: Records, kind: 'instance' | 'network-interface'): ReadonlyMap<string, string> {
  const arns = new Map<string, string>();
  for (const [id, { region, record }] of records.interfaces) {
    const isLoose = text(field(record, 'Description')) === '' && kind === 'network-interface';
    const instance = text(at(record, 'Attachment', 'InstanceId')) ?? (isLoose ? id : undefined);
    if (instance === undefined) continue;
    const owner = text(field(record, 'OwnerId')) ?? '';
    arns.set(`arn:aws:ec2:${region}:${owner}:${kind}/${kind === 'instance' ? instance : id}`, instance);
  }
  return arns;
}

/** The interfaces that an id stands for. */
export function interfacesOf(records: Records, arn: string): readonly string[] {
  const id = arn.slice(arn.lastIndexOf('/') + 1);
  if (records.interfaces.has(id)) return [id];
  const endpoint = records.endpoints.get(id)?.record;
  if (endpoint) return texts(field(endpoint, 'NetworkInterfaceIds'));
  return [...records.interfaces.keys()].filter(
    (key) => text(at(records.interfaces.get(key)?.record, 'Attachment', 'InstanceId')) === id,
  );
}
