import type { PathNote } from '../findings/report.js';
import type { AssetNames } from './asset-names.js';
import { conditionText } from './condition-text.js';

/** A note of a path as a sentence or two. */
export function noteText({ principal, text, actions, limit, conditions }: PathNote, names: AssetNames): string {
  const only = conditions.length === 0 ? '' : `, if ${conditions.map(conditionText).join(' and ')}`;
  return `${names.labelOf(principal)} ${text} (${actions.join(', ')})${only}.${limit === undefined ? '' : ` ${limit}`}`;
}
