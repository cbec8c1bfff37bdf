import { intervalsEqual, pairsOf } from './intervals.js';
import {
  ALL_ADDRESSES,
  type IpSet,
  hasIps,
  intersectIps,
  ipsEqual,
  subtractIps,
  uniteAllIps,
  uniteIps,
} from './ip-set.js';
import { intersectPorts, type PortSet, subtractPorts, unitePorts } from './port-set.js';

/** All flows from any address of `src` to any of `dst` on any of `ports`. */
export interface Box {
  readonly src: IpSet;
  readonly dst: IpSet;
  readonly ports: PortSet;
}

/** A set of flows: the union of its boxes, which may overlap. */
export type FlowSet = readonly Box[];

export const NO_FLOWS: FlowSet = [];

export function intersectFlows(a: FlowSet, b: FlowSet): FlowSet {
  const result: Box[] = [];
  for (const x of a)
    for (const y of b) {
      const ports = intersectPorts(x.ports, y.ports);
      if (ports.length === 0) continue;
      const src = intersectIps(x.src, y.src);
      if (!hasIps(src)) continue;
      const dst = intersectIps(x.dst, y.dst);
      if (hasIps(dst)) result.push({ src, dst, ports });
    }
  return simplify(result);
}

export function subtractFlows(a: FlowSet, b: FlowSet): FlowSet {
  let rest: readonly Box[] = a;
  for (const y of b) {
    if (rest.length === 0) return rest;
    rest = rest.length === 1 ? subtractBox(rest[0] as Box, y) : rest.flatMap((x) => subtractBox(x, y));
  }
  return simplify(rest);
}

function subtractBox(x: Box, y: Box): Box[] {
  const src = intersectIps(x.src, y.src);
  const dst = intersectIps(x.dst, y.dst);
  const ports = intersectPorts(x.ports, y.ports);
  if (ports.length === 0 || !hasIps(src) || !hasIps(dst)) return [x];
  const rest: Box[] = [];
  const otherSrc = subtractIps(x.src, src);
  if (hasIps(otherSrc)) rest.push({ src: otherSrc, dst: x.dst, ports: x.ports });
  const otherDst = subtractIps(x.dst, dst);
  if (hasIps(otherDst)) rest.push({ src, dst: otherDst, ports: x.ports });
  const otherPorts = subtractPorts(x.ports, ports);
  if (otherPorts.length > 0) rest.push({ src, dst, ports: otherPorts });
  return rest;
}

export const uniteFlows = (a: FlowSet, b: FlowSet): FlowSet =>
  a.length === 0 ? b : b.length === 0 ? a : simplify([...a, ...b]);

/** Joins boxes that differ in one dimension only, so that long rule lists stay few boxes. */
function simplify(boxes: readonly Box[]): FlowSet {
  if (boxes.length < 2) return boxes;
  const merged: Box[] = [];
  for (const box of boxes) {
    let whole: Box | undefined;
    let i = 0;
    for (; i < merged.length; i++) {
      whole = joined(merged[i] as Box, box);
      if (whole !== undefined) break;
    }
    merged[i] = whole ?? box;
  }
  return merged.length < boxes.length && merged.length > 1 ? simplify(merged) : merged;
}

function joined(a: Box, b: Box): Box | undefined {
  const samePorts = intervalsEqual(a.ports, b.ports);
  const sameDst = ipsEqual(a.dst, b.dst);
  if (samePorts && sameDst) return { ...a, src: uniteIps(a.src, b.src) };
  if (!ipsEqual(a.src, b.src)) return undefined;
  if (sameDst) return { ...a, ports: unitePorts(a.ports, b.ports) };
  return samePorts ? { ...a, dst: uniteIps(a.dst, b.dst) } : undefined;
}

/** The same from whatever source. */
export const fromAnywhere = (flows: FlowSet): FlowSet => flows.map((flow) => ({ ...flow, src: ALL_ADDRESSES }));

export const flowSources = (flows: FlowSet): IpSet => uniteAllIps(flows.map((f) => f.src));
export const flowPorts = (flows: FlowSet): PortSet =>
  flows.reduce<PortSet>((sum, { ports }) => unitePorts(sum, ports), []);

/** Ports grouped by exactly the sources that may use them; sorted by the first port. */
export function bySources(flows: FlowSet): { readonly sources: IpSet; readonly ports: PortSet }[] {
  const edges = [...new Set(flows.flatMap((f) => [...f.ports]))].sort((a, b) => a - b);
  const groups: { sources: IpSet; ports: PortSet }[] = [];
  for (let i = 0; i + 1 < edges.length; i++) {
    const cell: PortSet = [edges[i] as number, edges[i + 1] as number];
    const here = flows.filter((f) =>
      [...pairsOf(f.ports)].some(([lo, hi]) => lo <= (cell[0] as number) && (cell[1] as number) <= hi),
    );
    if (here.length === 0) continue;
    const sources = flowSources(here);
    const same = groups.find((g) => ipsEqual(g.sources, sources));
    if (same) same.ports = unitePorts(same.ports, cell);
    else groups.push({ sources, ports: cell });
  }
  return groups;
}

/** The flows that pass for *every* address of `dst`, with `dst` as their destination: what holds wherever in `dst` the target is. */
export const forEveryDestination = (flows: FlowSet, question: FlowSet): FlowSet => forEvery(['dst'], flows, question);

/** The flows that pass for *every* address of `src`: what holds whichever of them the source has. */
export const forEverySource = (flows: FlowSet, question: FlowSet): FlowSet => forEvery(['src'], flows, question);

/** The flows that pass between *every* address of `src` and *every* one of `dst`. */
export const forEveryPair = (flows: FlowSet, question: FlowSet): FlowSet => forEvery(['src', 'dst'], flows, question);

function forEvery(sides: readonly ('src' | 'dst')[], flows: FlowSet, question: FlowSet): FlowSet {
  const failing = subtractFlows(question, flows);
  const whole = { v4: [0, 2 ** 32], v6: [0n, 1n << 128n] } as const;
  const anywhere = Object.fromEntries(sides.map((side) => [side, whole]));
  return subtractFlows(
    question,
    failing.map((f) => ({ ...f, ...anywhere })),
  );
}
