import { onceFor } from '../../model/index.js';
import type { ChokePoint, ReportPath } from '../../findings/report.js';
import { keyOfStep } from '../../findings/surviving-paths.js';
import type { PageModel } from '../data/page-report.js';

/** A step that can be taken away, whichever way it is made: a technique used to get to an asset. */
export interface Switch {
  readonly key: string;
  readonly technique: string;
  readonly to: string;
  readonly title: string;
  readonly text: string;
  readonly fix: string;
  /** The paths in which it stands. */
  readonly paths: readonly ReportPath[];
}

/** The key of the step that a choke point takes away: its words begin with the technique. */
export const keyOfChokePoint = ({ remove }: Pick<ChokePoint, 'remove'>): string =>
  keyOfStep({ technique: remove.what.split(':', 1)[0] ?? '', to: remove.asset });

/** Every step of every path by its key, those in most paths first. */
export const switchesOf = ({ paths }: Pick<PageModel, 'paths'>): ReadonlyMap<string, Switch> => collect(paths);

const collect = onceFor((paths: readonly ReportPath[]): ReadonlyMap<string, Switch> => {
  const found = new Map<string, Switch & { readonly paths: ReportPath[] }>();
  for (const path of paths) {
    for (const step of path.steps) {
      const key = keyOfStep(step);
      const { technique, to, title, text, fix } = step;
      const one = found.get(key) ?? { key, technique, to, title, text, fix, paths: [] };
      found.set(key, one);
      if (one.paths.at(-1) !== path) one.paths.push(path);
    }
  }
  return new Map([...found].sort(([, a], [, b]) => b.paths.length - a.paths.length));
});
