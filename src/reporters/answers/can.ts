import type { Condition } from '../../model/index.js';
import { makeColors } from '../colors.js';
import { hang } from '../display-width.js';
import { printable } from '../printable.js';
import type { RenderOptions } from '../reporter.js';
import { bullet, conditionLines, decisionLines, type Deciding } from './authorization-lines.js';

interface Can {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly from?: { readonly host: string; readonly context: Readonly<Record<string, string | readonly string[]>> };
  readonly verdict: string;
  readonly conditions: readonly Condition[];
  readonly decidedBy: readonly Deciding[];
  readonly stoppedBy: readonly string[];
  readonly nearly: readonly { readonly policy: string; readonly statement: string; readonly because: string }[];
  readonly notes: readonly string[];
}

/** ` (aws:SourceVpc vpc-1, no aws:SourceIp)` */
function contextWords(context: NonNullable<Can['from']>['context']): string {
  const words = Object.entries(context).map(([key, value]) =>
    value.length === 0 ? `no ${key}` : `${key} ${typeof value === 'string' ? value : value.join(' or ')}`,
  );
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}

/** How many near misses a person is shown. */
const SHOWN = 8;

/** The answer to an authorization question for a terminal. */
export function renderCan(answer: Can, { color, width }: RenderOptions): string {
  const paint = makeColors(color);
  const { nearly, stoppedBy } = answer;
  const lines = [printable(`${answer.principal} ${answer.action} ${answer.resource}: `) + paint.bold(answer.verdict)];
  if (answer.from)
    lines.push(...hang('  on ', printable(`${answer.from.host}${contextWords(answer.from.context)}`), width));
  lines.push(...decisionLines(answer.decidedBy, width), ...conditionLines(answer.conditions, width));
  if (stoppedBy.length > 0) lines.push('', '  stopped by');
  for (const stop of stoppedBy) lines.push(...bullet(stop, width));
  if (nearly.length > 0) lines.push('', '  nearly allowed by');
  for (const { policy, statement, because } of nearly.slice(0, SHOWN))
    lines.push(...bullet(`statement ${statement} of ${policy}, which ${because}`, width));
  if (nearly.length > SHOWN) lines.push(`    and ${nearly.length - SHOWN} more`);
  for (const note of answer.notes) lines.push('', ...hang('  note: ', printable(note), width));
  return `${lines.join('\n')}\n`;
}
