import { byKey } from '../model/index.js';
import { HOSTS, type Report, type ReportPath } from '../findings/index.js';

/** A path as an outcome shows it. */
export interface PathEnds {
  readonly id: string;
  readonly entry: string;
  readonly entryName?: string;
  readonly target: string;
  readonly targetName?: string;
  readonly severity: ReportPath['severity'];
  readonly score: number;
}

/** What became of paths after changes. Each list is sorted by score (highest first), then id. */
export interface Outcome {
  /** Gone: nothing leads from that entry to that target any more; of what was open to everybody, nothing leads there at all. */
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
  ...(entry.name !== undefined && { entryName: entry.name }),
  target: target.id,
  ...(target.name !== undefined && { targetName: target.name }),
  severity,
  score,
});

/**
 * Two reports of the same accounts, before and after changes. What everybody has (a public bucket, a role that trusts all) is told of that alone, so once it is
 * closed the hosts that have it too come to light: they open nothing, and the target is still had.
 */
export function compareReports(before: Report, after: Report): Outcome {
  const same = new Set(after.paths.map(({ id }) => id));
  const known = new Set(before.paths.map(({ id }) => id));
  const hadNow = new Set(after.paths.flatMap(pairsOf));
  const targetsNow = new Set(after.paths.flatMap(({ target }) => target.members));
  const hadBefore = new Set(before.paths.flatMap(pairsOf));
  const openBefore = new Set(before.paths.filter(isOpen).flatMap(({ target }) => target.members));
  const lost = before.paths.filter(({ id }) => !same.has(id));
  const isStillHad = (path: ReportPath): boolean =>
    isOpen(path)
      ? path.target.members.some((to) => targetsNow.has(to))
      : pairsOf(path).some((pair) => hadNow.has(pair));
  const wasHad = (path: ReportPath): boolean =>
    pairsOf(path).some((pair) => hadBefore.has(pair)) || path.target.members.every((to) => openBefore.has(to));
  return {
    gone: sorted(lost.filter((path) => !isStillHad(path))),
    anotherWay: sorted(lost.filter(isStillHad)),
    opened: sorted(after.paths.filter((path) => !known.has(path.id) && !wasHad(path))),
    left: after.paths.length,
  };
}

/** Whether everybody has the target who asks for it: a host gives way by a flaw of its own, every other entry is there for the asking. */
const isOpen = ({ entry }: ReportPath): boolean => !HOSTS.has(entry.type);

const sorted = (paths: readonly ReportPath[]): readonly PathEnds[] =>
  [...paths]
    .sort(byKey(({ id }) => id))
    .sort((a, b) => b.score - a.score)
    .map(endsOf);

/** Every pair of members: a group that got smaller is still the same way in. */
const pairsOf = ({ entry, target }: ReportPath): readonly string[] =>
  entry.members.flatMap((from) => target.members.map((to) => `${from} ${to}`));
