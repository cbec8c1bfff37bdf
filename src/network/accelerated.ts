import { type Condition, groupBy, onceFor, unknown } from '../model/index.js';
import type { Accelerated, PortPair } from './accelerators.js';
import { type Attempt, onPorts } from './attempts.js';
import { type Balanced, throughBalancer } from './balanced.js';
import type { Balancer } from './balancers.js';
import type { Endpoint, Endpoints } from './endpoints.js';
import type { Entry } from './exposures.js';
import { missingSubnet, refusal } from './face-gates.js';
import type { FlowSet } from './flow-set.js';
import { combineGates, doubtfulGate, type Gate, shutGate } from './gate.js';
import { groupGate } from './group-gate.js';
import type { Address, Interface } from './interfaces.js';
import { hasIps, INTERNET, intersectIps, type IpSet } from './ip-set.js';
import { ALL_PORTS, intersectPorts, type PortSet } from './port-set.js';
import type { World } from './world.js';

/** How an accelerator comes to one of its endpoints, on the ports that are asked there and those that clients name for them. */
interface Arrival extends PortPair {
  readonly endpoint: Endpoint;
  readonly face: Interface;
  readonly attempt: Attempt;
}

/** @param ports of instances that are asked about; all when absent */
function arrivals(world: World, endpoints: Endpoints, outside: IpSet, ports = ALL_PORTS): readonly Arrival[] {
  const clients = intersectIps(outside, INTERNET);
  if (!hasIps(clients)) return [];
  return world.accelerated.flatMap((item) => {
    const endpoint = endpoints.byAsset.get(item.endpoint) ?? endpoints.ofInstance(item.endpoint);
    if (!endpoint) return [];
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

/** What of a pair is asked on some ports. */
function among({ named, asked }: PortPair, ports: PortSet): readonly PortPair[] {
  const some = intersectPorts(asked, ports);
  if (some.length === 0) return [];
  return [named === asked ? { named: some, asked: some } : { named, asked }];
}

/** What comes to instances that are endpoints of accelerators, on their own ports. */
export const acceleratedEntries = (world: World, endpoints: Endpoints): readonly Entry[] =>
  arrivals(world, endpoints, INTERNET)
    .filter(
      ({ endpoint, attempt: { outcome } }) => !endpoint.balancer && outcome.sure.length + outcome.maybe.length > 0,
    )
    .map(({ endpoint, attempt }) => ({ endpoint, attempt }));

/** The same from some addresses to one instance, or one interface of it, on some of its ports; with the ports that the client names. */
export const acceleratedToHost = (
  world: World,
  endpoints: Endpoints,
  outside: IpSet,
  { asset, ports, face }: { readonly asset: string; readonly ports: PortSet; readonly face: string | undefined },
): Attempt[] =>
  arrivals(world, endpoints, outside, ports)
    .filter((one) => one.endpoint.asset === asset && !one.endpoint.balancer && (face ?? one.face.arn) === one.face.arn)
    .map(({ attempt, named, asked }) => naming(attempt, named, asked));

/** What comes through balancers that are endpoints of accelerators to their targets. */
export const acceleratedThrough = (world: World, endpoints: Endpoints, outside: IpSet): Balanced[] =>
  arrivals(world, endpoints, outside).flatMap(({ endpoint: { balancer }, face, attempt, named, asked }) =>
    (balancer ? throughBalancer(world, endpoints, balancer, { node: face, attempt }) : []).map((found) => ({
      ...found,
      attempt: naming(found.attempt, named, asked),
    })),
  );

/** What comes to a balancer, which answers itself, or by some target where it passes packets on. */
export const acceleratedTo = (
  world: World,
  endpoints: Endpoints,
  outside: IpSet,
  balancer: Balancer,
  ports: PortSet,
): Attempt[] =>
  arrivals(world, endpoints, outside)
    .filter(({ endpoint }) => endpoint.asset === balancer.arn)
    .flatMap(({ face, attempt: any, named, asked }) => {
      const attempt = onPorts(any, ports);
      const [own, passing] = [true, false].map((is) => balancer.listeners.filter((l) => l.answersItself === is));
      const answered = (own ?? []).map((listener) => onPorts(attempt, listener.ports));
      const passed = throughBalancer(
        world,
        endpoints,
        { ...balancer, listeners: passing ?? [] },
        { node: face, attempt },
      );
      return [...answered, ...passed.map((p) => p.attempt)].map((one) => naming(one, named, asked));
    });

/**
 * An accelerator comes to the endpoint's own address, with the client's, in a VPC that has an internet gateway: it takes no route and needs no public address,
 * and network ACLs are not asked. Groups and Block Public Access are.
 * @see https://docs.aws.amazon.com/global-accelerator/latest/dg/secure-vpc-connections.html
 * @see https://docs.aws.amazon.com/global-accelerator/latest/dg/preserve-client-ip-address.how-to-enable-preservation.html
 */
function arrive(
  world: World,
  { accelerator, name, source }: Accelerated,
  face: Interface,
  address: Address,
  clients: IpSet,
  ports: PortSet,
): Attempt {
  const src = address.family === 4 ? { v4: clients.v4, v6: [] } : { v4: [], v6: clients.v6 };
  const flows: FlowSet = [{ src, dst: address.ips, ports }];
  const subnet = world.subnets.get(face.subnet);
  const block = subnet && world.publicAccessBlock(subnet);
  const missing = missingSubnet(world, face, flows);
  const outcome = combineGates(flows, [
    ...refusal(face),
    ...(missing ? [missing] : []),
    ...(block && subnet ? [shutGate({ asset: subnet.arn, fact: block.fact })] : []),
    ...gatewayGates(world, face, flows),
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

/** Internet gateways by VPC. */
const gatewaysOf = onceFor(({ gateways }: World) => {
  const all = [...gateways.internet.values()].flatMap(({ id, vpcs }) => vpcs.map((vpc) => ({ id, vpc })));
  return groupBy(all, ({ vpc }) => vpc);
});

function gatewayGates(world: World, { account, region, vpc }: Interface, flows: FlowSet): readonly Gate[] {
  if (gatewaysOf(world).has(vpc)) return [];
  if (world.snapshot.coverage(account, region, 'ec2', 'DescribeInternetGateways') === 'answered')
    return [
      shutGate({
        asset: world.vpcs.get(vpc)?.arn ?? vpc,
        fact: 'it has no internet gateway, without which no accelerator comes in',
      }),
    ];
  const why: Condition = unknown(`internet gateway of ${vpc}`, 'whether it has one was not collected');
  return [doubtfulGate(flows, why)];
}

/** With the ports that the client names. */
function naming(attempt: Attempt, named: PortSet, asked: PortSet): Attempt {
  if (named === asked) return attempt;
  const only = onPorts(attempt, asked);
  const { sure, maybe } = only.outcome;
  const under = (flows: FlowSet): FlowSet => flows.map((flow) => ({ ...flow, ports: named }));
  return { ...only, outcome: { ...only.outcome, sure: under(sure), maybe: under(maybe) } };
}
