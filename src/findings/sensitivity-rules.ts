import { type Asset, byCode } from '../model/index.js';
import { type AssetPattern, matchesAsset } from './asset-pattern.js';
import type { DataSensitivity } from './data-sensitivity.js';
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

interface Assets {
  readonly find: (id: string) => Asset | undefined;
  readonly data: DataSensitivity;
}

/** What the rules say of one asset: by the first that fits it, or where none does, the first that fits what it is a copy of. */
interface Rating {
  readonly severity: Severity;
  /** The asset that the rule fits. */
  readonly rated: string;
}

/**
 * The report with severities as the rules say of each path's target. What comes with a target (interchangeable disks, all that an account's
 * administrator has) can make a path worse, and not better.
 */
export function applySensitivity(report: Report, rules: readonly SensitivityRule[], assets: Assets): Report {
  if (rules.length === 0) return report;
  const ratings = new Map<string, Rating | undefined>();
  const rate = (id: string): Rating | undefined => {
    if (!ratings.has(id)) ratings.set(id, findRating(id, rules, assets));
    return ratings.get(id);
  };
  const paths = report.paths
    .map((path) => applyRating(path, chooseRating(path, rate), assets))
    .sort((a, b) => b.score - a.score || byCode(a.id, b.id));
  const bySeverity = { critical: 0, high: 0, medium: 0, low: 0 };
  for (const path of paths) bySeverity[path.severity]++;
  return { ...report, paths, summary: { ...report.summary, bySeverity } };
}

function findRating(id: string, rules: readonly SensitivityRule[], { find, data }: Assets): Rating | undefined {
  for (const asset of [id, ...data.originsOf(id)]) {
    const rule = rules.find(({ target }) => matchesAsset(target, asset, find(asset)));
    if (!rule) continue;
    return { severity: rule.severity, rated: asset };
  }
  return undefined;
}

const worse = (a: Severity, b: Severity): boolean => SEVERITIES.indexOf(a) < SEVERITIES.indexOf(b);

function chooseRating({ target, severity }: ReportPath, rate: (id: string) => Rating | undefined): Rating | undefined {
  let chosen = rate(target.id);
  for (const member of target.members) {
    const other = rate(member);
    if (other && worse(other.severity, chosen?.severity ?? severity)) chosen = other;
  }
  return chosen;
}

function applyRating(path: ReportPath, rating: Rating | undefined, { find }: Assets): ReportPath {
  if (!rating || rating.severity === path.severity) return path;
  const { rated } = rating;
  const what = rated === path.target.id ? 'its target' : `${find(rated)?.name ?? rated}, whose data it leads to,`;
  const [low, high] = SCORES[rating.severity];
  const direction = worse(rating.severity, path.severity) ? 'raised' : 'lowered';
  return {
    ...path,
    severity: rating.severity,
    score: low + Math.round(((high - low) * path.score) / 100),
    factors: [
      ...path.factors,
      `the configuration rates ${what} ${rating.severity}: ${direction} from ${path.severity}`,
    ],
  };
}
