import { groupBy } from '../model/index.js';
import { shareAtoms } from './address-atoms.js';
import { acceleratedEntries } from './accelerated.js';
import { balancedEntries, directEntries, type Entry, toExposures } from './exposures.js';
import type { Endpoint, Endpoints } from './endpoints.js';
import { classifyFaces, type FaceClasses, withTargets } from './face-classes.js';
import { ALL_ADDRESSES, hasIps, NO_ADDRESSES, parseIpSet } from './ip-set.js';
import { findLinks } from './links.js';
import { markPublic } from './managed-endpoints.js';
import type { NetworkOpening, OpenedNetwork } from './network.js';
import type { AclRule, NetworkAcl } from './network-acls.js';
import { ALL_PORTS } from './port-set.js';
import { inheritWays } from './reaching-sources.js';
import type { Route, RouteTable } from './route-tables.js';
import type { GroupRule, SecurityGroup } from './security-groups.js';
import { servedEntries } from './served.js';
import { startedEndpoints } from './started.js';
import { gatewayOf } from './surroundings.js';
import type { World } from './world.js';

/** The network as it would be after some changes. Nothing is worked out before it is asked. */
export function openNetwork(world: World, endpoints: Endpoints, opening: NetworkOpening): OpenedNetwork {
  const { groups, acls, tables } = opening;
  const changed: World = {
    ...world,
    ...(groups && { groups: new Map([...world.groups].map(([id, g]) => [id, groups.has(g.arn) ? openGroup(g) : g])) }),
    ...(acls && {
      acls: {
        bySubnet: replaced(world.acls.bySubnet, acls, openAcl),
        defaultByVpc: replaced(world.acls.defaultByVpc, acls, openAcl),
      },
    }),
    ...(tables && {
      routeTables: {
        ...world.routeTables,
        bySubnet: replaced(world.routeTables.bySubnet, tables, (table) => openTable(world, table)),
        mainByVpc: replaced(world.routeTables.mainByVpc, tables, (table) => openTable(world, table)),
      },
    }),
  };
  shareAtoms(world, changed);
  if (!acls && !tables) inheritWays(world, changed);
  const ends = movedEndpoints(world, endpoints, opening);
  const classes = (): FaceClasses => {
    const all = classifyFaces(world, endpoints);
    return ends === endpoints ? all : withTargets(world, all, ends);
  };
  return {
    exposures: (assets) => {
      const wanted = [...assets].flatMap((asset) => {
        const endpoint = ends.byAsset.get(asset);
        return endpoint === undefined ? [] : [[asset, endpoint] as const];
      });
      const direct = directEntries(changed, { ...ends, byAsset: new Map(wanted) });
      const { started } = opening;
      return toExposures(
        changed,
        started ? [...direct, ...indirectEntries(changed, endpoints, started, assets)] : direct,
      );
    },
    links: (assets) => findLinks(changed, ends, (asset) => assets.has(asset), classes()),
  };
}

/** What comes to instances once they run by what leads to them already: balancers, accelerators, VPC origins. */
function indirectEntries(
  world: World,
  endpoints: Endpoints,
  started: ReadonlySet<string>,
  assets: ReadonlySet<string>,
): readonly Entry[] {
  const { amongAll } = startedEndpoints(endpoints, started);
  return [
    ...balancedEntries(world, amongAll, assets),
    ...acceleratedEntries(world, amongAll, assets),
    ...servedEntries(world, amongAll, assets),
  ].filter(({ endpoint }) => assets.has(endpoint.asset));
}

const movedMemo = new WeakMap<ReadonlySet<string>, Endpoints>();

/** The stores that were moved, or the instances that were started, and nothing else; the endpoints as they are where there are none of these. */
function movedEndpoints(
  world: World,
  endpoints: Endpoints,
  { regrouped, madePublic, started }: NetworkOpening,
): Endpoints {
  if (started) return startedEndpoints(endpoints, started).alone;
  if (!regrouped) return endpoints;
  const known = movedMemo.get(regrouped);
  if (known) return known;
  const groupsOf = groupBy(world.groups.values(), ({ vpc }) => vpc);
  const moved = [...regrouped].flatMap((id): Endpoint[] => {
    const endpoint = endpoints.byAsset.get(id);
    if (!endpoint) return [];
    const isPublic = madePublic?.has(id) === true;
    const interfaces = endpoint.interfaces.map((face) => ({
      ...face,
      groups: groupsOf.get(face.vpc)?.map((group) => group.id) ?? face.groups,
      addresses: isPublic ? face.addresses.map(markPublic) : face.addresses,
    }));
    return [{ ...endpoint, interfaces }];
  });
  const made = { ...endpoints, byAsset: new Map(moved.map((endpoint) => [endpoint.asset, endpoint])) };
  movedMemo.set(regrouped, made);
  return made;
}

const replaced = <T extends { readonly arn: string }>(
  map: ReadonlyMap<string, T>,
  opened: ReadonlySet<string>,
  open: (item: T) => T,
): ReadonlyMap<string, T> => {
  const known = new Map<T, T>();
  return new Map(
    [...map].map(([key, item]) => {
      if (!opened.has(item.arn)) return [key, item];
      const made = known.get(item) ?? open(item);
      known.set(item, made);
      return [key, made];
    }),
  );
};

const EVERYBODY: GroupRule = {
  ports: ALL_PORTS,
  ips: ALL_ADDRESSES,
  peer: '0.0.0.0/0',
  permission: { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
};

const openGroup = (group: SecurityGroup): SecurityGroup => ({ ...group, ingress: [EVERYBODY] });

const PASS: AclRule = { number: 1, allow: true, ips: ALL_ADDRESSES, ports: ALL_PORTS, words: 'rule 1 allows all' };

const openAcl = (acl: NetworkAcl): NetworkAcl => ({ ...acl, ingress: [PASS], egress: [PASS] });

const DEFAULT_ROUTES = ['0.0.0.0/0', '::/0'] as const;

/** With its default routes to the internet gateway of the VPC, where that has one. */
function openTable(world: World, table: RouteTable): RouteTable {
  const gateway = gatewayOf(world, table.vpc);
  if (gateway === undefined) return table;
  const defaults = DEFAULT_ROUTES.map(
    (destination): Route => ({
      destination,
      ips: parseIpSet(destination) ?? NO_ADDRESSES,
      prefix: 0,
      target: 'internet-gateway',
      targetId: gateway.id,
      isBlackhole: false,
      rank: 1,
    }),
  );
  return { ...table, routes: [...table.routes.filter((r) => r.prefix > 0 || !hasIps(r.ips)), ...defaults] };
}
