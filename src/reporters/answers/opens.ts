import type { Condition } from '../../model/index.js';
import { makeColors } from '../colors.js';
import { printable } from '../printable.js';
import type { RenderOptions } from '../reporter.js';
import { bullet, conditionWords, type Deciding } from './authorization-lines.js';

export interface Opening {
  readonly to: string;
  readonly who: string;
  readonly actions: readonly string[];
  readonly conditions: readonly Condition[];
  readonly decidedBy: readonly Deciding[];
}

/** Whom a resource lets in, in one line: `account 444455556666: s3:GetObject`. */
export const openingText = ({ to, who, actions, conditions }: Opening): string =>
  `${to}${who === '' ? '' : ` ${who}`}: ${actions.join(', ')}${conditionWords(conditions)}`;

/** Whom a resource lets in from outside of its account, for a terminal. */
export function renderOpens(
  answer: { readonly resource: string; readonly opens: readonly Opening[] },
  { color, width }: RenderOptions,
): string {
  const paint = makeColors(color);
  const lines = [printable(`${answer.resource} is open to:`)];
  if (answer.opens.length === 0) return `${lines[0]} ${paint.bold('nobody outside of its account')}\n`;
  for (const opening of answer.opens) {
    lines.push(...bullet(openingText(opening), width));
    for (const { policy, statement, effect } of opening.decidedBy)
      lines.push(paint.dim(printable(`      by ${effect}: statement ${statement} of ${policy}`)));
  }
  return `${lines.join('\n')}\n`;
}
