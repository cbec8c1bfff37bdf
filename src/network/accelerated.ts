import { groupBy, once, onceForBoth, unknown } from '../model/index.js';
import { type Accelerated, acceleratorEndpoints, isKnownWhereTo, type PortPair } from './accelerators.js';
import { type Attempt, onPorts } from './attempts.js';
import { type Balanced, throughBalancer } from './balanced.js';
import { answersAt } from './balancer-answers.js';
import type { Balancer } from './balancers.js';
import type { Endpoint, Endpoints } from './endpoints.js';
import type { Entry } from './exposures.js';
import { gatewayGates, missingSubnet, publicAccessGates, refusal } from './face-gates.js';
import type { FlowSet } from './flow-set.js';
import { combineGates, doubtfulGate } from './gate.js';
import { groupGate } from './group-gate.js';
import type { Address, Interface } from './interfaces.js';
import { hasIps, INTERNET, intersectIps, type IpSet, ofFamily } from './ip-set.js';
import { ALL_PORTS, intersectPorts, type PortSet } from './port-set.js';
import type { World } from './world.js';

/** How an accelerator comes to one of its endpoints, on the ports that are asked there and those that clients name for them. */
interface Arrival extends PortPair {
  readonly endpoint: Endpoint;
  readonly face: Interface;
  readonly attempt: Attempt;
}

/** What is asked of accelerators: who asks, at which of their ends, and on which ports of instances; on all when absent. */
interface Asked {
  readonly outside: IpSet;
  readonly ends: Iterable<End>;
  readonly ports?: PortSet;
}

/** An endpoint that an accelerator leads to. */
interface End {
  readonly item: Accelerated;
  readonly endpoint: Endpoint;
}

/** What accelerators lead to, or may, by asset. */
const endsByAsset = onceForBoth((world: World, endpoints: Endpoints): ReadonlyMap<string, readonly End[]> => {
  const all = [...world.accelerated, ...possiblyAccelerated(world, endpoints)].flatMap((item): readonly End[] => {
    const endpoint = endpoints.byAsset.get(item.endpoint) ?? endpoints.ofInstance(item.endpoint);
    return endpoint ? [{ item, endpoint }] : [];
  });
  return groupBy(all, ({ endpoint }) => endpoint.asset);
});

function arrivals(world: World, { outside, ends, ports = ALL_PORTS }: Asked): readonly Arrival[] {
  const clients = intersectIps(outside, INTERNET);
  if (!hasIps(clients)) return [];
  return [...ends].flatMap(({ item, endpoint }) => {
    // An instance is asked at its primary interface.
    const faces = endpoint.balancer ? endpoint.interfaces : endpoint.interfaces.slice(0, 1);
    return faces.flatMap((face) =>
      face.addresses
        .filter(({ family }) => family === 4 || item.isDual)
        .flatMap((address) =>
          (endpoint.balancer ? item.ports : item.ports.flatMap((pair) => among(pair, ports))).map((pair) => {
            const attempt = arrive(world, item, face, address, clients, pair.asked);
            return { endpoint, face, attempt, ...pair };
          }),
        ),
    );
  });
}

/**
 * Accelerators have an interface in each subnet with an endpoint that sees its clients' addresses. Where there is one, and it was not collected what they lead
 * to, that may be anything in the subnet. So it is where none of those that were collected leads there: then it is another account's, to which the owner
 * of the endpoint has given leave.
 * @see https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoints.sipp-caveats.html
 * @see https://docs.aws.amazon.com/global-accelerator/latest/dg/cross-account-resources.html
 */
const possiblyAccelerated = onceForBoth((world: World, endpoints: Endpoints): readonly Accelerated[] => {
  const unclear = new Map<string, Interface>();
  const known = once(() => subnetsOfEndpoints(world, endpoints));
  for (const face of world.interfaces.values())
    if (face.kind === 'global_accelerator_managed')
      if (!isKnownWhereTo(world.snapshot, face.account) || !known().has(face.subnet)) unclear.set(face.subnet, face);
  if (unclear.size === 0) return [];
  return [...endpoints.byAsset.values()]
    .filter(({ type, balancer }) => type === 'ec2:instance' || balancer !== undefined)
    .flatMap(({ asset, interfaces }) => {
      const by = interfaces.flatMap(({ subnet }) => unclear.get(subnet) ?? [])[0];
      if (!by) return [];
      const why = unknown(
        `accelerators of ${by.account}`,
        `whether that of ${by.id}, which may be another account's, leads to ${asset} was not collected`,
      );
      const ports = [{ named: ALL_PORTS, asked: ALL_PORTS }];
      return [
        { accelerator: by.arn, name: by.id, isDual: true, endpoint: asset, ports, unclear: why, source: by.source },
      ];
    });
});

/** The subnets with an endpoint of an accelerator that was collected. */
const subnetsOfEndpoints = ({ snapshot }: World, endpoints: Endpoints): ReadonlySet<string> =>
  new Set(
    acceleratorEndpoints(snapshot).flatMap((id) =>
      ((endpoints.byAsset.get(id) ?? endpoints.ofInstance(id))?.interfaces ?? []).map(({ subnet }) => subnet),
    ),
  );

/** What of a pair is asked on some ports. */
function among({ named, asked }: PortPair, ports: PortSet): readonly PortPair[] {
  const some = intersectPorts(asked, ports);
  if (some.length === 0) return [];
  return [named === asked ? { named: some, asked: some } : { named, asked }];
}

/** What comes to instances that are endpoints of accelerators, on their own ports; to some of them, where these are given. */
export function acceleratedEntries(world: World, endpoints: Endpoints, assets?: ReadonlySet<string>): readonly Entry[] {
  const byAsset = endsByAsset(world, endpoints);
  const ends = [...(assets ?? byAsset.keys())].flatMap((asset) => byAsset.get(asset) ?? []);
  return arrivals(world, { outside: INTERNET, ends: ends.filter(({ endpoint }) => !endpoint.balancer) })
    .filter(({ attempt: { outcome } }) => outcome.sure.length + outcome.maybe.length > 0)
    .map(({ endpoint, attempt }) => ({ endpoint, attempt }));
}

/** The same from some addresses to one instance, or one interface of it, on some of its ports; with the ports that the client names. */
export function acceleratedToHost(
  world: World,
  endpoints: Endpoints,
  outside: IpSet,
  { asset, ports, face }: { readonly asset: string; readonly ports: PortSet; readonly face: string | undefined },
): Attempt[] {
  const ends = (endsByAsset(world, endpoints).get(asset) ?? []).filter(({ endpoint }) => !endpoint.balancer);
  return arrivals(world, { outside, ends, ports })
    .filter((one) => (face ?? one.face.arn) === one.face.arn)
    .map(({ attempt, named, asked }) => naming(attempt, named, asked));
}

/** What comes through balancers that are endpoints of accelerators to their targets. */
export function acceleratedThrough(
  world: World,
  endpoints: Endpoints,
  outside: IpSet,
  balancers: Iterable<Balancer>,
): Balanced[] {
  const ends = [...balancers].flatMap(({ arn }) => endsByAsset(world, endpoints).get(arn) ?? []);
  return arrivals(world, { outside, ends }).flatMap(({ endpoint: { balancer }, face, attempt, named, asked }) =>
    (balancer ? throughBalancer(world, endpoints, balancer, { node: face, attempt }) : []).map((found) => ({
      ...found,
      attempt: naming(found.attempt, named, asked),
    })),
  );
}

/** What comes to a balancer, which answers itself, or by some target where it passes packets on. */
export function acceleratedTo(
  world: World,
  endpoints: Endpoints,
  outside: IpSet,
  balancer: Balancer,
  ports: PortSet,
): Attempt[] {
  const ends = endsByAsset(world, endpoints).get(balancer.arn) ?? [];
  return arrivals(world, { outside, ends }).flatMap(({ face, attempt, named, asked }) =>
    answersAt(world, endpoints, balancer, { node: face, attempt: onPorts(attempt, ports) }).map((one) =>
      naming(one, named, asked),
    ),
  );
}

/**
 * An accelerator comes to the endpoint's own address, with the client's, in a VPC that has an internet gateway: it takes no route and needs no public address,
 * and network ACLs are not asked. Groups and Block Public Access are.
 * @see https://docs.aws.amazon.com/global-accelerator/latest/dg/secure-vpc-connections.html
 * @see https://docs.aws.amazon.com/global-accelerator/latest/dg/preserve-client-ip-address.how-to-enable-preservation.html
 */
function arrive(
  world: World,
  { accelerator, name, unclear, source }: Accelerated,
  face: Interface,
  address: Address,
  clients: IpSet,
  ports: PortSet,
): Attempt {
  const src = ofFamily(clients, address.family);
  const flows: FlowSet = [{ src, dst: address.ips, ports }];
  const subnet = world.subnets.get(face.subnet);
  const missing = missingSubnet(world, face, flows);
  const outcome = combineGates(flows, [
    ...refusal(face),
    ...(missing ? [missing] : []),
    ...(unclear ? [doubtfulGate(flows, unclear)] : []),
    ...(subnet ? publicAccessGates(world, subnet, flows) : []),
    ...gatewayGates(world, face, flows, 'no accelerator comes in'),
    groupGate(world, face, 'ingress', flows, []),
  ]);
  const evidence = { asset: accelerator, fact: `it leads to ${face.asset.split('/').at(-1)}`, source };
  return {
    outcome: { ...outcome, via: [accelerator, ...outcome.via] },
    destination: `accelerator ${name}`,
    face: face.id,
    evidence: [evidence],
  };
}

/** With the ports that the client names. */
function naming(attempt: Attempt, named: PortSet, asked: PortSet): Attempt {
  if (named === asked) return attempt;
  const only = onPorts(attempt, asked);
  const { sure, maybe } = only.outcome;
  const under = (flows: FlowSet): FlowSet => flows.map((flow) => ({ ...flow, ports: named }));
  return { ...only, outcome: { ...only.outcome, sure: under(sure), maybe: under(maybe) } };
}
