import { type Gap, groupBy } from '../../model/index.js';
import { count } from '../coverage-text.js';
import { printable } from '../printable.js';
import { type PreparedSummary, renderPrepared } from './prepared.js';

interface Collected {
  readonly snapshot: string;
  readonly accounts: readonly { readonly id: string; readonly regions: readonly string[] }[];
  readonly gaps: readonly Gap[];
  /** What was worked out beforehand of it. */
  readonly prepared?: PreparedSummary;
}

/** What a collection has seen and has not, for a terminal. */
export function renderCollected({ snapshot, accounts, gaps, prepared }: Collected): string {
  const lines = [`${snapshot} holds`];
  for (const { id, regions } of accounts) lines.push(`  account ${id}: ${count(regions.length, 'region')}`);
  if (gaps.length > 0) lines.push(`${count(gaps.length, 'call')} refused or failed:`);
  for (const [what, same] of groupBy(gaps, (gap) => `${gap.service}:${gap.operation} ${gap.error}`)) {
    lines.push(`  ${what}${same.length > 1 ? ` (${same.length} times)` : ''}`);
  }
  return `${lines.map((line) => printable(line)).join('\n')}\n${prepared ? renderPrepared(prepared) : ''}`;
}
