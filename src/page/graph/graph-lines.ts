import type { ReportPath } from '../../findings/report.js';
import type { CanvasLine } from '../drawing/canvas.js';
import type { PageAssets } from '../data/page-graph.js';
import type { VisibleCard } from './visible-cards.js';

/** Something that leads from an asset to another: a step, by the technique's name. */
export interface Step {
  readonly from: number;
  readonly to: number;
  readonly technique: string;
}

/** No view draws more lines of relationships than this. */
const MOST_STATED = 260;

/** The lines between the cards of a view. Several between the same two cards are one. */
export function graphLines(
  graph: PageAssets,
  cards: readonly VisibleCard[],
  steps: readonly Step[],
  withStated: boolean,
): { readonly lines: readonly CanvasLine[]; readonly left: number } {
  const cardOf = new Map(
    cards.flatMap((card) =>
      (card.kind === 'asset' ? [card.asset] : card.assets).map((asset) => [asset, card.id] as const),
    ),
  );
  const attack = new Map<string, Line>();
  for (const { from, to, technique } of steps) add(attack, cardOf.get(from), cardOf.get(to), technique);
  const stated = new Map<string, Line>();
  if (withStated) {
    for (const [asset, card] of cardOf) {
      for (const { kind, other, isOutgoing } of graph.links(asset)) {
        if (isOutgoing) add(stated, card, cardOf.get(other), kind.replaceAll('-', ' '));
      }
    }
  }
  const drawn = [...stated.values()].slice(0, MOST_STATED);
  return {
    lines: [
      ...[...attack.values()].map((line) => draw(line, 'attack-step', 4)),
      ...drawn.map((line) => draw(line, 'stated', 1)),
    ],
    left: stated.size - drawn.length,
  };
}

interface Line {
  readonly from: string;
  readonly to: string;
  readonly names: Map<string, number>;
}

function add(lines: Map<string, Line>, from: string | undefined, to: string | undefined, name: string): void {
  if (from === undefined || to === undefined || from === to) return;
  const key = `${from} ${to}`;
  const line = lines.get(key) ?? { from, to, names: new Map<string, number>() };
  lines.set(key, line);
  line.names.set(name, (line.names.get(name) ?? 0) + 1);
}

const draw = ({ from, to, names }: Line, kind: string, weight: number): CanvasLine => ({
  from,
  to,
  class: kind,
  weight,
  title: [...names].map(([name, count]) => (count > 1 ? `${name} × ${count}` : name)).join(', '),
});

/** The steps of paths between assets, also from what a step needs besides. */
export function stepsOfPaths(graph: PageAssets, paths: readonly ReportPath[]): readonly Step[] {
  const found = new Map<string, Step>();
  for (const { steps } of paths) {
    for (const { from, to, requires, technique } of steps) {
      const target = graph.place(to);
      if (target === undefined) continue;
      for (const id of new Set([from, ...requires])) {
        const source = graph.place(id);
        if (source !== undefined)
          found.set(`${source} ${target} ${technique}`, { from: source, to: target, technique });
      }
    }
  }
  return [...found.values()];
}
