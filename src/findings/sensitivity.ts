import { type Asset, byCode } from '../model/index.js';
import { type AssetPattern, matchesAsset } from './asset-pattern.js';
import { type Report, type ReportPath, SEVERITIES, type Severity } from './report.js';

/** What the owner of the accounts knows and AWS does not: how bad it would be to lose a target. */
export interface SensitivityRule {
  readonly target: AssetPattern;
  /** Every path to it is this severe, however hard it is. */
  readonly severity: Severity;
}

/** Where a severity's scores lie; a path that is moved keeps its place among its equals. */
const SCORES: Readonly<Record<Severity, readonly [number, number]>> = {
  critical: [90, 100],
  high: [70, 89],
  medium: [45, 69],
  low: [0, 44],
};

/** The report with severities as the rules say; the first rule that fits a path's target counts. */
export function applySensitivity(
  report: Report,
  rules: readonly SensitivityRule[],
  find: (id: string) => Asset | undefined,
): Report {
  if (rules.length === 0) return report;
  const paths = report.paths
    .map((path) => rate(path, rules, find))
    .sort((a, b) => b.score - a.score || byCode(a.id, b.id));
  const bySeverity = { critical: 0, high: 0, medium: 0, low: 0 };
  for (const path of paths) bySeverity[path.severity]++;
  return { ...report, paths, summary: { ...report.summary, bySeverity } };
}

function rate(
  path: ReportPath,
  rules: readonly SensitivityRule[],
  find: (id: string) => Asset | undefined,
): ReportPath {
  const targets = [...new Set([path.target.id, ...path.target.members])];
  const rule = rules.find(({ target }) => targets.some((id) => matchesAsset(target, id, find(id))));
  if (!rule || rule.severity === path.severity) return path;
  const [low, high] = SCORES[rule.severity];
  const direction = SEVERITIES.indexOf(rule.severity) < SEVERITIES.indexOf(path.severity) ? 'raised' : 'lowered';
  return {
    ...path,
    severity: rule.severity,
    score: low + Math.round(((high - low) * path.score) / 100),
    factors: [
      ...path.factors,
      `the configuration rates its target ${rule.severity}: ${direction} from ${path.severity}`,
    ],
  };
}
