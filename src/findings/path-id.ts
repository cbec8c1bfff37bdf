import { hash } from 'node:crypto';
import type { ReportStep } from './report.js';

const ID_DIGITS = 16;

/** What an asset counts as from one day to the next. */
type LogicalId = (asset: string) => string;

/**
 * Makes the identities of paths: of their technique ids and the logical identity of their assets, so that replacing an instance of a group by its
 * twin, reordering answers or renaming tags gives the same path. Paths share steps, so what a step adds is put into words once.
 */
export function makePathIds(logicalId: LogicalId): PathIds {
  const words = new Map<ReportStep, string>();
  const wordsOf = (step: ReportStep): string => {
    const known = words.get(step) ?? describe(step, logicalId);
    words.set(step, known);
    return known;
  };
  return (steps, target, counts) => {
    let told = '';
    for (const step of steps)
      told +=
        counts !== undefined && (step.from === target || step.to === target)
          ? describe(step, (asset) => (asset === target ? counts : logicalId(asset)))
          : wordsOf(step);
    return `p-${hash('sha256', told + (counts ?? logicalId(target))).slice(0, ID_DIGITS)}`;
  };
}

/** @param counts what the target counts as, where that is not its own logical identity */
export type PathIds = (steps: readonly ReportStep[], target: string, counts: string | undefined) => string;

const describe = ({ technique, from, to }: ReportStep, logicalId: LogicalId): string =>
  `${technique}\n${logicalId(from)}\n${logicalId(to)}\n`;
