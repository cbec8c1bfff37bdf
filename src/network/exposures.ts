import { byCode, type Condition, type Evidence, groupBy, sortedUnique } from '../model/index.js';
import type { Balanced } from './balanced.js';
import type { Endpoint, Endpoints } from './endpoints.js';
import { bySources, type FlowSet } from './flow-set.js';
import { gradeOf, ORIGIN_PORTS } from './grade.js';
import { type Interface, isPublic } from './interfaces.js';
import { countAddresses, INTERNET, type IpSet, toSourceCidrs, uniteIps } from './ip-set.js';
import type { Exposure } from './network.js';
import { ALL_PORTS, formatPorts, intersectPorts, type PortSet, unitePorts } from './port-set.js';
import { type Attempt, fromOutside } from './attempts.js';
import { agreeOnPlace, dedupe } from './reach-answer.js';
import { balancedFromInternet } from './ways.js';
import type { World } from './world.js';

/** What comes in to an asset from outside, already with the ports of the asset itself. */
export interface Entry {
  readonly endpoint: Endpoint;
  readonly attempt: Attempt;
  /** The ports of the balancer's listener that it comes through. */
  readonly listened?: PortSet;
  /** It comes by a VPC origin of CloudFront, which sends on what anybody asks. */
  readonly isByCloudFront?: true;
}

/** Asks every public address once a class: interfaces with the same subnet and groups have the same answer but for the address. */
export function directEntries(world: World, endpoints: Endpoints): Entry[] {
  const classes = new Map<string, readonly Attempt[]>();
  const entries: Entry[] = [];
  for (const endpoint of endpoints.byAsset.values()) {
    if (endpoint.balancer !== undefined) continue;
    for (const face of endpoint.interfaces) {
      if (face.refuses !== undefined) continue;
      for (const address of face.addresses) {
        if (!isPublic(address)) continue;
        const ports = endpoint.ports ?? ALL_PORTS;
        const key = JSON.stringify([
          face.subnet,
          face.kind,
          face.groups,
          address.family,
          ports,
          isDiverted(world, face) ? address.text : '',
          address.isRange,
          address.publicIf,
          face.unclear,
        ]);
        let attempts = classes.get(key);
        if (attempts === undefined) {
          attempts = fromOutside(world, INTERNET, face, address, ports);
          classes.set(key, attempts);
        }
        for (const attempt of attempts) {
          if (attempt.outcome.sure.length + attempt.outcome.maybe.length === 0) continue;
          const mapped = address.publicIp === undefined ? '' : ` behind ${address.publicIp}`;
          const fact = address.isRange
            ? `it has an interface in subnet ${face.subnet}`
            : `interface ${face.id} has ${address.text}${mapped}`;
          entries.push({
            endpoint,
            attempt: { ...attempt, face: face.id, evidence: [{ asset: face.arn, fact, source: face.source }] },
          });
        }
      }
    }
  }
  return entries;
}

/** What comes in through balancers, with the ports of the targets; through those that may lead to some assets alone, where these are given. */
export const balancedEntries = (world: World, endpoints: Endpoints, assets?: ReadonlySet<string>): Entry[] =>
  balancedFromInternet(world, endpoints, assets).flatMap(balancedEntry);

/** What comes through a balancer; none where nothing does. */
export function balancedEntry({ attempt, target, targetPorts, listener }: Balanced): readonly Entry[] {
  const { outcome } = attempt;
  if (outcome.sure.length + outcome.maybe.length === 0) return [];
  const inside = (flows: FlowSet): FlowSet => flows.map((f) => ({ ...f, ports: targetPorts }));
  const endpoint = target.endpoint ?? {
    asset: target.asset,
    type: target.type,
    interfaces: [],
    isOneOf: false,
    ports: undefined,
  };
  return [
    {
      endpoint,
      attempt: { ...attempt, outcome: { ...outcome, sure: inside(outcome.sure), maybe: inside(outcome.maybe) } },
      listened: listener.ports,
    },
  ];
}

/** Whether a gateway's own route table singles out addresses of the VPC. */
function isDiverted(world: World, face: Interface): boolean {
  return [...world.routeTables.byGateway.values()].some((table) => table.vpc === face.vpc);
}

const NO_PORTS: PortSet = [];

interface Graded {
  readonly sources: IpSet;
  readonly ports: PortSet;
  readonly grade: Exposure['grade'];
}

interface Draft {
  readonly entry: Entry;
  sources: IpSet;
  ports: PortSet;
  readonly via: string[];
  readonly evidence: Evidence[];
  readonly conditions: Condition[];
}

/** One exposure an asset, grade and verdict; sorted. */
export function toExposures(world: World, entries: readonly Entry[]): Exposure[] {
  const drafts = new Map<string, Draft>();
  // Interfaces of one class share their flows: look at each set once.
  const known = new Map<FlowSet, Graded[]>();
  const graded = (sources: IpSet, ports: PortSet, { endpoint, listened, isByCloudFront }: Entry): Graded => {
    // What listens on ports of its own is a store, which speaks no HTTP.
    const asked = listened ?? (endpoint.ports === undefined ? ports : NO_PORTS);
    const grade = isByCloudFront ? 'cloudfront' : gradeOf(world, sources, asked);
    return {
      sources,
      grade,
      ports: grade === 'cloudfront' && !listened ? intersectPorts(ports, ORIGIN_PORTS) : ports,
    };
  };
  const groupsOf = (flows: FlowSet, entry: Entry): Graded[] => {
    const groups = known.get(flows) ?? bySources(flows).map((g) => graded(g.sources, g.ports, entry));
    known.set(flows, groups);
    return groups;
  };
  const cidrs = new Map<IpSet, string[]>();
  const cidrsOf = (set: IpSet): string[] => {
    const made = cidrs.get(set) ?? toSourceCidrs(set, world.ownRanges);
    cidrs.set(set, made);
    return made;
  };
  for (const entry of agreeOnPlaces(entries)) {
    const { endpoint, attempt } = entry;
    for (const [flows, sure] of [
      [attempt.outcome.sure, true],
      [attempt.outcome.maybe, false],
    ] as const) {
      const conditions = sure ? [] : attempt.outcome.conditions;
      const verdict = sure ? 'yes' : conditions.some((c) => c.operator === 'Known') ? 'unknown' : 'depends';
      for (const group of groupsOf(flows, entry)) {
        const key = `${endpoint.asset}\n${group.grade}\n${verdict}`;
        const draft = drafts.get(key) ?? {
          entry,
          sources: group.sources,
          ports: [],
          via: [],
          evidence: [],
          conditions: [],
        };
        if (draft.sources !== group.sources) draft.sources = uniteIps(draft.sources, group.sources);
        draft.ports = unitePorts(draft.ports, group.ports);
        draft.via.push(...attempt.outcome.via);
        draft.evidence.push(...attempt.evidence, ...attempt.outcome.evidence);
        draft.conditions.push(...conditions);
        drafts.set(key, draft);
      }
    }
  }
  return [...drafts.keys()].sort(byCode).map((key) => {
    const { entry, sources, ports, via, evidence, conditions } = drafts.get(key) as Draft;
    const [asset, grade, verdict] = key.split('\n') as [string, Exposure['grade'], Exposure['verdict']];
    return {
      asset,
      type: entry.endpoint.type,
      grade,
      sources: cidrsOf(sources),
      addresses: countAddresses(sources),
      ports: formatPorts(ports),
      via: sortedUnique(via),
      verdict,
      conditions: dedupe(conditions),
      evidence: dedupe(evidence),
    };
  });
}

/** Of what is behind one interface of several, sure is what all of them let through. */
function agreeOnPlaces(entries: readonly Entry[]): Entry[] {
  const isMany = ({ endpoint }: Entry): boolean => endpoint.isOneOf;
  const byAsset = groupBy(entries.filter(isMany), ({ endpoint }) => endpoint.asset);
  return [
    ...entries.filter((entry) => !isMany(entry)),
    ...[...byAsset.values()].flatMap((own) => {
      const { endpoint } = own[0] as Entry;
      return agreeOnPlace(
        own.map(({ attempt }) => attempt),
        endpoint,
      ).map((attempt, at) => ({ ...(own[at] as Entry), attempt }));
    }),
  ];
}
