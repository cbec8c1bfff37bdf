import {
  at,
  type Condition,
  field,
  flag,
  type JsonObject,
  makeEc2Arn,
  number,
  objects,
  text,
  unknown,
} from '../model/index.js';
import type { Snapshot } from '../snapshot/index.js';
import { hasIps, type IpSet, parseIpSet, toCidrs } from './ip-set.js';
import type { Blocker } from './network.js';
import { groupIds } from './security-groups.js';
import { type Found, indexById, recordsOf } from './snapshot-records.js';

/** One address of an interface. */
export interface Address {
  /** A single address; for an interface that is not in the API, the range it lies in. */
  readonly ips: IpSet;
  readonly family: 4 | 6;
  readonly text: string;
  /** The public IPv4 address that an internet gateway maps to it. */
  readonly publicIp?: string;
  /** Whether `ips` is a range in which the one address lies. */
  readonly isRange?: true;
  /** It is public, but which address it is is not in the API. */
  readonly isPublicUnknown?: true;
  /** It is public only if this holds. */
  readonly publicIf?: Condition;
  /**
   * An IPv6 address that nothing comes to by an internet gateway: its service keeps it so, or the interface says so (`DenyAllIgwTraffic`).
   * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html
   */
  readonly isPrivate?: true;
}

/** Something at an address of which only is known among which it is. */
export const somewhereIn = (ips: IpSet, family: 4 | 6): Address[] =>
  hasIps(ips) ? [{ ips, family, text: toCidrs(ips).join(', '), isRange: true }] : [];

/** Whether an address can be reached from outside at all. */
export const isPublic = ({ family, publicIp, isPublicUnknown, isPrivate }: Address): boolean =>
  family === 6 ? isPrivate !== true : publicIp !== undefined || isPublicUnknown === true;

/** A network interface, or the place where one must be (a database in its subnet). */
export interface Interface {
  readonly id: string;
  readonly arn: string;
  /** What traffic to it ends at: the instance, balancer, gateway …; itself where it is attached to nothing known. */
  readonly asset: string;
  readonly kind: string;
  readonly account: string;
  readonly region: string;
  readonly vpc: string;
  readonly subnet: string;
  /** `undefined` where they were not stated. */
  readonly groups: readonly string[] | undefined;
  readonly addresses: readonly Address[];
  readonly deviceIndex: number;
  readonly description: string;
  readonly isRequesterManaged: boolean;
  /** Of a thing that is at one of these interfaces and at one of those: of which this is one. */
  readonly among?: string;
  /** What a person should know of what it belongs to. */
  readonly note?: string;
  /** Why nothing can open a connection to it (a stopped instance, a NAT gateway, …). */
  readonly refuses?: Blocker | undefined;
  /** Why it opens no connections of its own. */
  readonly isSilent?: Blocker | undefined;
  /** Why it may do neither. */
  readonly unclear?: Condition | undefined;
  /** It drops packets that are not addressed to it; absent where that was not stated. */
  readonly checksDestination?: boolean | undefined;
  readonly source: string;
}

export interface InstanceRecord {
  readonly id: string;
  readonly arn: string;
  readonly state: string;
  readonly found: OwnedRecord;
}

export function readInstances(snapshot: Snapshot): Map<string, InstanceRecord> {
  const found: OwnedRecord[] = [];
  for (const answer of snapshot.answers('ec2', 'DescribeInstances'))
    for (const reservation of objects(field(answer.body, 'Reservations'))) {
      const owner = text(field(reservation, 'OwnerId')) ?? answer.account;
      for (const record of objects(field(reservation, 'Instances'))) found.push({ record, answer, owner });
    }
  return indexById(found, 'InstanceId', (id, item) => ({
    id,
    arn: makeEc2Arn(item.answer.region, item.owner, 'instance', id),
    state: text(at(item.record, 'State', 'Name')) ?? 'unknown',
    found: item,
  }));
}

type OwnedRecord = Found & { readonly owner: string };

/** Every interface of the snapshot by its id, from DescribeNetworkInterfaces and what instances state of their own. */
export function readInterfaces(
  snapshot: Snapshot,
  instances: ReadonlyMap<string, InstanceRecord>,
): Map<string, Interface> {
  const elastic = elasticIps(snapshot);
  const listed = recordsOf(snapshot, 'ec2', 'DescribeNetworkInterfaces', 'NetworkInterfaces');
  const found: (Found & { readonly of?: InstanceRecord })[] = listed;
  for (const of of instances.values()) {
    const { answer } = of.found;
    for (const record of objects(field(of.found.record, 'NetworkInterfaces'))) found.push({ record, answer, of });
  }
  const interfaces = indexById(found, 'NetworkInterfaceId', (id, { record, answer, of }) =>
    readInterface(id, { record: of === undefined ? record : withInstance(record, of), answer }, instances, elastic),
  );
  addBareInstances(instances, interfaces);
  return interfaces;
}

function withInstance(item: JsonObject, instance: InstanceRecord): JsonObject {
  const attachment = field(item, 'Attachment');
  return {
    ...item,
    Attachment: {
      ...(typeof attachment === 'object' && attachment !== null ? attachment : {}),
      InstanceId: instance.id,
    },
  };
}

function readInterface(
  id: string,
  { record, answer }: Found,
  instances: ReadonlyMap<string, InstanceRecord>,
  elastic: ElasticIps,
): Interface {
  // No object inherits properties of these names.
  const { OwnerId, Attachment, InterfaceType, VpcId, SubnetId, Groups } = record;
  const { Description, RequesterManaged, SourceDestCheck, DenyAllIgwTraffic, Status } = record;
  const account = text(OwnerId) ?? answer.account;
  const arn = makeEc2Arn(answer.region, account, 'network-interface', id);
  const instanceId = text(field(Attachment, 'InstanceId'));
  const instance = instanceId === undefined ? undefined : instances.get(instanceId);
  const asset =
    instance?.arn ?? (instanceId === undefined ? arn : makeEc2Arn(answer.region, account, 'instance', instanceId));
  const kind = instanceId === undefined ? (text(InterfaceType) ?? 'interface') : 'instance';
  const deviceIndex = number(field(Attachment, 'DeviceIndex')) ?? 0;
  const unused = instanceId === undefined && Status === 'available' ? unusedWords(arn) : undefined;
  const refuses = unused ?? refusal(kind, arn, instance);
  return {
    id,
    arn,
    asset,
    kind,
    account,
    region: answer.region,
    vpc: text(VpcId) ?? '',
    subnet: text(SubnetId) ?? '',
    groups: Groups === undefined ? undefined : groupIds(Groups),
    addresses: readAddresses(id, record, elastic, deviceIndex === 0 ? instance : undefined).map((address) =>
      DenyAllIgwTraffic === true && address.family === 6 ? { ...address, isPrivate: true } : address,
    ),
    deviceIndex,
    description: text(Description) ?? '',
    isRequesterManaged: RequesterManaged === true,
    refuses,
    isSilent: kind === 'instance' ? refuses : unused,
    ...(instanceId !== undefined &&
      instance === undefined && {
        unclear: unknown(`state of ${asset}`, 'whether the instance runs was not collected'),
      }),
    checksDestination: flag(SourceDestCheck),
    source: answer.source,
  };
}

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html */
const unusedWords = (arn: string): Blocker => ({ asset: arn, fact: 'the interface is attached to nothing' });

/**
 * Interface types that take no connections of their own, in words.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html
 */
const CLOSED = new Map([
  ['nat_gateway', 'a NAT gateway takes no connections: it only carries answers'],
  ['natGateway', 'a NAT gateway takes no connections: it only carries answers'],
  ['transit_gateway', 'the interface of a transit gateway attachment takes no connections'],
  ['lambda', 'the interface of a Lambda function takes no connections'],
  ['gateway_load_balancer_endpoint', 'a Gateway Load Balancer endpoint is only passed through by routes'],
]);

const TAKING = new Set(['running', 'pending', 'unknown']);

function refusal(kind: string, arn: string, instance: InstanceRecord | undefined): Blocker | undefined {
  const closed = CLOSED.get(kind);
  if (closed !== undefined) return { asset: arn, fact: closed };
  if (instance === undefined || TAKING.has(instance.state)) return undefined;
  return { asset: instance.arn, fact: `the instance is ${instance.state}` };
}

function readAddresses(
  id: string,
  record: JsonObject,
  elastic: ElasticIps,
  primaryOf: InstanceRecord | undefined,
): Address[] {
  const addresses = new Map<string, Address>();
  const elasticOf = elastic.get(id);
  const add = (value: string | undefined, publicIp?: string): void => {
    if (value === undefined || value.includes('/')) return;
    const known = addresses.get(value);
    const ips = known?.ips ?? parseIpSet(value);
    if (ips === undefined) return;
    const mapped = publicIp ?? elasticOf?.get(value) ?? known?.publicIp;
    const address = { ips, family: ips.v4.length > 0 ? 4 : 6, text: value } as const;
    addresses.set(value, address.family === 4 && mapped !== undefined ? { ...address, publicIp: mapped } : address);
  };
  const { PrivateIpAddresses, PrivateIpAddress, Ipv6Addresses, Ipv6Address } = record;
  for (const item of objects(PrivateIpAddresses)) add(text(item.PrivateIpAddress), publicIpOf(item));
  const primary = text(PrivateIpAddress);
  const primaryPublic = publicIpOf(record) ?? text(primaryOf?.found.record.PublicIpAddress);
  add(primary, addresses.get(primary ?? '')?.publicIp ?? primaryPublic);
  for (const item of objects(Ipv6Addresses)) add(text(item.Ipv6Address));
  add(text(Ipv6Address));
  return [...addresses.values()];
}

const publicIpOf = (item: JsonObject): string | undefined => {
  const ip = text(field(item.Association, 'PublicIp'));
  return ip === '' ? undefined : ip;
};

/** Elastic IPs by interface and private address. */
type ElasticIps = ReadonlyMap<string, ReadonlyMap<string, string>>;

function elasticIps(snapshot: Snapshot): ElasticIps {
  const elastic = new Map<string, Map<string, string>>();
  for (const { record } of recordsOf(snapshot, 'ec2', 'DescribeAddresses', 'Addresses')) {
    const id = text(field(record, 'NetworkInterfaceId'));
    const privateIp = text(field(record, 'PrivateIpAddress'));
    const publicIp = text(field(record, 'PublicIp'));
    if (id === undefined || privateIp === undefined || publicIp === undefined) continue;
    const ofInterface = elastic.get(id) ?? new Map<string, string>();
    elastic.set(id, ofInterface.set(privateIp, publicIp));
  }
  return elastic;
}

/** Instances that list no interface are given the one that their own fields describe. */
function addBareInstances(instances: ReadonlyMap<string, InstanceRecord>, interfaces: Map<string, Interface>): void {
  const covered = new Set<string>();
  for (const { asset } of interfaces.values()) covered.add(asset);
  for (const instance of instances.values()) {
    const { record, answer, owner } = instance.found;
    const vpc = text(field(record, 'VpcId'));
    if (covered.has(instance.arn) || vpc === undefined) continue;
    const id = `${instance.id}/primary`;
    const made = readInterface(
      id,
      {
        record: {
          ...record,
          OwnerId: owner,
          Groups: field(record, 'SecurityGroups'),
          Attachment: { InstanceId: instance.id },
        },
        answer,
      },
      instances,
      new Map(),
    );
    interfaces.set(id, { ...made, arn: instance.arn });
  }
}
