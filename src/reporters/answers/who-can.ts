import type { Condition } from '../../model/index.js';
import { makeColors } from '../colors.js';
import { printable } from '../printable.js';
import type { RenderOptions } from '../reporter.js';
import { bullet, conditionWords, type Deciding } from './authorization-lines.js';
import { openingText, type Opening } from './opens.js';

interface WhoCan {
  readonly action: string;
  readonly resource: string;
  readonly principals: readonly {
    readonly principals: readonly string[];
    readonly verdict: string;
    readonly conditions: readonly Condition[];
    readonly decidedBy: readonly Deciding[];
  }[];
  readonly outsiders: readonly Opening[];
}

/** Who may do something, for a terminal. */
export function renderWhoCan(answer: WhoCan, { color, width }: RenderOptions): string {
  const paint = makeColors(color);
  const lines = [printable(`who may do ${answer.action} on ${answer.resource}:`)];
  if (answer.principals.length + answer.outsiders.length === 0) return `${lines[0]} ${paint.bold('nobody')}\n`;
  for (const { principals, verdict, conditions, decidedBy } of answer.principals) {
    lines.push('', `  ${paint.bold(verdict)}${conditionWords(conditions)}`);
    for (const principal of principals) lines.push(...bullet(principal, width));
    for (const { policy, statement, effect } of decidedBy)
      lines.push(paint.dim(printable(`      by ${effect}: statement ${statement} of ${policy}`)));
  }
  if (answer.outsiders.length > 0) lines.push('', '  by the own policy of the resource');
  for (const opening of answer.outsiders) lines.push(...bullet(openingText(opening), width));
  return `${lines.join('\n')}\n`;
}
