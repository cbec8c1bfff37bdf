import { type ArnPattern, arnText, type ArnText, matchesArn, splitArn } from './arn-pattern.js';
import { intersectArns } from './intersect-globs.js';

/** A form of names: an ARN with wildcards, with what comparing it with many patterns needs. */
export interface OpenForm {
  readonly text: string;
  readonly segments: readonly string[];
  /** Characters before the first wildcard. */
  readonly prefix: string;
  /** The form with every wildcard filled with what no pattern spells: a pattern that matches it matches all names of the form. */
  readonly filled: ArnText;
}

const UNSPELLED = '\u0003'.repeat(40);

/** A name of the form that no pattern spells out. */
export const typicalName = (form: string): string => form.replaceAll('*', UNSPELLED).replaceAll('?', '\u0003');

export function openForm(text: string): OpenForm {
  const wild = text.search(/[*?]/);
  return {
    text,
    segments: splitArn(text),
    prefix: wild < 0 ? text : text.slice(0, wild),
    filled: arnText(text.replaceAll(/[*?]/g, UNSPELLED)),
  };
}

/** Whether a pattern matches all names of a form, none, or some. */
export function overlap(form: OpenForm, pattern: ArnPattern): 'all' | 'none' | 'some' {
  if (pattern.any) return 'all';
  const { prefix } = pattern;
  if (!(prefix.length <= form.prefix.length ? form.prefix.startsWith(prefix) : prefix.startsWith(form.prefix)))
    return 'none';
  if (matchesArn(pattern, form.filled)) return 'all';
  return intersectArns(form.segments, splitArn(pattern.text)) ? 'some' : 'none';
}
