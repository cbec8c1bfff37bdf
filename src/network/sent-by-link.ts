import { balancerOfListener, type Condition, groupBy, onceFor, unknown } from '../model/index.js';
import { type Client, throughBalancer } from './balanced.js';
import type { Balancer, Listener } from './balancers.js';
import type { Endpoints } from './endpoints.js';
import { balancedEntry, type Entry, toExposures } from './exposures.js';
import type { Outcome } from './gate.js';
import type { Interface } from './interfaces.js';
import { ALL_ADDRESSES, NO_ADDRESSES } from './ip-set.js';
import type { LinkedTarget, LinkQuestion } from './network.js';
import { intersectPorts, portRange, type PortSet, TCP } from './port-set.js';
import type { Asker, Attempt } from './attempts.js';
import { waysTo } from './ways.js';
import type { World } from './world.js';

/** How requests come to a node of a balancer. */
type Arrival = (balancer: Balancer, node: Interface, ports: PortSet) => readonly Attempt[];

/** Who gets what API Gateway sends by a link, to whom its integration says. */
export function sentByLink(world: World, endpoints: Endpoints, { link, to }: LinkQuestion): readonly LinkedTarget[] {
  return toExposures(world, entriesOf(world, endpoints, link, to)).map(
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

function entriesOf(world: World, endpoints: Endpoints, link: string, to: LinkQuestion['to']): readonly Entry[] {
  switch (to.kind) {
    case 'listener':
      return behind(
        world,
        endpoints,
        listenersNamed(endpoints).get(to.arn) ?? listenersUnseen(endpoints, to.arn),
        byInterfaces(world, endpoints, link),
        {},
      );
    case 'balancer': {
      const found = listenersOn(endpoints, to.arn, portRange(TCP, to.port, to.port));
      return behind(world, endpoints, found, byInterfaces(world, endpoints, link), {});
    }
    case 'registry':
      return registered(world, endpoints, link, to.arn);
    case 'port': {
      const ports = portRange(TCP, to.port, to.port);
      const known = world.restLinks.get(link);
      const found = (known ?? mayBeMeant(world, endpoints, link)).flatMap((arn) => listenersOn(endpoints, arn, ports));
      const arrival = known ? byEndpointService(link) : byUnseenLink(link);
      return behind(world, endpoints, found, arrival, { isPrivateLink: true });
    }
  }
}

function behind(
  world: World,
  endpoints: Endpoints,
  found: readonly Meant[],
  arrivals: Arrival,
  how: Pick<Client, 'isPrivateLink'>,
): readonly Entry[] {
  return found.flatMap(({ balancer, listener }) =>
    (endpoints.byAsset.get(balancer.arn)?.interfaces ?? []).flatMap((node) =>
      arrivals(balancer, node, listener.ports)
        .flatMap((attempt) =>
          throughBalancer(world, endpoints, { ...balancer, listeners: [listener] }, { node, attempt, ...how }),
        )
        .flatMap(balancedEntry),
    ),
  );
}

/**
 * Tasks are asked at their own addresses, on the port that their service registers; where it registers none, on those of HTTP.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html#http-api-develop-integrations-private-Cloud-Map
 */
function registered(world: World, endpoints: Endpoints, link: string, registry: string): readonly Entry[] {
  const asker = askerOf(endpoints, link);
  const why = linkUnseen(link);
  return (registeredIn(endpoints).get(registry) ?? []).flatMap(({ endpoint, port }) =>
    (port === undefined ? HTTP_PORTS : [port])
      .map((one) => portRange(TCP, one, one))
      .flatMap((ports) =>
        endpoint.interfaces.flatMap((face) => {
          if (asker === undefined)
            return isKnownGone(world, link, face) || isShut(world, face, ports) ? [] : [possibly(face, ports, why)];
          return face.addresses.flatMap((address) =>
            waysTo(world, asker, { face, address, byPublic: false, byOwn: true }, ports),
          );
        }),
      )
      .filter(({ outcome }) => outcome.sure.length + outcome.maybe.length > 0)
      .map((attempt): Entry => ({ endpoint, attempt })),
  );
}

const HTTP_PORTS = [80, 443];

interface Meant {
  readonly balancer: Balancer;
  readonly listener: Listener;
}

/** A listener by its ARN, once for each protocol that it takes. */
const listenersNamed = onceFor(({ balancers: { balancers } }: Endpoints) => {
  const all = balancers.flatMap((balancer) => balancer.listeners.map((listener): Meant => ({ balancer, listener })));
  return groupBy(all, ({ listener }) => listener.arn);
});

/** What is registered in services of Cloud Map, by the service. */
const registeredIn = onceFor(({ byAsset }: Endpoints) => {
  const all = [...byAsset.values()].flatMap((endpoint) =>
    (endpoint.registries ?? []).map((registry) => ({ endpoint, ...registry })),
  );
  return groupBy(all, ({ arn }) => arn);
});

/** In place of a listener that was not collected, those that its balancer may have. */
function listenersUnseen(endpoints: Endpoints, listener: string): readonly Meant[] {
  const balancer = endpoints.byAsset.get(balancerOfListener(listener))?.balancer;
  return balancer?.unclear ? balancer.listeners.map((one) => ({ balancer, listener: one })) : [];
}

/** The listeners of a balancer on some ports; one that was not collected may be on any. */
function listenersOn(endpoints: Endpoints, arn: string, ports: PortSet): readonly Meant[] {
  const balancer = endpoints.byAsset.get(arn)?.balancer;
  if (!balancer) return [];
  return balancer.listeners.flatMap((listener) => {
    const own = intersectPorts(listener.ports, ports);
    return own.length === 0 ? [] : [{ balancer, listener: { ...listener, ports: own } }];
  });
}

/** From the link's own interfaces in the VPC. */
function byInterfaces(world: World, endpoints: Endpoints, link: string): Arrival {
  const asker = askerOf(endpoints, link);
  return (_, node, ports) => {
    if (asker === undefined)
      return isKnownGone(world, link, node) || isShut(world, node, ports)
        ? []
        : [possibly(node, ports, linkUnseen(link))];
    return node.addresses.flatMap((address) =>
      waysTo(world, asker, { face: node, address, byPublic: false, byOwn: true }, ports),
    );
  };
}

/** The link's interfaces; `undefined` where it was not collected, or is gone. */
function askerOf(endpoints: Endpoints, link: string): Asker | undefined {
  const faces = endpoints.byAsset.get(link)?.interfaces;
  return (
    faces && {
      outside: NO_ADDRESSES,
      faces: faces.map((face) => ({ face, addresses: face.addresses })),
      picksFace: false,
    }
  );
}

const linkUnseen = (link: string): Condition =>
  unknown(`VPC link ${link}`, 'its subnets and security groups were not collected');

/** Links are listed in the account of whom they lead to. */
const isKnownGone = ({ snapshot }: World, link: string, { account }: Interface): boolean =>
  snapshot.coverage(account, link.split(':')[3] ?? '', 'apigatewayv2', 'GetVpcLinks') === 'answered';

/** Whether an interface has groups that let in nobody at all. */
const isShut = ({ groups }: World, node: Interface, ports: PortSet): boolean =>
  node.groups !== undefined &&
  node.groups.length > 0 &&
  node.groups.every(
    (id) => groups.get(id)?.ingress.every((rule) => intersectPorts(rule.ports, ports).length === 0) ?? false,
  );

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

/** The network balancers to which a link may lead of which it was not collected where it leads: those of its region in accounts that were not asked. */
const mayBeMeant = ({ snapshot }: World, { balancers }: Endpoints, link: string): readonly string[] =>
  balancers.balancers
    .filter(({ kind, region }) => kind === 'network' && region === link.split(':')[3])
    .filter(({ account, region }) => snapshot.coverage(account, region, 'api-gateway', 'GetVpcLinks') !== 'answered')
    .map(({ arn }) => arn);

const byUnseenLink =
  (link: string): Arrival =>
  (_, node, ports) => [
    possibly(node, ports, unknown(`VPC link ${link}`, 'to which balancer it leads was not collected')),
  ];

const NOTHING: Outcome = { sure: [], maybe: [], conditions: [], evidence: [], via: [], blockers: [] };

const possibly = (node: Interface, ports: PortSet, why: Condition): Attempt =>
  arriving(node, { ...NOTHING, maybe: [{ src: ALL_ADDRESSES, dst: ALL_ADDRESSES, ports }], conditions: [why] });

const arriving = (node: Interface, outcome: Outcome): Attempt => ({
  outcome,
  destination: node.addresses[0]?.text ?? '',
  face: node.id,
  evidence: [],
});
