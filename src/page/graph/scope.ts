import type { ReportPath } from '../../findings/report.js';
import type { PageAssets } from '../data/page-graph.js';

/** The assets that a path passes or needs something from, also those that it could pass instead. */
export const assetsOfPath = (graph: PageAssets, { steps }: ReportPath): ReadonlySet<number> =>
  new Set(steps.flatMap(({ from, to, requires }) => [from, to, ...requires].flatMap((id) => graph.place(id) ?? [])));

/** The assets that lie on paths. */
export function assetsOnPaths(graph: PageAssets, paths: readonly ReportPath[]): ReadonlySet<number> {
  const found = new Set<number>();
  for (const path of paths) for (const asset of assetsOfPath(graph, path)) found.add(asset);
  return found;
}

export const allAssets = (graph: PageAssets): ReadonlySet<number> => new Set(graph.ids.keys());

/** Assets with all their neighbours. */
export function withNeighbours(graph: PageAssets, assets: Iterable<number>): ReadonlySet<number> {
  const found = new Set<number>();
  for (const asset of assets) {
    found.add(asset);
    for (const { other } of graph.links(asset)) found.add(other);
  }
  return found;
}
