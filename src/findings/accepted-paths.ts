import { groupBy } from '../model/index.js';
import { type AcceptanceNote, noteOf } from './acceptance-note.js';
import type { Baseline, BaselinePath } from './baseline.js';
import type { ReportPath } from './report.js';

/** What a baseline holds of the paths of a report. */
export interface AcceptedPaths {
  /** The path itself, by its id or as the same way over fewer of the same hosts. */
  sameAs(path: ReportPath): BaselinePath | undefined;
  /** The same, or the path in whose place it was not told: it was there then. */
  acceptedAs(path: ReportPath): BaselinePath | undefined;
  /** What was written about the path itself, whether it was told or not. */
  ownNote(path: ReportPath): AcceptanceNote | undefined;
  /** The same, or what was written about the path in whose place it was not told; empty where nothing was. */
  noteOn(path: ReportPath): AcceptanceNote;
}

/** @param paths all that are there now */
export function acceptedPaths(paths: readonly ReportPath[], baseline: Baseline): AcceptedPaths {
  const accepted = new Map(baseline.paths.map((path) => [path.id, path]));
  const aliasOf = findAliases(paths, baseline);
  const otherWays = new Map(baseline.otherWays.map((way) => [way.id, way]));
  const hiddenAs = ({ id }: ReportPath): BaselinePath | undefined => {
    const way = otherWays.get(id);
    const told = way && accepted.get(way.behind);
    return told && { ...told, entries: way.entries };
  };
  const sameAs = (path: ReportPath): BaselinePath | undefined => accepted.get(path.id) ?? aliasOf(path);
  const acceptedAs = (path: ReportPath): BaselinePath | undefined => sameAs(path) ?? hiddenAs(path);
  const ownNote = (path: ReportPath): AcceptanceNote | undefined => {
    const note = noteOf(sameAs(path) ?? otherWays.get(path.id));
    return Object.keys(note).length === 0 ? undefined : note;
  };
  return { sameAs, acceptedAs, ownNote, noteOn: (path) => ownNote(path) ?? noteOf(acceptedAs(path)) };
}

/** Entries of a path that were not among those accepted. Hosts that are alike are one path, so its id does not tell one more of them. */
export const furtherEntries = ({ entry }: ReportPath, accepted: BaselinePath): readonly string[] =>
  accepted.entries.length === 0 ? [] : (entry.identities ?? []).filter((id) => !accepted.entries.includes(id));

/**
 * A path of alike hosts is named after the first of them, so it has another id once that one is gone. It is the accepted path all the same if nothing but entries is
 * missing: the same techniques lead over the same assets to the same target, from some of the same entries and no others.
 */
function findAliases(paths: readonly ReportPath[], baseline: Baseline): (path: ReportPath) => BaselinePath | undefined {
  const reported = new Set(paths.map(({ id }) => id));
  const keyOf = (target: string, access: string, techniques: readonly string[]): string =>
    [target, access, ...techniques].join('\n');
  const gone = groupBy(
    baseline.paths.filter(({ id, entries }) => entries.length > 1 && !reported.has(id)),
    ({ target, techniques }) => keyOf(target.id, target.access, techniques),
  );
  const known = new Set(baseline.paths.map(({ id }) => id));
  return (path) => {
    const { entry, target, steps } = path;
    if (gone.size === 0 || known.has(path.id) || (entry.identities ?? []).length === 0) return undefined;
    const key = keyOf(
      target.id,
      target.access,
      steps.map(({ technique }) => technique),
    );
    const isSameWay = ({ assets }: BaselinePath): boolean =>
      steps.every(({ from, to, requires }) =>
        [from, to, ...requires].every((id) => assets.includes(id) || entry.members.includes(id)),
      );
    return gone.get(key)?.find((other) => furtherEntries(path, other).length === 0 && isSameWay(other));
  };
}
