import { createHash } from 'node:crypto';
import type { ReportStep } from './report.js';

const ID_DIGITS = 16;

/**
 * The identity of a path: its technique ids and the logical identity of its assets, so that replacing an instance of a group by its
 * twin, reordering answers or renaming tags gives the same path.
 * @param logicalId what an asset counts as from one day to the next
 */
export function pathIdOf(steps: readonly ReportStep[], target: string, logicalId: (asset: string) => string): string {
  const ways = steps.map(({ technique, from, to }) => `${technique}\n${logicalId(from)}\n${logicalId(to)}\n`);
  const hash = createHash('sha256').update(ways.join('') + logicalId(target));
  return `p-${hash.digest('hex').slice(0, ID_DIGITS)}`;
}
