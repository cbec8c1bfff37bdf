import { MultiDirectedGraph, UndirectedGraph } from 'graphology';
import { type Asset, rowOf } from '../model/index.js';
import type { RelationshipColumns } from './relationship-columns.js';

// Mapped types, since graphology's attributes must be open to other keys, which an interface is not.
export type NodeAttributes = { type: string; account: string; region: string; name?: string };
export type EdgeAttributes = { kind: string; source: string };

/**
 * Draws the assets at the given positions, and the relationships among them, as a graphology graph.
 *
 * Its node keys are asset ids, which always begin with `arn:` or a kind: graphology loses the edges of a node that is named `__proto__`.
 */
export function drawGraph(
  assets: readonly Asset[],
  columns: RelationshipColumns,
  members: ReadonlySet<number>,
): MultiDirectedGraph<NodeAttributes, EdgeAttributes> {
  const graph = new MultiDirectedGraph<NodeAttributes, EdgeAttributes>();
  const idAt = (position: number): string => (assets[position] as Asset).id;
  const positions = [...members].sort((a, b) => a - b);
  for (const position of positions) {
    const { id, type, account, region, name } = assets[position] as Asset;
    graph.addNode(id, { type, account, region, ...(name !== undefined && { name }) });
  }
  for (const position of positions) {
    for (let i = columns.outgoingStart[position] as number; i < (columns.outgoingStart[position + 1] as number); i++) {
      const index = columns.outgoing[i] as number;
      if (!members.has(columns.to[index] as number)) continue;
      const { from, to, kind, source } = rowOf(columns, idAt, index);
      graph.addEdge(from, to, { kind, source });
    }
  }
  return graph;
}

/** The same without directions and with one edge for each pair: what a chain of relationships is looked for in. */
export function withoutDirections(graph: MultiDirectedGraph<NodeAttributes, EdgeAttributes>): UndirectedGraph {
  const view = new UndirectedGraph();
  graph.forEachNode((node) => view.addNode(node));
  graph.forEachEdge((_edge, _attributes, source, target) => view.mergeEdge(source, target));
  return view;
}
