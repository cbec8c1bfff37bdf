import type { Condition } from '../../model/index.js';
import { conditionText } from '../condition-text.js';
import { hang } from '../display-width.js';
import { printable } from '../printable.js';

export interface Deciding {
  readonly policy: string;
  readonly statement: string;
  readonly effect: string;
}

export const bullet = (text: string, width: number): readonly string[] => hang('    - ', printable(text), width);

/** The statements that decide, under a heading; nothing where there are none. */
export const decisionLines = (decidedBy: readonly Deciding[], width: number): readonly string[] =>
  decidedBy.length === 0
    ? []
    : [
        '',
        '  decided by',
        ...decidedBy.flatMap(({ policy, statement, effect }) =>
          bullet(`${effect}: statement ${statement} of ${policy}`, width),
        ),
      ];

/** What is left open, under a heading; nothing where nothing is. */
export const conditionLines = (conditions: readonly Condition[], width: number): readonly string[] =>
  conditions.length === 0
    ? []
    : ['', '  depends on', ...conditions.flatMap((condition) => hang('    - ', conditionText(condition), width))];

/** The same in few words, after what they are about. */
export const conditionWords = (conditions: readonly Condition[]): string =>
  conditions.length === 0 ? '' : ` (${conditions.map(conditionText).join('; ')})`;
