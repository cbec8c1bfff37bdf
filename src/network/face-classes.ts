import { sortedUnique } from '../model/index.js';
import { addressAtoms } from './address-atoms.js';
import { behindAppliances } from './appliances.js';
import type { Endpoint, Endpoints } from './endpoints.js';
import type { Address, Interface } from './interfaces.js';
import { containsIps, hasIps, intersectIps, ipsEqual } from './ip-set.js';
import { letsAllThrough, type NetworkAcl } from './network-acls.js';
import type { PortSet } from './port-set.js';
import { aclOf, tableOf, type World } from './world.js';

/** Addresses of interfaces that every rule and route treats alike; one of them speaks for all. */
export interface FaceClass {
  readonly index: number;
  readonly face: Interface;
  readonly address: Address;
  readonly family: 4 | 6;
  /** What no CIDR of a rule, route or network ACL can tell apart. */
  readonly atom: string;
  /** What routes and network ACLs can tell apart, and the groups of appliances on the way. */
  readonly place: string;
  readonly ports: PortSet | undefined;
  readonly members: readonly string[];
  /** Sorted. */
  readonly assets: readonly string[];
}

export interface FaceClasses {
  /** Classes that can open connections. */
  readonly sources: readonly FaceClass[];
  readonly targets: readonly FaceClass[];
  /** Targets whose address or place is not known well enough for a class. */
  readonly exact: readonly Endpoint[];
  /** Any interface's address as a class of its own. */
  readonly single: (face: Interface, address: Address, ports: PortSet | undefined) => FaceClass;
}

const OPENERS: ReadonlySet<string> = new Set(['ec2:instance', 'lambda:function', 'ecs:task', 'ecs:service']);

/** Who opens connections of its own: a host, a function or a task, not a gateway, a database or an endpoint. */
const opens = (endpoint: Endpoint, face: Interface): boolean =>
  face.isSilent === undefined &&
  (OPENERS.has(endpoint.type) || (endpoint.type === 'ec2:network-interface' && face.kind === 'interface'));

const classified = new WeakMap<Endpoints, FaceClasses>();

/** The classes of a world's interfaces. A network that is opened has the same: it opens groups, network ACLs and route tables as wholes. */
export function classifyFaces(world: World, endpoints: Endpoints): FaceClasses {
  const known = classified.get(endpoints) ?? makeClasses(world, endpoints);
  classified.set(endpoints, known);
  return known;
}

/** The classes with other targets: those of some endpoints alone. */
export function withTargets(world: World, { sources }: FaceClasses, endpoints: Endpoints): FaceClasses {
  return { ...makeClasses(world, endpoints), sources };
}

function makeClasses(world: World, endpoints: Endpoints): FaceClasses {
  const atomOf = addressAtoms(world);
  const placeOf = placesOf(world);
  const isBehindAppliance = behindAppliances(world);
  const placed = (face: Interface, address: Address): { place: string; atom: string } => {
    const [rule, route] = atomOf(address) ?? [address.text, address.text];
    const subnet = world.subnets.get(face.subnet);
    const asked = subnet && isBehindAppliance(subnet) ? ` ${rule} ${(face.groups ?? ['?']).join()}` : '';
    return {
      place: `${placeOf(face.subnet, address.family)} ${route} ${address.family}${asked}`,
      atom: `${rule} ${route}`,
    };
  };
  const sources = new Map<string, Draft>();
  const targets = new Map<string, Draft>();
  const exact: Endpoint[] = [];
  for (const endpoint of endpoints.byAsset.values()) {
    if (endpoint.balancer !== undefined) continue;
    if (
      endpoint.isOneOf ||
      endpoint.interfaces.some((f) => f.addresses.some((a) => a.isRange && atomOf(a) === undefined))
    ) {
      if (endpoint.interfaces.some((f) => f.refuses === undefined)) exact.push(endpoint);
    }
    const isExact = exact.at(-1) === endpoint;
    for (const face of endpoint.interfaces)
      for (const address of face.addresses) {
        const { place, atom } = placed(face, address);
        const key = `${place}|${atom}|${(face.groups ?? ['?']).join()}|${face.kind === 'instance' ? '' : face.kind}|${endpoint.ports?.join() ?? ''}|${face.unclear?.key ?? ''}`;
        if (opens(endpoint, face)) add(sources, key, endpoint, face, address, place, atom);
        if (face.refuses === undefined && !isExact) add(targets, key, endpoint, face, address, place, atom);
      }
  }
  const all = new Map<string, FaceClass>();
  for (const [key, draft] of [...sources, ...targets]) if (!all.has(key)) all.set(key, finish(draft, all.size));
  const sideOf = (drafts: ReadonlyMap<string, Draft>): FaceClass[] =>
    [...drafts].map(([key, draft]) => {
      const made = all.get(key) as FaceClass;
      return made.members === draft.members
        ? made
        : { ...made, members: draft.members, assets: sortedUnique(draft.assets) };
    });
  const single: FaceClasses['single'] = (face, address, ports) =>
    finish({ face, address, ...placed(face, address), ports, members: [face.id], assets: [face.asset] }, -1);
  return { sources: sideOf(sources), targets: sideOf(targets), exact, single };
}

interface Draft {
  readonly face: Interface;
  readonly address: Address;
  readonly place: string;
  readonly atom: string;
  readonly ports: PortSet | undefined;
  readonly members: string[];
  readonly assets: string[];
}

function add(
  drafts: Map<string, Draft>,
  key: string,
  endpoint: Endpoint,
  face: Interface,
  address: Address,
  place: string,
  atom: string,
): void {
  const draft = drafts.get(key) ?? { face, address, place, atom, ports: endpoint.ports, members: [], assets: [] };
  draft.members.push(face.id);
  draft.assets.push(endpoint.asset);
  drafts.set(key, draft);
}

const finish = (draft: Draft, index: number): FaceClass => ({
  index,
  face: draft.face,
  address: draft.address,
  family: draft.address.family,
  atom: draft.atom,
  place: draft.place,
  ports: draft.ports,
  members: draft.members,
  assets: sortedUnique(draft.assets),
});

/** Subnets with the same table and zone whose network ACLs stop nothing of a family are one place for its addresses; others are their own. */
function placesOf(world: World): (subnet: string, family: 4 | 6) => string {
  const places = { 4: new Map<string, string>(), 6: new Map<string, string>() };
  const open = { 4: new Map<NetworkAcl, boolean>(), 6: new Map<NetworkAcl, boolean>() };
  const isOpen = (acl: NetworkAcl, family: 4 | 6): boolean => {
    const known = open[family].get(acl) ?? letsAllThrough(acl, family);
    open[family].set(acl, known);
    return known;
  };
  return (id, family) => {
    const known = places[family].get(id);
    if (known !== undefined) return known;
    const subnet = world.subnets.get(id);
    const table = subnet && tableOf(world, subnet);
    const vpc = subnet && world.vpcs.get(subnet.vpc);
    const acl = subnet && aclOf(world, subnet);
    const simple =
      subnet !== undefined &&
      table !== undefined &&
      vpc !== undefined &&
      acl !== undefined &&
      isOpen(acl, family) &&
      table.routes.every(
        (r) => r.target === 'local' || !hasIps(intersectIps(r.ips, vpc.cidrs)) || !isInside(r.ips, vpc.cidrs),
      );
    const place = simple ? `${subnet.vpc}/${table.id}/${subnet.zone}` : `subnet ${id}`;
    places[family].set(id, place);
    return place;
  };
}

const isInside = (ips: Parameters<typeof containsIps>[1], whole: Parameters<typeof containsIps>[0]): boolean =>
  containsIps(whole, ips) && !ipsEqual(whole, ips);
