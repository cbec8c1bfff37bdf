import { byKey, groupBy } from '../model/index.js';
import type { Report, ReportPath } from '../findings/index.js';

/** A path as an outcome shows it. */
export interface PathEnds {
  readonly id: string;
  readonly entry: string;
  readonly target: string;
  readonly severity: ReportPath['severity'];
  readonly score: number;
}

/** What became of paths after changes. Each list is sorted by score (highest first), then id. */
export interface Outcome {
  /** Gone: nothing leads from that entry to that target any more. */
  readonly gone: readonly PathEnds[];
  /** The target is still had from the entry, but another way. */
  readonly anotherWay: readonly PathEnds[];
  /** Not there before. */
  readonly opened: readonly PathEnds[];
  readonly left: number;
}

const endsOf = ({ id, entry, target, severity, score }: ReportPath): PathEnds => ({
  id,
  entry: entry.id,
  target: target.id,
  severity,
  score,
});

/** Two reports of the same accounts, before and after changes. */
export function compareReports(before: Report, after: Report): Outcome {
  const same = new Set(after.paths.map(({ id }) => id));
  const known = new Set(before.paths.map(({ id }) => id));
  const pairs = groupBy(after.paths.flatMap(pairsOf), (pair) => pair);
  const lost = before.paths.filter(({ id }) => !same.has(id));
  const isStillHad = (path: ReportPath): boolean => pairsOf(path).some((pair) => pairs.has(pair));
  const had = new Set(before.paths.flatMap(pairsOf));
  return {
    gone: sorted(lost.filter((path) => !isStillHad(path))),
    anotherWay: sorted(lost.filter(isStillHad)),
    opened: sorted(after.paths.filter((path) => !known.has(path.id) && !pairsOf(path).some((pair) => had.has(pair)))),
    left: after.paths.length,
  };
}

const sorted = (paths: readonly ReportPath[]): readonly PathEnds[] =>
  [...paths]
    .sort(byKey(({ id }) => id))
    .sort((a, b) => b.score - a.score)
    .map(endsOf);

/** Every pair of members: a group that got smaller is still the same way in. */
const pairsOf = ({ entry, target }: ReportPath): readonly string[] =>
  entry.members.flatMap((from) => target.members.map((to) => `${from} ${to}`));
