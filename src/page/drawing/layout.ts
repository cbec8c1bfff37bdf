import { Graph, layout } from '@dagrejs/dagre';

export interface LayoutBox {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

export interface LayoutLine {
  readonly from: string;
  readonly to: string;
  /** How much it should be kept short and straight; 1 when absent. */
  readonly weight?: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Boxes by their upper left corners, and lines by the points that they pass. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: ReadonlyMap<string, Point>;
  /** In the order of the lines given; without one that has no end among the boxes. */
  readonly lines: readonly { readonly line: LayoutLine; readonly points: readonly Point[] }[];
}

const MARGIN = 16;

/** Lays boxes out in layers from left to right. The same input gives the same layout. */
export function layOut(
  boxes: readonly LayoutBox[],
  lines: readonly LayoutLine[],
  spacing: { readonly layers: number; readonly boxes: number },
): Layout {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({
    rankdir: 'LR',
    ranksep: spacing.layers,
    nodesep: spacing.boxes,
    edgesep: 12,
    marginx: MARGIN,
    marginy: MARGIN,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  const known = new Set(boxes.map(({ id }) => id));
  for (const { id, width, height } of boxes) graph.setNode(id, { width, height });
  const drawn = lines.filter(({ from, to }) => known.has(from) && known.has(to) && from !== to);
  drawn.forEach(({ from, to, weight }, at) => graph.setEdge(from, to, { weight: weight ?? 1 }, String(at)));
  layout(graph);
  // Without boxes the sizes are no numbers that mean anything.
  const { width = 0, height = 0 } = boxes.length === 0 ? {} : graph.graph();
  return {
    width,
    height,
    boxes: new Map(
      boxes.map(({ id, width, height }) => {
        const { x = 0, y = 0 } = graph.node(id);
        return [id, { x: x - width / 2, y: y - height / 2 }];
      }),
    ),
    lines: drawn.map((line, at) => ({
      line,
      points: (graph.edge(line.from, line.to, String(at)).points ?? []) as readonly Point[],
    })),
  };
}
