import { sortedUnique } from '../model/index.js';
import { statementsFor } from './policy/policy-set.js';
import { compileArnPattern, splitArn } from './matching/arn-pattern.js';
import { hasWildcard } from './matching/glob.js';
import { instantiate, intersectArns } from './matching/intersect-globs.js';
import { openForm, overlap } from './matching/pattern-overlap.js';
import type { Policy } from './policy/document.js';
import type { Template } from './policy/template.js';

/** How many forms of a name are tried at most. */
const LIMIT = 400;

export const isOpenResource = (resource: string): boolean => resource !== '*' && hasWildcard(resource);

/** Concrete resources that stand for all of a form. */
export interface Witnesses {
  readonly arns: readonly string[];
  /** Forms that were left out for their number. */
  readonly leftOut: number;
}

/**
 * Concrete resources of the asked form that stand for all of them: one for each way in which the policies' patterns overlap it, so that
 * whatever is allowed for some name of the form is allowed for one of these. Patterns that cover the form, or have nothing of it, make no
 * difference between its names. `resolve` fills in what is known of a template's variables; `undefined` where it matches nothing.
 */
export function makeWitnesses(
  resource: string,
  action: string,
  policies: readonly Policy[],
  resolve: (template: Template) => string | undefined,
): Witnesses {
  const form = openForm(resource);
  const patterns = new Set<string>();
  for (const policy of policies) {
    for (const { resources } of statementsFor(policy.document, action)) {
      for (const pattern of resources?.fixed ?? []) if (overlap(form, pattern) === 'some') patterns.add(pattern.text);
      for (const template of resources?.templates ?? []) {
        const text = resolve(template);
        if (text !== undefined && overlap(form, compileArnPattern(text)) === 'some') patterns.add(text);
      }
    }
  }
  if (patterns.size === 0) return { arns: [fill(form.segments, 'xnewx')], leftOut: 0 };
  let forms: (readonly string[])[] = [form.segments];
  let leftOut = 0;
  const seen = new Set([resource]);
  for (const pattern of sortedUnique(patterns)) {
    const more: (readonly string[])[] = [];
    for (const one of forms) {
      const common = intersectArns(one, splitArn(pattern));
      const text = common?.join(':');
      if (!common || text === undefined || seen.has(text)) continue;
      seen.add(text);
      more.push(common);
    }
    leftOut += Math.max(0, forms.length + more.length - LIMIT);
    forms = [...forms, ...more].slice(0, LIMIT);
  }
  return { arns: sortedUnique(forms.flatMap((one) => FILLERS.map((filler) => fill(one, filler)))), leftOut };
}

/** Unlikely names that begin differently, so as not to run into a pattern by accident. */
const FILLERS = ['xnewx', 'q7', 'x'];

/** Accounts and regions have their own alphabets. */
function fill(form: readonly string[], filler: string): string {
  const [arn = '', partition = '', service = '', region = '', account = '', resource = ''] = form;
  return [
    arn,
    instantiate(partition, 'aws'),
    instantiate(service, 'x'),
    instantiate(region, 'us-east-1'),
    instantiate(account, '000000000000'),
    instantiate(resource, filler),
  ].join(':');
}
