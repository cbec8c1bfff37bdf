import type { Condition } from '../../model/index.js';
import { makeColors } from '../colors.js';
import { conditionText } from '../condition-text.js';
import { hang } from '../display-width.js';
import { printable } from '../printable.js';
import type { RenderOptions } from '../reporter.js';

interface Can {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly verdict: string;
  readonly conditions: readonly Condition[];
  readonly decidedBy: readonly { readonly policy: string; readonly statement: string; readonly effect: string }[];
  readonly notes: readonly string[];
}

/** The answer to an authorization question for a terminal. */
export function renderCan(answer: Can, { color, width }: RenderOptions): string {
  const paint = makeColors(color);
  const lines = [printable(`${answer.principal} ${answer.action} ${answer.resource}: `) + paint.bold(answer.verdict)];
  if (answer.decidedBy.length > 0) lines.push('', '  decided by');
  for (const { policy, statement, effect } of answer.decidedBy) {
    lines.push(...hang('    - ', printable(`${effect}: statement ${statement} of ${policy}`), width));
  }
  if (answer.conditions.length > 0) lines.push('', '  depends on');
  for (const condition of answer.conditions) lines.push(...hang('    - ', conditionText(condition), width));
  for (const note of answer.notes) lines.push('', ...hang('  note: ', printable(note), width));
  return `${lines.join('\n')}\n`;
}
