import { type Condition, groupBy } from '../model/index.js';
import { leadsToBalancer, throughBalancer } from './balanced.js';
import type { Balancer } from './balancers.js';
import type { Endpoint, Endpoints } from './endpoints.js';
import type { FaceClass, FaceClasses } from './face-classes.js';
import type { Outcome } from './gate.js';
import type { Address, Interface } from './interfaces.js';
import { ALL_ADDRESSES, ipsEqual } from './ip-set.js';
import { intersectPorts, type PortSet, unitePorts } from './port-set.js';
import { type Door, doorsTo, enterByDoor, servicesUnseen, type UnseenService } from './private-link.js';
import { mergeSets } from './reaching-sources.js';
import type { Found, SourceSet } from './source-batches.js';
import type { World } from './world.js';

/** Where clients of a balancer come in, who they are, and the node at which they go on. */
interface Entrance {
  readonly node: Interface;
  readonly door: Door | undefined;
  readonly address: Address;
  readonly sets: readonly SourceSet[];
  /** On what it hangs whether it is one. */
  readonly unclear?: Condition;
}

/** What comes on from a node to one target, whoever reaches the node on the listener's ports. */
interface Onward {
  readonly asset: string;
  readonly ports: PortSet;
  readonly listened: PortSet;
  readonly outcome: Outcome;
}

/**
 * Who reaches what through balancers: the sources that reach a node, each set of them once; and what the node leads to, once for each
 * node, or once for each kind of client address where targets or rules see it.
 */
export function balancedSets(
  world: World,
  endpoints: Endpoints,
  { single }: FaceClasses,
  reaching: (target: FaceClass) => readonly SourceSet[],
  isWanted: (asset: string) => boolean,
): ReadonlyMap<string, readonly SourceSet[]> {
  const byTarget = new Map<string, SourceSet[]>();
  const possibleOf = possibleEntrances(single, reaching);
  for (const balancer of endpoints.balancers.balancers) {
    const endpoint = endpoints.byAsset.get(balancer.arn);
    if (endpoint === undefined || balancer.kind === 'gateway' || !mayLeadTo(endpoints, balancer, isWanted)) continue;
    const listened = balancer.listeners.reduce<PortSet>((sum, l) => unitePorts(sum, l.ports), []);
    if (listened.length === 0) continue;
    const seesClient = looksAtClients(endpoints, balancer);
    const doors = doorsTo(world, endpoints, balancer.arn).filter(({ face }) => face.refuses === undefined);
    const entrances: Entrance[] = [
      ...endpoint.interfaces.map((node) => ({ face: node, node, door: undefined })),
      ...doors.map((door) => ({ ...door, door })),
    ].flatMap(({ face, node, door }) =>
      face.addresses.map((address) => ({ node, door, address, sets: reaching(single(face, address, listened)) })),
    );
    for (const service of servicesUnseen(world, endpoints, balancer))
      for (const { sets, ...door } of possibleOf(service, listened))
        for (const node of endpoint.interfaces)
          entrances.push({
            node,
            sets,
            address: door.address,
            door: { ...door, node, service: undefined },
            unclear: service.unclear,
          });
    for (const { node, door, address, sets, unclear } of entrances) {
      const known = new Map<string, readonly Onward[]>();
      const isAskedAbout = door ? balancer.groups.length > 0 : seesClient;
      for (const set of sets)
        for (const [atom, sources] of byAtom(set.sources, isAskedAbout)) {
          const [client] = sources;
          if (client === undefined) continue;
          const onward =
            known.get(atom) ?? leadOn(world, endpoints, balancer, { node, address, door }, client, isWanted);
          known.set(atom, onward);
          for (const { asset, ...way } of onward) {
            const found = join(set.found, way, unclear);
            if (found === undefined) continue;
            const before = byTarget.get(asset);
            if (before) before.push({ found, sources });
            else byTarget.set(asset, [{ found, sources }]);
          }
        }
    }
  }
  return byTarget;
}

/** Who reaches endpoints of a service that was not collected, on some ports; by address family, one endpoint for all of them. */
function possibleEntrances(
  single: FaceClasses['single'],
  reaching: (target: FaceClass) => readonly SourceSet[],
): (
  service: UnseenService,
  ports: PortSet,
) => readonly (UnseenService['doors'][number] & Pick<Entrance, 'address' | 'sets'>)[] {
  const known = new WeakMap<UnseenService, Map<string, ReturnType<ReturnType<typeof possibleEntrances>>>>();
  const find = ({ doors }: UnseenService, ports: PortSet) => {
    const places = doors.flatMap((door) => door.face.addresses.map((address) => ({ ...door, address })));
    return [...groupBy(places, ({ address }) => address.family).values()].flatMap((own) => {
      const sets = mergeSets(own.flatMap(({ face, address }) => reaching(single(face, address, ports))));
      return own.slice(0, 1).map((door) => ({ ...door, sets }));
    });
  };
  return (service, ports) => {
    const memo = known.get(service) ?? new Map<string, ReturnType<typeof find>>();
    known.set(service, memo);
    const key = ports.join();
    const found = memo.get(key) ?? find(service, ports);
    memo.set(key, found);
    return found;
  };
}

/** The sets of each target merged; targets that have the very same sets share the work. */
export function mergeByTarget(
  byTarget: ReadonlyMap<string, readonly SourceSet[]>,
): { readonly assets: readonly string[]; readonly sets: readonly SourceSet[] }[] {
  const ids = new Map<readonly FaceClass[], number>();
  const idOf = (sources: readonly FaceClass[]): number => {
    const id = ids.get(sources) ?? ids.size;
    ids.set(sources, id);
    return id;
  };
  const alike = new Map<string, { readonly assets: string[]; readonly sets: readonly SourceSet[] }>();
  for (const [asset, sets] of byTarget) {
    const key = sets
      .map(
        ({ found, sources }) =>
          `${idOf(sources)}:${found.sure.join()}:${found.maybe.join()}:${JSON.stringify(found.conditions)}`,
      )
      .join('|');
    const same = alike.get(key);
    if (same) same.assets.push(asset);
    else alike.set(key, { assets: [asset], sets });
  }
  return [...alike.values()].map(({ assets, sets }) => ({ assets, sets: mergeSets(sets) }));
}

const grouped = new WeakMap<readonly FaceClass[], ReadonlyMap<string, readonly FaceClass[]>>();

/** Sources by what rules can tell of their addresses, or all as one. */
function byAtom(sources: readonly FaceClass[], seesClient: boolean): ReadonlyMap<string, readonly FaceClass[]> {
  if (!seesClient) return new Map([['', sources]]);
  const known = grouped.get(sources);
  if (known) return known;
  const atoms = new Map<string, FaceClass[]>();
  for (const source of sources) {
    const same = atoms.get(source.atom);
    if (same) same.push(source);
    else atoms.set(source.atom, [source]);
  }
  grouped.set(sources, atoms);
  return atoms;
}

/** Whether rules of the balancer, or groups and network ACLs of its targets, are asked about the client's address. */
function looksAtClients(endpoints: Endpoints, balancer: Balancer): boolean {
  return balancer.listeners.some(({ forwards }) =>
    forwards.some(
      ({ group, clients }) =>
        !ipsEqual(clients, ALL_ADDRESSES) ||
        (balancer.kind === 'network' && endpoints.balancers.groups.get(group)?.keepsClient !== false),
    ),
  );
}

/** Whether some target of a balancer is wanted, as far as its targets are known. */
function mayLeadTo(endpoints: Endpoints, balancer: Balancer, isWanted: (asset: string) => boolean): boolean {
  const isWantedFace = (face: Interface): boolean => {
    const endpoint: Endpoint | undefined = endpoints.ofInterface(face.arn);
    return endpoint !== undefined && isWanted(endpoint.asset);
  };
  return balancer.listeners.some(({ forwards }) =>
    forwards.some(({ group: id }) => {
      const group = endpoints.balancers.groups.get(id);
      if (group?.targets === undefined || leadsToBalancer(endpoints, group)) return group !== undefined;
      return group.targets.some(({ id: target }) => {
        const instance = endpoints.ofInstance(target);
        return instance ? isWanted(instance.asset) : isWanted(target) || endpoints.atAddress(target).some(isWantedFace);
      });
    }),
  );
}

function leadOn(
  world: World,
  endpoints: Endpoints,
  balancer: Balancer,
  { node, address, door }: Pick<Entrance, 'node' | 'address' | 'door'>,
  client: FaceClass,
  isWanted: (asset: string) => boolean,
): Onward[] {
  const ports = balancer.listeners.reduce<PortSet>((sum, l) => unitePorts(sum, l.ports), []);
  const attempt = {
    outcome: {
      sure: [{ src: client.address.ips, dst: address.ips, ports }],
      maybe: [],
      conditions: [],
      evidence: [],
      via: [],
      blockers: [],
    },
    destination: address.text,
    face: node.id,
    evidence: [],
  };
  const comer = door
    ? ({ node, attempt: enterByDoor(world, balancer, door, attempt), isPrivateLink: true } as const)
    : { node, attempt };
  return throughBalancer(world, endpoints, balancer, comer).flatMap(
    ({ attempt: { outcome }, target, targetPorts, listener }) =>
      outcome.sure.length + outcome.maybe.length === 0 || !isWanted(target.asset)
        ? []
        : [{ asset: target.asset, ports: targetPorts, listened: listener.ports, outcome }],
  );
}

/** First to the node, then on to the target; `unclear`: if it leads there at all. */
function join(
  first: Found,
  { ports, listened, outcome }: Omit<Onward, 'asset'>,
  unclear: Condition | undefined,
): Found | undefined {
  const isSure = intersectPorts(first.sure, listened).length > 0;
  if (!isSure && intersectPorts(first.maybe, listened).length === 0) return undefined;
  const evidence = [...first.evidence, ...outcome.evidence];
  if (isSure && outcome.sure.length > 0 && unclear === undefined)
    return { sure: ports, maybe: [], conditions: [], evidence };
  return {
    sure: [],
    maybe: ports,
    conditions: [
      ...(isSure ? [] : first.conditions),
      ...(outcome.sure.length > 0 ? [] : outcome.conditions),
      ...(unclear ? [unclear] : []),
    ],
    evidence,
  };
}
