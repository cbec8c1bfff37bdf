import type { Condition } from '../../model/index.js';
import { makeColors } from '../colors.js';
import { hang } from '../display-width.js';
import { printable } from '../printable.js';
import type { RenderOptions } from '../reporter.js';
import { bullet, conditionLines, decisionLines, type Deciding } from './authorization-lines.js';

interface Verdict {
  readonly verdict: string;
  readonly conditions: readonly Condition[];
  readonly decidedBy: readonly Deciding[];
  readonly stoppedBy?: readonly string[];
  readonly notes: readonly string[];
}

interface Administrator {
  readonly principal: string;
  readonly byPolicy: Verdict;
  readonly byWhatItGivesItself: Verdict;
}

/** Whether a principal administers its account, for a terminal. */
export function renderAdministrator(answer: Administrator, { color, width }: RenderOptions): string {
  const paint = makeColors(color);
  const lines = [printable(`is ${answer.principal} an administrator of its account?`)];
  const add = (how: string, { verdict, conditions, decidedBy, stoppedBy = [] }: Verdict): void => {
    lines.push('', `${how}: ${paint.bold(verdict)}`, ...decisionLines(decidedBy, width));
    lines.push(...conditionLines(conditions, width));
    if (stoppedBy.length > 0) lines.push('', '  stopped by');
    for (const stop of stoppedBy) lines.push(...bullet(stop, width));
  };
  add('by its policies', answer.byPolicy);
  add('by what it can give itself', answer.byWhatItGivesItself);
  for (const note of answer.byPolicy.notes) lines.push('', ...hang('note: ', printable(note), width));
  return `${lines.join('\n')}\n`;
}
