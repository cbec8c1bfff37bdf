import { byKey, type Condition, EXIT, once, sortedUnique, unknown, UserError } from '../model/index.js';
import type { Snapshot } from '../snapshot/index.js';
import { type Endpoint, type Endpoints, readEndpoints } from './endpoints.js';
import { balancedEntries, directEntries, toExposures } from './exposures.js';
import { INTERNET, intersectIps, type IpSet, hasIps, NO_ADDRESSES, parseIpSet, subtractIps } from './ip-set.js';
import type { Interface } from './interfaces.js';
import { findLinks, isOfType } from './links.js';
import type { Blocker, Network, NetworkLink, ReachAnswer, ReachQuestion, Surroundings } from './network.js';
import { openNetwork } from './opened-network.js';
import { waysOut } from './outward.js';
import { formatPorts, intersectPorts } from './port-set.js';
import { answerOf, type Asker, type Attempt, holdersOf, readPorts } from './reach.js';
import { sentByLink } from './sent-by-link.js';
import { narrowAcls, surroundingsOf } from './surroundings.js';
import { type Spot, waysThrough, waysThroughUnseen, waysTo, waysToBalancer } from './ways.js';
import { readWorld, type World } from './world.js';

/** Builds the reachability engine over a snapshot. Reading is done once; answers are worked out when asked. */
export function buildNetwork(snapshot: Snapshot): Network {
  const world = readWorld(snapshot);
  const endpoints = readEndpoints(world);
  const links = new Map<string, readonly NetworkLink[]>();
  const surroundings = new Map<string, Surroundings>();
  return {
    reach: (question) => reach(world, endpoints, question),
    knows: (asset) => endpoints.byAsset.has(asset) || endpoints.ofInterface(asset) !== undefined,
    exposures: once(() =>
      toExposures(world, [...directEntries(world, endpoints), ...balancedEntries(world, endpoints)]),
    ),
    links: ({ targetTypes } = {}) => {
      const key = targetTypes?.join() ?? '';
      const known = links.get(key) ?? findLinks(world, endpoints, isOfType(endpoints, targetTypes));
      links.set(key, known);
      return known;
    },
    sentByLink: (question) => sentByLink(world, endpoints, question),
    surroundings: (asset) => {
      const endpoint = endpoints.byAsset.get(asset);
      const found = surroundings.get(asset) ?? (endpoint && surroundingsOf(world, endpoint));
      if (found) surroundings.set(asset, found);
      return found;
    },
    narrowAcls: once(() => narrowAcls(world)),
    opened: (opening) => openNetwork(world, endpoints, opening),
  };
}

interface Target {
  readonly endpoint: Endpoint | undefined;
  readonly pairs: readonly Spot[];
  /** The addresses asked about, where it is not an asset. */
  readonly ips: IpSet;
}

function reach(world: World, endpoints: Endpoints, question: ReachQuestion): ReachAnswer {
  const asker = readAsker(endpoints, question.from);
  const target = readTarget(endpoints, question.to);
  const asked = readPorts(question.port);
  const listening = target.endpoint?.ports;
  const ports = listening === undefined ? asked : intersectPorts(asked, listening);
  const isInternet = question.from === 'internet';
  if (target.endpoint === undefined && target.pairs.length === 0) {
    if (asker.faces.length === 0) throw new UserError(`no interface in the snapshot holds ${question.to}`, EXIT.usage);
    return answerOf(world, question, waysOut(world, endpoints, asker, target.ips, ports), undefined, false);
  }
  const stopped = (blockers: readonly Blocker[]): ReachAnswer => ({
    from: question.from,
    to: question.to,
    verdict: 'no',
    allowed: [],
    blockedBy: blockers,
    conditions: [],
  });
  if (target.endpoint?.absent !== undefined) return stopped([target.endpoint.absent]);
  if (ports.length === 0 && target.endpoint !== undefined)
    return stopped([
      { asset: target.endpoint.asset, fact: `it listens on ${formatPorts(listening ?? []).join(', ')} only` },
    ]);
  if (question.from === question.to)
    return stopped([{ asset: question.to, fact: 'it is the same asset: nothing crosses the network' }]);
  const attempts: Attempt[] = [];
  for (const pair of target.pairs) {
    const balancer = endpoints.ofInterface(pair.face.arn)?.balancer ?? endpoints.byAsset.get(pair.face.asset)?.balancer;
    if (balancer === undefined) attempts.push(...waysTo(world, asker, pair, ports));
    else attempts.push(...waysToBalancer(world, endpoints, asker, pair, balancer, ports));
  }
  const isWhole = target.endpoint?.asset === question.to;
  const isInterface = target.endpoint !== undefined && target.pairs[0]?.face.arn === question.to;
  if (target.endpoint?.balancer === undefined && (isWhole || isInterface))
    attempts.push(
      ...waysThrough(
        world,
        endpoints,
        asker,
        target.endpoint?.asset ?? question.to,
        ports,
        isWhole ? undefined : question.to,
      ),
    );
  if (attempts.length === 0)
    return stopped([
      {
        asset: target.endpoint?.asset ?? question.to,
        fact: 'the two ends have no addresses of one family, or no interfaces',
      },
    ]);
  const answering = isWhole ? target.endpoint : single(target.endpoint);
  const answer = answerOf(world, question, attempts, answering, isInternet);
  if (answer.verdict !== 'no') return answer;
  const possible =
    target.endpoint && target.endpoint.balancer === undefined && (isWhole || isInterface)
      ? waysThroughUnseen(world, endpoints, asker, target.endpoint.asset, ports, isWhole ? undefined : question.to)
      : [];
  if (possible.length > 0) return answerOf(world, question, [...attempts, ...possible], answering, isInternet);
  const unseen = unseenBalancers(world, endpoints, target.pairs);
  return unseen.length === 0 ? answer : { ...answer, verdict: 'unknown', blockedBy: [], conditions: unseen };
}

const LISTED_BY = ['elastic-load-balancing-v2', 'elastic-load-balancing'] as const;

/**
 * Where the load balancers of a place were not listed, there may be one that leads to what its groups let anything in to: AWS refused, or nobody
 * asked and an interface of one is there.
 */
function unseenBalancers(world: World, endpoints: Endpoints, spots: readonly Spot[]): readonly Condition[] {
  const isOpen = ({ kind, groups, refuses }: Interface): boolean =>
    refuses === undefined &&
    (kind === 'instance' || kind === 'interface') &&
    (groups ?? ['']).some((id) => (world.groups.get(id)?.ingress.length ?? 1) > 0);
  const places = spots
    .filter(({ face }) => isOpen(face))
    .flatMap(({ face: { account, region, vpc } }) =>
      LISTED_BY.filter((service) => {
        const coverage = world.snapshot.coverage(account, region, service, 'DescribeLoadBalancers');
        return (
          coverage === 'gap' || (coverage === 'missing' && facesOfUnlisted(world, endpoints).has(`${vpc} ${service}`))
        );
      }).map((service) => `${account} ${region} ${service}`),
    );
  return sortedUnique(places).map((place) =>
    unknown(`load balancers (${place})`, 'DescribeLoadBalancers was not answered'),
  );
}

const unlisted = new WeakMap<Endpoints, ReadonlySet<string>>();

/** VPCs with an interface of a load balancer that is not listed, each with the service that would list it. */
function facesOfUnlisted(world: World, endpoints: Endpoints): ReadonlySet<string> {
  const known = unlisted.get(endpoints);
  if (known) return known;
  const made = new Set<string>();
  for (const face of world.interfaces.values()) {
    if (!face.description.startsWith('ELB ')) continue;
    if (endpoints.ofInterface(face.arn)?.balancer !== undefined) continue;
    // Those of the second generation are described by kind, name and id.
    made.add(`${face.vpc} ${LISTED_BY[face.description.includes('/') ? 0 : 1]}`);
  }
  unlisted.set(endpoints, made);
  return made;
}

/** A question about one address is about one place. */
const single = (endpoint: Endpoint | undefined): Endpoint | undefined =>
  endpoint === undefined ? undefined : { ...endpoint, isOneOf: false };

function readAsker(endpoints: Endpoints, from: string): Asker {
  if (from === 'internet') return { outside: INTERNET, faces: [], picksFace: false };
  const ips = parseIpSet(from);
  if (ips !== undefined) {
    const held = holdersOf(endpoints, ips).filter(({ face }) => face.isSilent === undefined);
    const faces = held.map(({ face, addresses }) => ({
      face,
      addresses: addresses.map((a) => ({ ...a, isSeenPublic: !hasIps(intersectIps(a.ips, ips)) })),
    }));
    const names = held.flatMap(({ addresses }) =>
      addresses.flatMap((a) => [a.ips, parseIpSet(a.publicIp ?? '') ?? NO_ADDRESSES]),
    );
    return { outside: names.reduce<IpSet>(subtractIps, ips), faces, picksFace: false };
  }
  const endpoint = endpoints.byAsset.get(from) ?? endpoints.ofInterface(from);
  if (endpoint === undefined)
    throw new UserError(`"${from}" is not in the snapshot, nor an address, a CIDR or "internet"`, EXIT.usage);
  const faces = endpoint.asset === from ? endpoint.interfaces : endpoint.interfaces.filter((f) => f.arn === from);
  return {
    outside: NO_ADDRESSES,
    faces: faces.map((face) => ({ face, addresses: face.addresses })),
    picksFace: endpoint.asset === from && faces.length > 1 && endpoint.type === 'ec2:instance',
  };
}

function readTarget(endpoints: Endpoints, to: string): Target {
  if (to === 'internet') return { endpoint: undefined, pairs: [], ips: INTERNET };
  const endpoint = endpoints.byAsset.get(to) ?? endpoints.ofInterface(to);
  if (endpoint !== undefined) {
    const faces = endpoint.asset === to ? endpoint.interfaces : endpoint.interfaces.filter((f) => f.arn === to);
    return {
      endpoint,
      ips: NO_ADDRESSES,
      pairs: faces.flatMap((face) => face.addresses.map((address) => ({ face, address, byPublic: true, byOwn: true }))),
    };
  }
  const ips = parseIpSet(to);
  if (ips === undefined) throw new UserError(`"${to}" is not in the snapshot, nor an address`, EXIT.usage);
  const pairs = holdersOf(endpoints, ips).flatMap(({ face, addresses }) =>
    addresses.map((address) => ({
      face,
      address,
      byOwn: hasIps(intersectIps(address.ips, ips)),
      byPublic:
        address.publicIp !== undefined && hasIps(intersectIps(parseIpSet(address.publicIp) ?? NO_ADDRESSES, ips)),
    })),
  );
  const first = pairs[0];
  return {
    ips,
    endpoint: first === undefined ? undefined : endpoints.ofInterface(first.face.arn),
    pairs: [...pairs].sort(byKey((p) => p.face.id)),
  };
}
