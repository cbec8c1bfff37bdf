import { type InstanceRecord, type Interface, somewhereIn } from './interfaces.js';
import type { VpcEndpoint } from './gateways.js';
import { ALL_ADDRESSES, describeIps, ofFamily } from './ip-set.js';
import { type Condition, field, groupBy, makeEc2Arn, once, text, texts, unknown } from '../model/index.js';
import { balancerNodes } from './balancer-nodes.js';
import { type Balancer, type Balancers, readBalancers } from './balancers.js';
import { readManaged } from './managed.js';
import { managedEndpoint, matchFaces, push } from './managed-endpoints.js';
import type { Blocker } from './network.js';
import type { PortSet } from './port-set.js';
import { recordsOf } from './snapshot-records.js';
import type { World } from './world.js';

/** A service of Cloud Map. */
export interface Registry {
  readonly arn: string;
  readonly port: number | undefined;
}

/** Something that can open or take connections, with the interfaces it does so by. */
export interface Endpoint {
  readonly asset: string;
  readonly type: string;
  /** By the order of their device index. */
  readonly interfaces: readonly Interface[];
  /** The asset stands behind exactly one of the interfaces, and which one is not known. */
  readonly isOneOf: boolean;
  /** Ports it listens on; `undefined` for any. */
  readonly ports: PortSet | undefined;
  /** The services of Cloud Map in which it is registered, and on which port, where that is said. */
  readonly registries?: readonly Registry[];
  /** It is a load balancer. */
  readonly balancer?: Balancer;
  /** Why it is on no network at all, or that it is not known where. */
  readonly absent?: Blocker | Condition;
}

export interface Endpoints {
  readonly byAsset: ReadonlyMap<string, Endpoint>;
  /** The endpoint that an interface belongs to, by the interface's ARN. */
  readonly ofInterface: (arn: string) => Endpoint | undefined;
  /** An instance by its bare id. */
  readonly ofInstance: (id: string) => Endpoint | undefined;
  readonly balancers: Balancers;
  /** The interfaces that have a private, public or IPv6 address, as text. */
  readonly atAddress: (address: string) => readonly Interface[];
  /** What could be a balancer's target in a VPC. */
  readonly possibleTargets: (vpc: string) => readonly PossibleTargets[];
}

/** Endpoints of one type, each with an interface of the same subnet and groups as the others; stopped ones by themselves, and so others than primary ones. */
export interface PossibleTargets {
  readonly face: Interface;
  readonly isPrimary: boolean;
  readonly members: readonly { readonly endpoint: Endpoint; readonly face: Interface }[];
}

const TYPES = new Map([
  ['instance', 'ec2:instance'],
  ['nat_gateway', 'ec2:nat-gateway'],
  ['natGateway', 'ec2:nat-gateway'],
]);

export function readEndpoints(world: World): Endpoints {
  const managed = readManaged(world.snapshot, world.subnets, world.interfaces);
  const { shown, owners } = matchFaces(world, managed);
  const balancers = readBalancers(world.snapshot);
  const nodes = balancerEndpoints(world, balancers);
  const taken = new Set(nodes.flatMap((e) => e.interfaces.map((f) => f.id)));
  for (const item of world.gateways.endpoints.values()) for (const id of item.interfaces) taken.add(id);
  const byAsset = groupFaces(world, (face) => !taken.has(face.id) && !owners.has(face.id));
  for (const endpoint of nodes) byAsset.set(endpoint.asset, endpoint);
  for (const instance of world.instances.values())
    if (!byAsset.has(instance.arn))
      byAsset.set(instance.arn, {
        asset: instance.arn,
        type: 'ec2:instance',
        interfaces: [],
        isOneOf: false,
        ports: undefined,
        absent: absenceOf(world, instance),
      });
  for (const item of managed) byAsset.set(item.asset, managedEndpoint(world, item, shown.get(item) ?? []));
  for (const item of world.gateways.endpoints.values()) {
    const note = `it is an endpoint for ${item.service}, ${item.policy}`;
    // One that nobody accepted, or that failed, leads nowhere; a partial one serves some zones.
    const refuses: Blocker | undefined = ['available', 'partial'].includes(item.state)
      ? undefined
      : { asset: item.arn, fact: `the endpoint is ${item.state}` };
    const shown = item.interfaces.flatMap((id) => world.interfaces.get(id) ?? []);
    const faces = (shown.length < item.interfaces.length ? [...shown, ...placedFaces(world, item, shown)] : shown).map(
      (f) => ({ ...f, asset: item.arn, note, ...(refuses && { refuses }) }),
    );
    if (faces.length > 0)
      byAsset.set(item.arn, {
        asset: item.arn,
        type: 'ec2:vpc-endpoint',
        interfaces: faces,
        isOneOf: false,
        ports: undefined,
      });
  }
  for (const item of connectEndpoints(world)) byAsset.set(item.asset, item);
  for (const nat of world.gateways.nat.values()) {
    const refuses: Blocker = { asset: nat.arn, fact: 'a NAT gateway takes no connections: it only carries answers' };
    if (!byAsset.has(nat.arn))
      byAsset.set(nat.arn, {
        asset: nat.arn,
        type: 'ec2:nat-gateway',
        interfaces: [],
        isOneOf: false,
        ports: undefined,
        absent: refuses,
      });
  }
  const byInterface = once(() => indexFaces(byAsset));
  // Those that were not listed themselves are known by their interfaces.
  const byName = once(
    () =>
      new Map(
        [...byAsset.values()]
          .filter(({ type }) => type === 'ec2:instance')
          .map(({ asset }) => [asset.slice(asset.lastIndexOf('/') + 1), asset]),
      ),
  );
  const byAddress = once(() => indexAddresses(byAsset));
  return {
    byAsset,
    ofInterface: (arn) => byInterface().get(arn),
    ofInstance: (id) => byAsset.get(world.instances.get(id)?.arn ?? byName().get(id) ?? ''),
    atAddress: (address) => byAddress().get(address) ?? [],
    balancers,
    possibleTargets: groupPossibleTargets(byAsset),
  };
}

/** An endpoint's interfaces that were not collected, somewhere in its subnets, where none is shown. */
const placedFaces = (world: World, item: VpcEndpoint, shown: readonly Interface[]): readonly Interface[] =>
  item.subnets
    .filter((subnet) => shown.every((face) => face.subnet !== subnet))
    .map((subnet): Interface => {
      const { account = '', region = '', cidrs = ALL_ADDRESSES } = world.subnets.get(subnet) ?? {};
      return {
        id: `${item.arn}@${subnet}`,
        arn: item.arn,
        asset: item.arn,
        kind: 'vpc_endpoint',
        account,
        region,
        vpc: item.vpc,
        subnet,
        groups: item.groups,
        addresses: somewhereIn(ofFamily(cidrs, 4), 4),
        deviceIndex: 0,
        description: '',
        isRequesterManaged: true,
        source: item.source,
      };
    });

/** Interfaces that were not collected may be those of an instance that is not gone. */
function absenceOf({ snapshot }: World, { arn, state, found: { answer, owner } }: InstanceRecord): Blocker | Condition {
  const isAsked = snapshot.coverage(owner, answer.region, 'ec2', 'DescribeNetworkInterfaces') === 'answered';
  return isAsked || state === 'terminated'
    ? { asset: arn, fact: `the instance is ${state} and has no network interface in the snapshot` }
    : unknown(`interfaces of ${arn}`, 'they were not collected');
}

/** What the interfaces belong to that are neither of a balancer nor of a service. */
function groupFaces(world: World, isOwn: (face: Interface) => boolean): Map<string, Endpoint> {
  const byAsset = new Map<string, Endpoint & { type: string; readonly interfaces: Interface[] }>();
  for (const face of world.interfaces.values()) {
    if (!isOwn(face)) continue;
    const { asset } = face;
    const known = byAsset.get(asset);
    if (known) known.interfaces.push(face);
    else byAsset.set(asset, { asset, type: typeOf(face), interfaces: [face], isOneOf: false, ports: undefined });
  }
  for (const endpoint of byAsset.values()) {
    if (endpoint.interfaces.length === 1) continue;
    endpoint.interfaces.sort((a, b) => a.deviceIndex - b.deviceIndex);
    endpoint.type = typeOf(endpoint.interfaces[0] as Interface);
  }
  return byAsset;
}

const typeOf = ({ kind }: Interface): string => TYPES.get(kind) ?? 'ec2:network-interface';

function indexFaces(byAsset: ReadonlyMap<string, Endpoint>): Map<string, Endpoint> {
  const byInterface = new Map<string, Endpoint>();
  for (const endpoint of byAsset.values()) for (const face of endpoint.interfaces) byInterface.set(face.arn, endpoint);
  return byInterface;
}

function indexAddresses(byAsset: ReadonlyMap<string, Endpoint>): Map<string, Interface[]> {
  const byAddress = new Map<string, Interface[]>();
  for (const { interfaces } of byAsset.values())
    for (const face of interfaces)
      for (const { ips, isRange, publicIp } of face.addresses)
        for (const key of [isRange ? undefined : describeIps(ips), publicIp])
          if (key !== undefined) push(byAddress, key, face);
  return byAddress;
}

/**
 * EC2 Instance Connect Endpoints open connections from their interfaces to hosts, and take none over the network.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/eice-security-groups.html
 */
function connectEndpoints(world: World): Endpoint[] {
  const found = recordsOf(world.snapshot, 'ec2', 'DescribeInstanceConnectEndpoints', 'InstanceConnectEndpoints');
  return found.flatMap(({ record, answer }): Endpoint[] => {
    const id = text(field(record, 'InstanceConnectEndpointId')) ?? '';
    const asset =
      text(field(record, 'InstanceConnectEndpointArn')) ??
      makeEc2Arn(answer.region, answer.account, 'instance-connect-endpoint', id);
    const refuses: Blocker = {
      asset,
      fact: 'an Instance Connect Endpoint is opened by an API call, not over the network',
    };
    const interfaces = texts(field(record, 'NetworkInterfaceIds'))
      .flatMap((face) => world.interfaces.get(face) ?? [])
      .map((face) => ({ ...face, asset, refuses }));
    return interfaces.length === 0
      ? []
      : [{ asset, type: 'ec2:instance-connect-endpoint', interfaces, isOneOf: false, ports: undefined }];
  });
}

/** What runs software of the account's own, which balancers are put in front of. */
const TARGETS: ReadonlySet<string> = new Set(['ec2:instance', 'ecs:task', 'ecs:service']);

function groupPossibleTargets(byAsset: ReadonlyMap<string, Endpoint>): Endpoints['possibleTargets'] {
  const byVpc = once(() => {
    const all = [...byAsset.values()]
      .filter(({ type }) => TARGETS.has(type))
      .flatMap((endpoint) => endpoint.interfaces.map((face, at) => ({ endpoint, face, isPrimary: at === 0 })));
    return new Map(
      [...groupBy(all, ({ face }) => face.vpc)].map(([vpc, own]) => [vpc, [...groupBy(own, keyOfTarget).values()]]),
    );
  });
  return (vpc) =>
    (byVpc().get(vpc) ?? []).flatMap((members) => members.slice(0, 1).map((first) => ({ ...first, members })));
}

const keyOfTarget = ({ endpoint, face, isPrimary }: { endpoint: Endpoint; face: Interface; isPrimary: boolean }) =>
  `${endpoint.type} ${face.subnet} ${face.groups?.join() ?? '?'} ${face.refuses === undefined} ${face.unclear?.key} ${face.addresses[0]?.isRange} ${isPrimary}`;

function balancerEndpoints(world: World, { balancers }: Balancers): Endpoint[] {
  const byDescription = new Map<string, Interface[]>();
  for (const face of world.interfaces.values())
    if (face.description.startsWith('ELB ')) push(byDescription, face.description, face);
  return balancers.map((balancer) => ({
    asset: balancer.arn,
    type: 'elbv2:load-balancer',
    interfaces: balancerNodes(world, balancer, byDescription),
    isOneOf: false,
    ports: undefined,
    balancer,
  }));
}
