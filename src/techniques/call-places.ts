import type { ContextValues } from '../iam/index.js';
import { byKey, groupBy, parseArn } from '../model/index.js';
import { type CallRoute, NETWORK_KEYS, routesFrom, routeUnseen } from './call-routes.js';
import { EACH, fact } from './fact.js';
import { THROUGH } from './permission-labels.js';
import type { ChangedWorld } from './requirement.js';
import type { Emit } from './technique.js';
import type { World } from './world.js';

type Place = Pick<World, 'graph' | 'network' | 'iam'>;

/** Hosts from which a call looks the same to every policy. */
export interface CallPlace {
  readonly world: ChangedWorld;
  /** Whether a resource can be called from there. */
  serves(resource: string): boolean;
}

const HOSTS = ['ec2:instance', 'lambda:function'];

/**
 * The places that policies tell apart from which an intruder on a host can call AWS, each as a world in which it is known from where calls
 * come; it takes running code on one of its hosts. None where no policy asks from where.
 */
export function findCallPlaces(place: Place, emit: Emit): readonly CallPlace[] {
  if (!place.iam.looksAt(NETWORK_KEYS)) return [];
  const everybody = place.iam.principals.map(({ id }) => id);
  const found = HOSTS.flatMap((type) => place.graph.assetsOfType(type)).flatMap(({ id: host }) =>
    variantsOf(place, host).map((variant) => ({ host, ...variant })),
  );
  const classes = [...groupBy(found, (one) => one.likeness).values()].sort(byKey((same) => same[0]?.host ?? ''));
  return classes.flatMap((same, index) => {
    const [first] = same;
    if (!first) return [];
    const hosts = [...new Set(same.map(({ host }) => host))];
    const called = fact('may', `call from ${first.host} and its like (${index})`);
    emit({ head: called, body: [fact('exec', EACH)], each: hosts, cost: 0, label: THROUGH });
    const { routes, role } = first;
    const regions = routes.every(({ region }) => region !== undefined) ? routes.flatMap((r) => r.region ?? []) : [];
    const world: ChangedWorld = {
      name: `calls from ${first.host} (${index})`,
      iam: place.iam,
      principals: role === undefined ? everybody : [role],
      needs: () => [called],
      contextFor: (action) => contextFor(routes, action, role !== undefined),
    };
    return [{ world, serves: (resource) => regions.length === 0 || isIn(regions, resource) }];
  });
}

interface Variant {
  readonly routes: readonly CallRoute[];
  /** Whose credentials are used: the host's own role's, which say so; anybody's when absent. */
  readonly role: string | undefined;
  readonly likeness: string;
}

/** Through the endpoints, and by the internet; each with any credentials, and with those of the host's own role. */
function variantsOf(place: Place, host: string): readonly Variant[] {
  const routes = routesFrom(place, host);
  const inside = routes.filter(({ service }) => service !== undefined);
  const outside = routes.filter(({ service }) => service === undefined);
  const role = roleOf(place, host);
  const ways = [inside, outside.length > 0 ? [...outside, ...inside.filter((route) => route.isForced)] : []];
  return ways
    .filter((way) => way.length > 0)
    .flatMap((way) =>
      [undefined, ...(role === undefined ? [] : [role])].map((own) => ({
        routes: way,
        role: own,
        likeness: JSON.stringify([own ?? '', way.map((route) => describe(place, route, own !== undefined))]),
      })),
    );
}

const describe = ({ iam }: Place, route: CallRoute, isOwn: boolean): readonly (string | boolean)[] => [
  route.service ?? '',
  route.region ?? '',
  route.isForced === true,
  iam.likenessOf(isOwn ? { ...route.network, ...route.own } : route.network),
];

/** What calls of an action that a principal signs on a host carry, on each way that there is. */
export function callContexts(place: Place, host: string, action: string, principal: string): readonly ContextValues[] {
  const isOwn = roleOf(place, host) === principal;
  const routes = routesFrom(place, host);
  const service = action.slice(0, action.indexOf(':')).toLowerCase();
  const serving = routes.filter((route) => route.service === service);
  const ways = [...serving, ...(serving.some((r) => r.isForced) ? [] : routes.filter((r) => r.service === undefined))];
  return ways.map(({ network, own }) => (isOwn ? { ...network, ...own } : network));
}

/** What a call that a principal signs on a host carries through a VPC endpoint of which nothing is known; `undefined` where it is in no VPC. */
export function unseenContext(place: Place, host: string, principal: string): ContextValues | undefined {
  const route = routeUnseen(place, host);
  return route && (roleOf(place, host) === principal ? { ...route.network, ...route.own } : route.network);
}

function roleOf({ graph }: Place, host: string): string | undefined {
  const [direct] = graph.outgoing(host, 'runs-as');
  if (direct) return direct.to;
  const [profile] = graph.outgoing(host, 'uses-instance-profile');
  return profile && graph.outgoing(profile.to, 'contains-role')[0]?.to;
}

/** What a call of an action carries; `undefined` where none of the routes takes it. */
function contextFor(routes: readonly CallRoute[], action: string, isOwn: boolean): ContextValues | undefined {
  const route = routeOf(routes, action.slice(0, action.indexOf(':')).toLowerCase());
  return route && (isOwn ? { ...route.network, ...route.own } : route.network);
}

/** An endpoint of the service goes before the internet where it is in the routes, since it was chosen or is forced. */
const routeOf = (routes: readonly CallRoute[], service: string): CallRoute | undefined =>
  routes.find((route) => route.service === service) ?? routes.find((route) => route.service === undefined);

function isIn(regions: readonly string[], resource: string): boolean {
  const region = parseArn(resource)?.region ?? '';
  return region === '' || region.includes('*') || regions.includes(region);
}
