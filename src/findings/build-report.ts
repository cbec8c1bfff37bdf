import { byCode, byKey, type Gap, sortedUnique } from '../model/index.js';
import type { Exposure } from '../network/index.js';
import type { FactId } from '../attack/index.js';
import { DATA_STORES } from '../techniques/index.js';
import { askedBy, type AttackGraph } from './attack-graph.js';
import { findChokePoints } from './choke-points.js';
import { describe } from './path-maker.js';
import { findPaths, type PathOptions } from './paths.js';
import { addNotes } from './path-notes.js';
import { findTargets, type Target } from './targets.js';
import { REPORT_VERSION, type Report, type ReportExposure, type ReportPath, type Severity } from './report.js';

/** What was looked at: of the snapshot. */
export interface CoverageInput {
  readonly accounts: readonly { readonly id: string; readonly regions: readonly string[] }[];
  readonly gaps: readonly Gap[];
  readonly collectedAt?: string;
  /** Operations that were neither answered nor refused, as `account/region/service/Operation`. */
  readonly notCollected: readonly string[];
}

export interface ReportOptions extends PathOptions {
  readonly toolVersion: string;
  /** What is reached from outside, as the network says it. */
  readonly exposures: readonly Exposure[];
  readonly coverage: CoverageInput;
}

/** The whole report: the only place that puts its parts together. */
export function buildReport(attack: AttackGraph, options: ReportOptions): Report {
  const { graph } = attack;
  const { coverage } = options;
  const exposures = options.exposures.map((e) => reportExposure(attack, e));
  const targets = findTargets(attack, options.data);
  const towards = narrowedTo(attack, targets);
  const paths = addNotes(attack.iam, findPaths(towards, targets, options));
  return {
    schemaVersion: REPORT_VERSION,
    tool: { name: 'trespass', version: options.toolVersion },
    snapshot: {
      accounts: coverage.accounts.map((a) => a.id),
      regions: sortedUnique(coverage.accounts.flatMap((a) => a.regions)),
      ...(coverage.collectedAt !== undefined && { collectedAt: coverage.collectedAt }),
      gaps: [...coverage.gaps].sort(
        byKey((g) => [g.account, g.region, g.service, g.operation, g.resource ?? ''].join('/')),
      ),
      notCollected: [...coverage.notCollected].sort(byCode),
    },
    summary: {
      assets: graph.size,
      relationships: graph.relationshipCount,
      exposed: new Set(exposures.filter((e) => e.grade !== 'named').map((e) => e.asset)).size,
      dataStores: DATA_STORES.reduce((sum, type) => sum + graph.assetsOfType(type).length, 0),
      paths: paths.length,
      bySeverity: countBySeverity(paths),
    },
    exposures: exposures.sort((a, b) => byCode(a.asset, b.asset) || byCode(a.grade, b.grade)),
    paths,
    chokePoints: findChokePoints(towards, paths),
  };
}

/**
 * The attack graph as far as it matters to targets.
 * @param without facts that cannot be had
 */
export function narrowedTo(
  attack: AttackGraph,
  targets: readonly Target[],
  without: readonly FactId[] = [],
): AttackGraph {
  const engine = attack.engine.towards(
    targets.flatMap(({ facts }) => facts.map(({ id }) => id)),
    without,
  );
  return askedBy(attack, engine);
}

function countBySeverity(paths: readonly ReportPath[]): Record<Severity, number> {
  const counts = { critical: 0, high: 0, medium: 0, low: 0 };
  for (const { severity } of paths) counts[severity] += 1;
  return counts;
}

function reportExposure(attack: AttackGraph, exposure: Exposure): ReportExposure {
  const { name } = describe(attack, exposure.asset);
  const { asset, type, grade, sources, addresses, ports, via, conditions, evidence } = exposure;
  return {
    asset,
    type,
    ...(name !== undefined && { name }),
    from: grade === 'named' ? 'named-addresses' : 'internet',
    grade,
    sources,
    addresses,
    ports,
    via,
    confidence: exposure.verdict === 'yes' ? 'confirmed' : 'conditional',
    conditions: exposure.verdict === 'yes' ? [] : conditions,
    evidence,
  };
}
