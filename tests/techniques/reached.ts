import { openAnalysis } from '../../src/main/analyze.js';
import { type Miniature, miniature } from './miniature.js';

export interface ReachedFrom {
  /** `access confidence` by asset id. */
  readonly assets: ReadonlyMap<string, string>;
  /** Technique ids by asset id, in order. */
  readonly steps: ReadonlyMap<string, readonly string[]>;
}

/** What an intruder on one asset of a miniature account reaches. */
export function reachedFrom(world: Miniature, asset: string): ReachedFrom {
  const { reaches } = openAnalysis(miniature(world), { toolVersion: '0.0.0' }).blastRadius([asset]);
  return {
    assets: new Map(reaches.map((r) => [r.asset, `${r.access} ${r.confidence}`])),
    steps: new Map(reaches.map((r) => [r.asset, r.steps.map((s) => s.technique)])),
  };
}
