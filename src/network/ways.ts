import { onceFor } from '../model/index.js';
import { acceleratedThrough, acceleratedToHost } from './accelerated.js';
import { answersAt } from './balancer-answers.js';
import type { Balancer } from './balancers.js';
import { type Balanced, leadsToBalancer, throughBalancer } from './balanced.js';
import type { Endpoints } from './endpoints.js';
import { type Address, type Interface, isPublic } from './interfaces.js';
import { containsIps, hasIps, INTERNET } from './ip-set.js';
import { intersectPorts, type PortSet, unitePorts } from './port-set.js';
import { doorsTo, enterByDoor, servicesUnseen } from './private-link.js';
import { byNat64 } from './nat64.js';
import { aroundOutside, type Asker, type Attempt, fromInside, fromOutside, onCondition } from './attempts.js';
import type { World } from './world.js';

/** An address of an interface, and by which of its two names it is asked about. */
export interface Spot {
  readonly face: Interface;
  readonly address: Address;
  readonly byPublic: boolean;
  readonly byOwn: boolean;
}

/** Every way of an asker to an address of an interface. */
export function waysTo(
  world: World,
  asker: Asker,
  { face, address, byPublic, byOwn }: Spot,
  ports: PortSet,
): Attempt[] {
  const ways: Attempt[] = [];
  if (hasIps(asker.outside)) ways.push(...fromOutside(world, asker.outside, face, address, ports));
  const picked = asker.picksFace ? pickFace(world, asker, address) : undefined;
  for (const { face: from, addresses } of asker.faces) {
    if (from.id === face.id || from.asset === face.asset) continue;
    for (const source of addresses) {
      if (source.family !== address.family) {
        if (byOwn && address.family === 4) ways.push(...byNat64(world, from, source, address.ips, ports, face));
        continue;
      }
      const doubt = (attempt: Attempt, isPicked: boolean): Attempt =>
        isPicked ? attempt : onlyIfChosen(attempt, from);
      if (byOwn && source.isSeenPublic !== true) {
        const attempt = fromInside(world, from, source, face, address, ports);
        ways.push(doubt(attempt, picked === undefined || picked === from));
      }
      // An IPv6 address is the same on the internet; inside a VPC the local route takes what goes to it.
      const isAsked = address.family === 4 ? byPublic : byOwn && from.vpc !== face.vpc;
      if (isAsked && isPublic(address)) {
        const attempt = aroundOutside(world, from, source, face, address, ports);
        ways.push(doubt(attempt, picked === undefined || asker.faces[0]?.face === from));
      }
    }
  }
  return ways;
}

/**
 * The interface that a host's system sends by: the one in the destination's own subnet, else the primary one, which has the default
 * route.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/scenarios-enis.html
 */
function pickFace(world: World, asker: Asker, address: Address): Interface | undefined {
  const near = asker.faces.find(({ face }) => {
    const subnet = world.subnets.get(face.subnet);
    return subnet !== undefined && containsIps(subnet.cidrs, address.ips);
  });
  return (near ?? asker.faces[0])?.face;
}

/** Who controls the host can send by another interface, so that is no plain no. */
function onlyIfChosen(attempt: Attempt, from: Interface): Attempt {
  return onCondition(attempt, { key: 'the interface that the host sends by', operator: 'Is', values: [from.id] });
}

/** Whether a balancer's node answers: itself, or (where it passes packets on) by some target. */
export function waysToBalancer(
  world: World,
  endpoints: Endpoints,
  asker: Asker,
  spot: Spot,
  balancer: Balancer,
  ports: PortSet,
): Attempt[] {
  const listened = balancer.listeners.reduce<PortSet>((sum, l) => unitePorts(sum, l.ports), []);
  const asked = balancer.unclear === undefined ? intersectPorts(ports, listened) : ports;
  if (asked.length === 0) {
    const fact = balancer.listeners.length === 0 ? 'it has no listeners' : 'it has no listener on that port';
    const blockers = [{ asset: balancer.arn, fact }];
    const outcome = { sure: [], maybe: [], conditions: [], evidence: [], via: [], blockers };
    return [{ outcome, destination: spot.address.publicIp ?? spot.address.text, face: spot.face.id, evidence: [] }];
  }
  return waysTo(world, asker, spot, asked).flatMap((attempt) =>
    answersAt(world, endpoints, balancer, { node: spot.face, attempt }),
  );
}

/** Everything that the internet reaches through balancers and accelerators; through those that may lead to some assets, where these are given. */
export function balancedFromInternet(world: World, endpoints: Endpoints, assets?: ReadonlySet<string>): Balanced[] {
  const balancers = assets
    ? new Set([...assets].flatMap((asset) => balancersOf(endpoints, asset)))
    : new Set(endpoints.balancers.balancers);
  const asker: Asker = { outside: INTERNET, faces: [], picksFace: false };
  return [
    ...balancedFor(world, endpoints, asker, balancers, isPublic),
    ...acceleratedThrough(world, endpoints, INTERNET, balancers),
  ];
}

/** Everything that an asker reaches through some balancers. */
function balancedFor(
  world: World,
  endpoints: Endpoints,
  asker: Asker,
  balancers: Iterable<Balancer>,
  isAsked: (address: Address) => boolean = () => true,
): Balanced[] {
  const found: Balanced[] = [];
  for (const balancer of balancers) {
    const endpoint = endpoints.byAsset.get(balancer.arn);
    if (endpoint === undefined || balancer.kind === 'gateway') continue;
    const ports = balancer.listeners.reduce<PortSet>((sum, l) => unitePorts(sum, l.ports), []);
    if (ports.length === 0) continue;
    for (const node of endpoint.interfaces)
      for (const address of node.addresses.filter(isAsked))
        for (const attempt of waysTo(world, asker, { face: node, address, byPublic: true, byOwn: true }, ports))
          found.push(
            ...throughBalancer(world, endpoints, balancer, {
              node,
              attempt,
            }),
          );
    for (const door of doorsTo(world, endpoints, balancer.arn))
      for (const address of door.face.addresses.filter(isAsked))
        for (const attempt of waysTo(world, asker, { face: door.face, address, byPublic: true, byOwn: true }, ports)) {
          const entered = enterByDoor(world, balancer, door, attempt);
          const client = { node: door.node, attempt: entered, isPrivateLink: true } as const;
          found.push(...throughBalancer(world, endpoints, balancer, client));
        }
  }
  return found;
}

/** What an asker reaches through balancers that may be behind services which were not collected. */
function balancedByUnseen(world: World, endpoints: Endpoints, asker: Asker, wanted: string): Balanced[] {
  return balancersOf(endpoints, wanted).flatMap((balancer) => {
    const ports = balancer.listeners.reduce<PortSet>((sum, l) => unitePorts(sum, l.ports), []);
    const nodes = endpoints.byAsset.get(balancer.arn)?.interfaces ?? [];
    return servicesUnseen(world, endpoints, balancer).flatMap(({ unclear, doors }) =>
      doors.flatMap(({ endpoint, face }) =>
        face.addresses.flatMap((address) =>
          waysTo(world, asker, { face, address, byPublic: false, byOwn: true }, ports).flatMap((attempt) =>
            nodes.flatMap((node) => {
              const door = { endpoint, face, node, service: undefined };
              const entered = enterByDoor(world, balancer, door, onCondition(attempt, unclear));
              return throughBalancer(world, endpoints, balancer, { node, attempt: entered, isPrivateLink: true });
            }),
          ),
        ),
      ),
    );
  });
}

/** The balancers that have an asset among their targets, directly or behind another balancer; those too whose targets are not known. */
const balancersOf = (endpoints: Endpoints, asset: string): readonly Balancer[] => targetIndex(endpoints)(asset);

const targetIndex = onceFor((endpoints: Endpoints): ((asset: string) => readonly Balancer[]) => {
  const byTarget = new Map<string, Set<Balancer>>();
  const ofAny: Balancer[] = [];
  const { balancers, groups } = endpoints.balancers;
  for (const balancer of balancers) {
    const mine = balancer.listeners.flatMap((l) => l.forwards.flatMap((f) => groups.get(f.group) ?? []));
    if (mine.some((group) => group.targets === undefined || leadsToBalancer(endpoints, group))) ofAny.push(balancer);
    for (const { id } of mine.flatMap(({ targets }) => targets ?? []))
      byTarget.set(id, (byTarget.get(id) ?? new Set()).add(balancer));
  }
  const order = new Map(balancers.map((balancer, index) => [balancer, index]));
  return (asset) => {
    const addresses = endpoints.byAsset.get(asset)?.interfaces.flatMap((f) => f.addresses.map((a) => a.text)) ?? [];
    const names = [asset, asset.split('/').at(-1) as string, ...addresses];
    const found = new Set([...ofAny, ...names.flatMap((name) => [...(byTarget.get(name) ?? [])])]);
    return [...found].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  };
});

/** The ways to an asset (or one interface of it) through balancers and accelerators, where the asset's own ports are among those asked about. */
export function waysThrough(
  world: World,
  endpoints: Endpoints,
  asker: Asker,
  asset: string,
  ports: PortSet,
  face?: string,
): Attempt[] {
  const balancers = new Set(balancersOf(endpoints, asset));
  const found = [
    ...balancedFor(world, endpoints, asker, balancers),
    ...acceleratedThrough(world, endpoints, asker.outside, balancers),
  ];
  return [
    ...attemptsOn(found, asset, ports, face),
    ...acceleratedToHost(world, endpoints, asker.outside, { asset, ports, face }),
  ];
}

/** The same through balancers that may be behind endpoint services which were not collected; those ways that may lead there alone. */
export function waysThroughUnseen(
  world: World,
  endpoints: Endpoints,
  asker: Asker,
  asset: string,
  ports: PortSet,
  face?: string,
): Attempt[] {
  if (asker.outside === INTERNET) return [];
  const found = attemptsOn(balancedByUnseen(world, endpoints, asker, asset), asset, ports, face);
  return found.filter(({ outcome }) => outcome.maybe.length > 0);
}

const attemptsOn = (found: readonly Balanced[], asset: string, ports: PortSet, face: string | undefined): Attempt[] =>
  found
    .filter((b) => b.target.asset === asset && (face === undefined || b.target.face === face))
    .filter((b) => intersectPorts(b.targetPorts, ports).length > 0)
    .map((b) => b.attempt);
