import { unknown } from '../model/index.js';
import { throughBalancer } from './balanced.js';
import type { Balancer, Listener } from './balancers.js';
import type { Endpoints } from './endpoints.js';
import { balancedEntry, toExposures } from './exposures.js';
import type { Outcome } from './gate.js';
import type { Interface } from './interfaces.js';
import { ALL_ADDRESSES, NO_ADDRESSES } from './ip-set.js';
import type { LinkedTarget, LinkQuestion } from './network.js';
import { intersectPorts, portRange, type PortSet, TCP } from './port-set.js';
import type { Asker, Attempt } from './reach.js';
import { waysTo } from './ways.js';
import type { World } from './world.js';

/** How requests come to a node of a balancer. */
type Arrival = (balancer: Balancer, node: Interface, ports: PortSet) => readonly Attempt[];

/** Who gets what API Gateway sends by a link to a listener: behind a listener that is named, or behind that of a link of REST APIs on a port. */
export function sentByLink(world: World, endpoints: Endpoints, { link, to }: LinkQuestion): readonly LinkedTarget[] {
  const found =
    typeof to === 'string'
      ? listenersNamed(endpoints, to)
      : (world.restLinks.get(link) ?? []).flatMap((arn) => listenersOn(endpoints, arn, portRange(TCP, to, to)));
  const arrivals = typeof to === 'string' ? byInterfaces(world, endpoints, link) : byEndpointService(link);
  const entries = found.flatMap(({ balancer, listener }) =>
    (endpoints.byAsset.get(balancer.arn)?.interfaces ?? []).flatMap((node) =>
      arrivals(balancer, node, listener.ports).flatMap((attempt) => {
        const isPrivateLink = typeof to === 'string' ? {} : { isPrivateLink: true as const };
        return throughBalancer(
          world,
          endpoints,
          { ...balancer, listeners: [listener] },
          { node, attempt, ...isPrivateLink },
        );
      }),
    ),
  );
  return toExposures(world, entries.flatMap(balancedEntry)).map(
    ({ asset, type, ports, via, verdict, conditions, evidence }) => ({
      asset,
      type,
      ports,
      via: [link, ...via],
      verdict,
      conditions,
      evidence,
    }),
  );
}

interface Meant {
  readonly balancer: Balancer;
  readonly listener: Listener;
}

const byArn = new WeakMap<Endpoints, ReadonlyMap<string, readonly Meant[]>>();

/** A listener, once for each protocol that it takes. */
function listenersNamed(endpoints: Endpoints, arn: string): readonly Meant[] {
  const known = byArn.get(endpoints) ?? indexListeners(endpoints);
  byArn.set(endpoints, known);
  return known.get(arn) ?? [];
}

function indexListeners({ balancers: { balancers } }: Endpoints): ReadonlyMap<string, readonly Meant[]> {
  const index = new Map<string, Meant[]>();
  for (const balancer of balancers)
    for (const listener of balancer.listeners) {
      if (listener.arn === undefined) continue;
      const known = index.get(listener.arn);
      if (known) known.push({ balancer, listener });
      else index.set(listener.arn, [{ balancer, listener }]);
    }
  return index;
}

const listenersOn = (endpoints: Endpoints, arn: string, ports: PortSet): readonly Meant[] => {
  const balancer = endpoints.byAsset.get(arn)?.balancer;
  const isOn = (listener: Listener): boolean => listener.ports.join() === ports.join();
  return (balancer?.listeners ?? []).filter(isOn).map((listener) => ({ balancer: balancer as Balancer, listener }));
};

/** From the link's own interfaces in the VPC. */
function byInterfaces(world: World, endpoints: Endpoints, link: string): Arrival {
  const faces = endpoints.byAsset.get(link)?.interfaces;
  if (faces === undefined) {
    const why = unknown(`VPC link ${link}`, 'its subnets and security groups were not collected');
    return ({ account, region }, node, ports) =>
      world.snapshot.coverage(account, region, 'apigatewayv2', 'GetVpcLinks') === 'answered' ||
      isShut(world, node, ports)
        ? []
        : [possibly(node, ports, why)];
  }
  const asker: Asker = {
    outside: NO_ADDRESSES,
    faces: faces.map((face) => ({ face, addresses: face.addresses })),
    picksFace: false,
  };
  return (_, node, ports) =>
    node.addresses.flatMap((address) =>
      waysTo(world, asker, { face: node, address, byPublic: false, byOwn: true }, ports),
    );
}

/** Whether the groups of an interface let in nobody at all. */
const isShut = ({ groups }: World, node: Interface, ports: PortSet): boolean =>
  node.groups?.every(
    (id) => groups.get(id)?.ingress.every((rule) => intersectPorts(rule.ports, ports).length === 0) ?? false,
  ) ?? false;

/**
 * A link of REST APIs is an endpoint of a service in front of the balancer, made by API Gateway: by which addresses it comes is not known.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-nlb-for-vpclink-using-console.html
 */
const byEndpointService =
  (link: string): Arrival =>
  (balancer, node, ports) =>
    balancer.guardsPrivateLink && balancer.groups.length > 0
      ? [
          possibly(
            node,
            ports,
            unknown(`groups of ${balancer.arn}`, `whether they let in what comes by ${link} is not in the API`),
          ),
        ]
      : [arriving(node, { ...NOTHING, sure: [{ src: ALL_ADDRESSES, dst: ALL_ADDRESSES, ports }] })];

const NOTHING: Outcome = { sure: [], maybe: [], conditions: [], evidence: [], via: [], blockers: [] };

const possibly = (node: Interface, ports: PortSet, why: Outcome['conditions'][number]): Attempt =>
  arriving(node, { ...NOTHING, maybe: [{ src: ALL_ADDRESSES, dst: ALL_ADDRESSES, ports }], conditions: [why] });

const arriving = (node: Interface, outcome: Outcome): Attempt => ({
  outcome,
  destination: node.addresses[0]?.text ?? '',
  face: node.id,
  evidence: [],
});
