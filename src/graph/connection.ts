import type { MultiDirectedGraph, UndirectedGraph } from 'graphology';
import { bidirectional } from 'graphology-shortest-path/unweighted.js';
import { byCode, byKey } from '../model/index.js';
import { type EdgeAttributes, type NodeAttributes, withoutDirections } from './graphology.js';
import { distancesFrom, type RelationshipColumns } from './relationship-columns.js';

/** A relationship that joins two neighbours of a chain, in its own direction. */
export interface ConnectionRelationship {
  readonly from: string;
  readonly kind: string;
  readonly to: string;
  readonly source: string;
}

/** A chain of relationships between two assets. */
export interface Connection {
  /** Asset ids from one end to the other. */
  readonly assets: readonly string[];
  /** One entry for each pair of neighbours: every relationship between them, sorted. */
  readonly links: readonly (readonly ConnectionRelationship[])[];
}

type DrawPart = (members: ReadonlySet<number>) => MultiDirectedGraph<NodeAttributes, EdgeAttributes>;

/** How much longer than the shortest chain another may be. */
const MAX_DETOUR = 4;

/**
 * The `k` shortest loop-free chains. Distances on the columns tell which assets can be on a chain of some length; graphology
 * gets only those. The part grows until it holds `k` chains.
 */
export function findConnections(
  columns: RelationshipColumns,
  start: number,
  end: number,
  k: number,
  drawPart: DrawPart,
  idAt: (position: number) => string,
): readonly Connection[] {
  const fromStart = distancesFrom(columns, start);
  const shortest = fromStart[end] as number;
  if (shortest < 1 || k < 1) return [];
  const fromEnd = distancesFrom(columns, end);
  const [from, to] = [idAt(start), idAt(end)];
  for (let detour = k === 1 ? 0 : 1; ; detour++) {
    const members = positionsWithin(fromStart, fromEnd, shortest + detour);
    const graph = drawPart(new Set(members));
    const chains = shortestChains(withoutDirections(graph), from, to, k).filter(
      (chain) => chain.length - 1 <= shortest + detour,
    );
    if (chains.length >= k || detour >= MAX_DETOUR || k === 1) return chains.map((chain) => describe(graph, chain));
  }
}

function positionsWithin(fromStart: Int32Array, fromEnd: Int32Array, length: number): number[] {
  const members: number[] = [];
  for (let i = 0; i < fromStart.length; i++) {
    const before = fromStart[i] as number;
    if (before >= 0 && before + (fromEnd[i] as number) <= length) members.push(i);
  }
  return members;
}

function describe(graph: MultiDirectedGraph<NodeAttributes, EdgeAttributes>, chain: readonly string[]): Connection {
  const links = chain.slice(1).map((node, at) => {
    const before = chain[at] as string;
    // In either direction.
    return graph
      .edges(before, node)
      .map((edge) => ({ from: graph.source(edge), to: graph.target(edge), ...graph.getEdgeAttributes(edge) }))
      .sort((a, b) => byCode(a.from, b.from) || byCode(a.kind, b.kind));
  });
  return { assets: chain, links };
}

/**
 * Yen's algorithm: each further chain leaves an earlier one at some asset and does not follow any known chain from there. Edges
 * are taken out of the view for each search and put back.
 * @see https://doi.org/10.1287/mnsc.17.11.712
 */
function shortestChains(view: UndirectedGraph, from: string, to: string, k: number): string[][] {
  const first = bidirectional(view, from, to);
  const found: string[][] = first ? [first] : [];
  const candidates = new Map<string, string[]>();
  while (found.length > 0 && found.length < k) {
    const last = found[found.length - 1] as string[];
    for (let spur = 0; spur < last.length - 1; spur++) {
      const root = last.slice(0, spur + 1);
      const chain = leaveAt(view, root, to, found);
      if (chain) candidates.set(chain.join('\n'), chain);
    }
    for (const chain of found) candidates.delete(chain.join('\n'));
    const next = [...candidates.values()].sort((a, b) => a.length - b.length || byCode(a.join('\n'), b.join('\n')))[0];
    if (!next) break;
    found.push(next);
  }
  return found.sort((a, b) => a.length - b.length || byKey((c: string[]) => c.join('\n'))(a, b));
}

function leaveAt(
  view: UndirectedGraph,
  root: readonly string[],
  to: string,
  found: readonly (readonly string[])[],
): string[] | undefined {
  const spur = root[root.length - 1] as string;
  const dropped: [string, string][] = [];
  const drop = (a: string, b: string): void => {
    if (!view.hasEdge(a, b)) return;
    view.dropEdge(a, b);
    dropped.push([a, b]);
  };
  for (const chain of found) {
    const next = chain[root.length];
    if (next !== undefined && root.every((node, at) => chain[at] === node)) drop(spur, next);
  }
  for (const node of root.slice(0, -1)) for (const neighbour of view.neighbors(node)) drop(node, neighbour);
  const rest = bidirectional(view, spur, to);
  for (const [a, b] of dropped) view.addEdge(a, b);
  return rest ? [...root.slice(0, -1), ...rest] : undefined;
}
