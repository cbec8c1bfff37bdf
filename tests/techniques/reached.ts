import { openAnalysis } from '../../src/main/analyze.js';
import { groupBy } from '../../src/model/index.js';
import { type Miniature, miniature } from './miniature.js';

export interface ReachedFrom {
  /** `access confidence` by asset id; several with commas between them. */
  readonly assets: ReadonlyMap<string, string>;
  /** Technique ids by asset id, in order; of the soonest way. */
  readonly steps: ReadonlyMap<string, readonly string[]>;
}

/** What an intruder on one asset of a miniature account reaches. */
export function reachedFrom(world: Miniature, asset: string): ReachedFrom {
  const { reaches } = openAnalysis(miniature(world), { toolVersion: '0.0.0' }).blastRadius([asset]);
  const byAsset = [...groupBy(reaches, (r) => r.asset)];
  return {
    assets: new Map(byAsset.map(([asset, own]) => [asset, own.map((r) => `${r.access} ${r.confidence}`).join(', ')])),
    steps: new Map(byAsset.map(([asset, [first]]) => [asset, first?.steps.map((s) => s.technique) ?? []])),
  };
}
