import { buildAssets, logicalIdOf } from '../assets/index.js';
import {
  type AttackGraph,
  attackGraphOf,
  type AttackInput,
  blastRadius,
  buildAttackGraph,
  buildReport,
  DEFAULT_CLASSIFICATION,
  oneAsset,
  rateData,
  type Report,
  whoCanReach,
} from '../findings/index.js';
import { type AssetGraph, graphOf } from '../graph/index.js';
import { buildAuthorizer } from '../iam/index.js';
import { type Gap, once } from '../model/index.js';
import { buildNetwork } from '../network/index.js';
import type { Snapshot } from '../snapshot/index.js';
import type { Analysis, AnalyzeOptions, PreparedParts } from './analysis.js';
import { readMacie } from './macie.js';
import { notCollected } from './not-collected.js';
import { observe } from './observations.js';

/**
 * A snapshot that can be asked; nothing is computed before it is needed.
 * @param prepared what was worked out of the same snapshot before
 */
export function openAnalysis(snapshot: Snapshot, options: AnalyzeOptions, prepared?: PreparedParts): Analysis {
  const stage = (name: string): void => options.onStage?.(name);
  const inventory = once((): Pick<PreparedParts, 'graph' | 'unreadable'> => {
    if (prepared) return prepared;
    stage('assets');
    const found = buildAssets(snapshot);
    stage('graph');
    return { graph: graphOf(found), unreadable: found.gaps };
  });
  const graph = (): AssetGraph => inventory().graph;
  const network = once(() => {
    stage('network');
    return buildNetwork(snapshot);
  });
  const iam = once(() => {
    stage('authorization');
    return buildAuthorizer(snapshot);
  });
  const logicalIds = new Map<string, string>();
  const logicalId = (id: string): string => {
    const known = logicalIds.get(id);
    if (known !== undefined) return known;
    const asset = graph().asset(id);
    const made = asset === undefined ? id : logicalIdOf(asset, (other) => graph().asset(other));
    logicalIds.set(id, made);
    return made;
  };
  const observed = once(() => observe(snapshot, graph(), options.vulnerabilities));
  const input: AttackInput = {
    get graph() {
      return graph();
    },
    get iam() {
      return iam();
    },
    get network() {
      return network();
    },
    get observed() {
      return observed();
    },
    logicalId,
  };
  const attack = once((): AttackGraph => {
    if (prepared) return attackGraphOf(input, prepared.clauses);
    const whole = { ...input };
    stage('techniques');
    return buildAttackGraph(whole);
  });
  const data = once(() => rateData(graph(), readMacie(snapshot), options.classification ?? DEFAULT_CLASSIFICATION));
  const report = once((): Report => {
    const built = attack();
    const gaps: readonly Gap[] = [...snapshot.gaps, ...inventory().unreadable, ...iam().gaps];
    stage('paths');
    return buildReport(built, {
      toolVersion: options.toolVersion,
      exposures: prepared ? prepared.exposures : network().exposures(),
      coverage: { ...snapshot, gaps, notCollected: notCollected(snapshot) },
      pathsPerPair: options.pathsPerPair ?? 1,
      data: data(),
    });
  });
  return {
    snapshot,
    get graph() {
      return graph();
    },
    get unreadable() {
      return inventory().unreadable;
    },
    get network() {
      return network();
    },
    get iam() {
      return iam();
    },
    get attack() {
      return attack();
    },
    get data() {
      return data();
    },
    report,
    blastRadius: (assets) =>
      blastRadius(
        attack(),
        assets.map((asset) => oneAsset(attack(), asset)),
      ),
    whoCanReach: (assets) =>
      whoCanReach(
        attack(),
        assets.map((asset) => oneAsset(attack(), asset)),
      ),
  };
}

/** The report of a snapshot. */
export const analyzeSnapshot = (snapshot: Snapshot, options: AnalyzeOptions): Report =>
  openAnalysis(snapshot, options).report();
