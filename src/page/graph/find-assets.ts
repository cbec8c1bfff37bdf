import { onceFor } from '../../model/index.js';
import type { PageAssets } from '../data/page-graph.js';

/** Finds assets by name, id or address. What begins with the text comes first. */
export function findAssets(graph: PageAssets, text: string): readonly number[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const [first = ''] = words;
  const found =
    words.length === 0
      ? []
      : [...textsOf(graph).entries()].filter(([, own]) => words.every((word) => own.includes(word)));
  const rank = (asset: number): number => {
    const names = [graph.name(asset), graph.names.bare(graph.id(asset)), ...graph.address(asset).split(' ')];
    return names.some((name) => name.toLowerCase() === first)
      ? 0
      : names.some((name) => name.toLowerCase().startsWith(first))
        ? 1
        : 2;
  };
  return found
    .map(([asset]) => ({ asset, rank: rank(asset) }))
    .sort((a, b) => a.rank - b.rank || a.asset - b.asset)
    .map(({ asset }) => asset);
}

const textsOf = onceFor((graph: PageAssets): readonly string[] =>
  graph.ids.map((id, asset) =>
    `${graph.name(asset)}\n${id}\n${graph.address(asset)}\n${graph.type(asset)}`.toLowerCase(),
  ),
);
