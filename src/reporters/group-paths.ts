import type { ReportPath } from '../findings/report.js';
import { groupBy } from '../model/index.js';

/** The paths to one target, the worst first. */
export interface TargetGroup {
  readonly worst: ReportPath;
  /** All of them, `worst` among them, in the report's order. */
  readonly paths: readonly ReportPath[];
}

/** Paths by target and access, in the order of each group's worst: a target that a hundred hosts lead to is one finding to read. */
export function groupByTarget(paths: readonly ReportPath[]): readonly TargetGroup[] {
  const groups = groupBy(paths, ({ target }) => `${target.access} ${target.id}`);
  return [...groups.values()].map((members) => ({ worst: members[0] as ReportPath, paths: members }));
}
