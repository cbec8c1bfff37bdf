import { byCode, byKey, isMentionedOnly, sortedUnique } from '../model/index.js';
import type { ExportedAsset, ExportedEdge, ExportedGraph } from '../reporters/graphs/index.js';
import type { Analysis } from './analysis.js';

/** The assets with their relationships and the steps of all paths, for other programs. Attack steps that lie on no path are not in it. */
export function exportGraph({ graph, report }: Analysis): ExportedGraph {
  const { paths, exposures } = report();
  const steps = new Map<
    string,
    ExportedEdge & { readonly step: { paths: string[] } & NonNullable<ExportedEdge['step']> }
  >();
  const ends = new Map<string, number>();
  for (const path of paths) {
    for (const id of path.target.members) ends.set(id, (ends.get(id) ?? 0) + 1);
    for (const { technique, title, from, to, attack, requires, conditions, text, fix } of path.steps) {
      const key = `${from}\n${to}\n${technique}\n${text}`;
      const known = steps.get(key);
      if (known) known.step.paths.push(path.id);
      else
        steps.set(key, {
          from,
          to,
          kind: technique,
          step: { title, attack, requires, isConditional: conditions.length > 0, text, fix, paths: [path.id] },
        });
    }
  }
  const edges = [
    ...graph.assets.flatMap(({ id }) => graph.outgoing(id).map(({ from, to, kind }) => ({ from, to, kind }))),
    ...[...steps].sort(byKey(([key]) => key)).map(([, { step, ...edge }]) => ({
      ...edge,
      step: { ...step, paths: sortedUnique(step.paths) },
    })),
  ];
  const exposed = new Set(exposures.filter(({ from }) => from === 'internet').map(({ asset }) => asset));
  const ids = sortedUnique([...graph.assets.map(({ id }) => id), ...edges.flatMap(({ from, to }) => [from, to])]);
  const assets = ids.map((id): ExportedAsset => {
    const asset = graph.asset(id);
    return {
      id,
      type: asset?.type ?? id.split(/[:/]/).slice(0, 2).join(':'),
      name: asset?.name ?? id.split(/[:/]/).at(-1) ?? id,
      account: asset?.account ?? '',
      region: asset?.region ?? '',
      tags: Object.fromEntries([...(asset?.tags ?? [])].sort(([a], [b]) => byCode(a, b))),
      isMentionedOnly: asset === undefined || isMentionedOnly(asset),
      isExposed: exposed.has(id),
      paths: ends.get(id) ?? 0,
    };
  });
  return { assets, edges };
}
