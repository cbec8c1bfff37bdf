import type { ReportPath } from '../findings/report.js';

/**
 * For each path the fix to show where there is room for one: of the steps after the entry (being reachable is what an internet-facing
 * host is for), one that names what to change rather than a direction; of several, the one that breaks most paths of the report, and then
 * the one nearest to the target.
 */
export function bestFixes(paths: readonly ReportPath[]): ReadonlyMap<string, string> {
  const uses = new Map<string, number>();
  for (const path of paths) {
    for (const fix of new Set(path.steps.map((step) => step.fix))) uses.set(fix, (uses.get(fix) ?? 0) + 1);
  }
  const worth = (fix: string): number => (namesSomething(fix) ? 1_000_000 : 0) + (uses.get(fix) ?? 0);
  return new Map(
    paths.map(({ id, steps }) => {
      const later = steps.slice(1).filter(({ fix }) => fix !== '');
      let best = later.length > 0 ? '' : (steps[0]?.fix ?? '');
      for (const { fix } of later) if (best === '' || worth(fix) >= worth(best)) best = fix;
      return [id, best];
    }),
  );
}

/** Whether a fix names an action, an ARN or the id of a resource. */
const namesSomething = (fix: string): boolean =>
  /\barn:|\b[a-z0-9-]+:[A-Z][A-Za-z]+|\b[a-z]+-[0-9a-f]{8,17}\b/.test(fix);
