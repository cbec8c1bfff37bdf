import type { Condition } from '../../model/index.js';
import { makeColors } from '../colors.js';
import { conditionText } from '../condition-text.js';
import { hang } from '../display-width.js';
import { printable } from '../printable.js';
import type { RenderOptions } from '../reporter.js';

interface Reach {
  readonly from: string;
  readonly to: string;
  readonly verdict: string;
  readonly allowed: readonly {
    readonly sources: readonly string[];
    readonly grade?: string | undefined;
    readonly addresses: number;
    readonly destination: string;
    readonly ports: readonly string[];
    readonly via: readonly string[];
    readonly evidence: readonly { readonly fact: string; readonly source: string }[];
  }[];
  readonly blockedBy: readonly { readonly asset: string; readonly fact: string }[];
  readonly conditions: readonly Condition[];
}

const GRADES = new Map([
  ['internet', 'the whole internet'],
  ['broad', 'a broad part of the internet'],
  ['cloudfront', 'CloudFront'],
  ['named', 'named addresses'],
]);

/** How much of the internet the sources are. */
const countText = ({ grade, addresses }: Reach['allowed'][number]): string =>
  grade === undefined
    ? ''
    : grade === 'internet'
      ? ` (${GRADES.get(grade) ?? grade})`
      : ` (${GRADES.get(grade) ?? grade}: ${addresses.toLocaleString('en')} ${addresses === 1 ? 'address' : 'addresses'})`;

/** The answer to a network question for a terminal. */
export function renderReach(answer: Reach, { color, width }: RenderOptions): string {
  const paint = makeColors(color);
  const verdict = answer.verdict === 'yes' ? paint.bad('yes') : paint.bold(answer.verdict);
  const lines = [`${printable(answer.from)} → ${printable(answer.to)}: ${verdict}`];
  for (const flow of answer.allowed) {
    lines.push('', ...hang('  ', printable(`${flow.ports.join(', ')} at ${flow.destination}`), width));
    lines.push(...hang('    from ', printable(`${flow.sources.join(', ')}${countText(flow)}`), width));
    for (const via of flow.via) lines.push(...hang('    via ', printable(via), width));
    for (const { fact, source } of flow.evidence) {
      lines.push(...hang('    - ', printable(`${fact} [${source}]`), width).map(paint.dim));
    }
  }
  if (answer.blockedBy.length > 0) lines.push('', '  blocked by');
  for (const { asset, fact } of answer.blockedBy) lines.push(...hang('    - ', printable(`${asset}: ${fact}`), width));
  if (answer.conditions.length > 0) lines.push('', '  depends on');
  for (const condition of answer.conditions) lines.push(...hang('    - ', conditionText(condition), width));
  return `${lines.join('\n')}\n`;
}
