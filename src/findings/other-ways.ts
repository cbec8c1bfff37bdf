import { byKey, groupBy } from '../model/index.js';
import type { AttackGraph } from './attack-graph.js';
import type { HiddenPath } from './baseline.js';
import type { DataSensitivity } from './data-sensitivity.js';
import { narrowedTo } from './build-report.js';
import { findPaths } from './paths.js';
import type { ReportPath } from './report.js';
import { findTargets, type Target } from './targets.js';

/** So many ways are looked for between two ends, the one that is told among them. */
const MOST = 4;

/**
 * Ways that are there and not told, since an easier one leads between the same ends, or to administration of the account that the target is in: once that is gone they
 * come to light, and are nothing new. Sorted by id.
 */
export function findOtherWays(
  attack: AttackGraph,
  told: readonly ReportPath[],
  data: DataSensitivity,
): readonly HiddenPath[] {
  const targets = findTargets(attack, data);
  const isAdministration = ({ facts }: Target): boolean => facts.some(({ access }) => access === 'admin');
  const administering = targets.filter(isAdministration).flatMap(({ facts }) => facts.map(({ id }) => id));
  const stores = targets.filter((target) => !isAdministration(target));
  const ways = [
    ...findPaths(narrowedTo(attack, targets), targets, { pathsPerPair: MOST, data, besidesAdministration: true }),
    // What is best had by administering its account, as it is had once nobody can.
    ...(administering.length === 0
      ? []
      : findPaths(narrowedTo(attack, stores, administering), stores, { pathsPerPair: 1, data, eachAlone: true })),
  ];
  const known = new Set(told.map(({ id }) => id));
  const byEnds = groupBy(told, ({ entry, target }) => `${entry.id} ${target.id}`);
  const administration = groupBy(
    told.filter(({ target }) => target.access === 'admin'),
    ({ entry }) => entry.id,
  );
  const sets = new Map<readonly string[], ReadonlySet<string>>();
  const isAmong = (members: readonly string[], id: string): boolean => {
    const set = sets.get(members) ?? new Set(members);
    sets.set(members, set);
    return set.has(id);
  };
  return ways
    .flatMap((path): HiddenPath[] => {
      const { id, entry, target } = path;
      if (known.has(id)) return [];
      known.add(id);
      const [same] = byEnds.get(`${entry.id} ${target.id}`) ?? [];
      const behind = same ?? administration.get(entry.id)?.find((other) => isAmong(other.target.members, target.id));
      return behind ? [{ ...path, behind: behind.id }] : [];
    })
    .sort(byKey(({ id }) => id));
}
