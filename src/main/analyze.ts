import { buildAssets, logicalIdOf } from '../assets/index.js';
import {
  type AttackGraph,
  blastRadius,
  buildAttackGraph,
  buildReport,
  DEFAULT_CLASSIFICATION,
  oneAsset,
  rateData,
  type Report,
  whoCanReach,
} from '../findings/index.js';
import { graphOf } from '../graph/index.js';
import { buildAuthorizer } from '../iam/index.js';
import { type Gap, once } from '../model/index.js';
import { buildNetwork } from '../network/index.js';
import type { Snapshot } from '../snapshot/index.js';
import type { Analysis, AnalyzeOptions } from './analysis.js';
import { readMacie } from './macie.js';
import { notCollected } from './not-collected.js';
import { observe } from './observations.js';

/** A snapshot that can be asked; nothing is computed before it is needed. */
export function openAnalysis(snapshot: Snapshot, options: AnalyzeOptions): Analysis {
  const stage = (name: string): void => options.onStage?.(name);
  const inventory = once(() => {
    stage('assets');
    return buildAssets(snapshot);
  });
  const graph = once(() => {
    const found = inventory();
    stage('graph');
    return graphOf(found);
  });
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
  const attack = once((): AttackGraph => {
    const observed = observe(snapshot, graph(), options.vulnerabilities);
    const input = { graph: graph(), iam: iam(), network: network(), observed, logicalId };
    stage('techniques');
    return buildAttackGraph(input);
  });
  const data = once(() => rateData(graph(), readMacie(snapshot), options.classification ?? DEFAULT_CLASSIFICATION));
  const report = once((): Report => {
    const built = attack();
    stage('paths');
    const gaps: readonly Gap[] = [...snapshot.gaps, ...inventory().gaps, ...iam().gaps];
    return buildReport(built, {
      toolVersion: options.toolVersion,
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
