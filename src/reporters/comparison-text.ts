import type { Colors } from './colors.js';
import { count } from './coverage-text.js';
import { hang } from './display-width.js';
import { printable } from './printable.js';
import type { Reportable } from './reporter.js';

/** The outcome of a check for a terminal; nothing for a report that was not compared. */
export function comparisonLines({ comparison }: Reportable, paint: Colors, width: number): string[] {
  if (!comparison) return [];
  const { counts, verdict, missing, gaps, allowGaps } = comparison;
  const verdictText = {
    passed: paint.good('Check passed'),
    failed: paint.bad('Check failed'),
    gaps: paint.warn('Check undecided: what it depends on could not be seen'),
  }[verdict];
  const numbers = Object.entries(counts)
    .filter(([state, number]) => number > 0 || state === 'new')
    .map(([state, number]) => `${number} ${state}`);
  const lines = [`${paint.bold(verdictText)}: ${numbers.join(', ')}`];
  for (const path of missing.filter(({ state }) => state === 'unverified')) {
    const ends = `${path.id} from ${path.entry.name ?? path.entry.id} to ${path.target.name ?? path.target.id}`;
    lines.push(...hang('  unverified ', printable(`${ends}: ${path.unseen.join('; ')}`), width));
  }
  const unused = missing.filter(({ state, reason, owner }) => state === 'absent' && (reason ?? owner) !== undefined);
  if (unused.length > 0) {
    const ids = unused.map(({ id }) => id).join(', ');
    lines.push(
      ...hang('  unused ', printable(`${count(unused.length, 'acceptance')} of a path that is gone: ${ids}`), width),
    );
  }
  if (gaps.length > 0) {
    const said = allowGaps ? 'allowed' : 'not accepted';
    lines.push(...hang('  gaps ', printable(`${gaps.length} (${said}): ${gaps.slice(0, 5).join('; ')}`), width));
  }
  return lines;
}
