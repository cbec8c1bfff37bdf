import type { Condition } from '../model/index.js';
import { printable } from './printable.js';

/** A condition in words: `aws:MultiFactorAuthPresent Bool true`, or what is not known and why. */
export function conditionText({ key, operator, values }: Condition): string {
  const list = values.join(', ');
  return printable(
    operator === 'Known' ? `not known: ${key}${list === '' ? '' : ` (${list})`}` : `${key} ${operator} ${list}`,
  );
}
