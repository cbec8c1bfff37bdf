import { sortedUnique } from '../model/index.js';
import { hasWildcard } from './matching/glob.js';
import { instantiate, intersectArns } from './matching/intersect-globs.js';
import { splitArn } from './matching/arn-pattern.js';
import type { Policy } from './policy/document.js';
import { statementsFor } from './evaluate-layer.js';

/** How many forms of a name are tried at most. */
const LIMIT = 400;

export const isOpenResource = (resource: string): boolean => resource !== '*' && hasWildcard(resource);

/**
 * Concrete resources of the asked form that stand for all of them: one for each way in which the policies' patterns overlap it, so that
 * whatever is allowed for some name of the form is allowed for one of these.
 */
export function makeWitnesses(
  resource: string,
  action: string,
  policies: readonly Policy[],
  variables: (text: string) => string,
): string[] {
  const asked = splitArn(resource);
  const patterns = new Set<string>();
  for (const policy of policies) {
    for (const { resources } of statementsFor(policy, action)) {
      for (const pattern of resources?.fixed ?? []) patterns.add(pattern.text);
      for (const template of resources?.templates ?? []) patterns.add(variables(template.text));
    }
  }
  let forms: (readonly string[])[] = [asked];
  const seen = new Set([resource]);
  for (const pattern of sortedUnique(patterns)) {
    if (pattern === '*') continue;
    const more: (readonly string[])[] = [];
    for (const form of forms) {
      const common = intersectArns(form, splitArn(pattern));
      const text = common?.join(':');
      if (!common || text === undefined || seen.has(text)) continue;
      seen.add(text);
      more.push(common);
    }
    forms = [...forms, ...more].slice(0, LIMIT);
  }
  return sortedUnique(forms.flatMap((form) => fill(form)));
}

/** Accounts and regions have their own alphabets; elsewhere unlikely names that begin differently, so as not to run into a pattern by accident. */
function fill(form: readonly string[]): string[] {
  const [arn = '', partition = '', service = '', region = '', account = '', resource = ''] = form;
  const head = [
    arn,
    instantiate(partition, 'aws'),
    instantiate(service, 'x'),
    instantiate(region, 'us-east-1'),
    instantiate(account, '000000000000'),
  ];
  return ['xnewx', 'q7', 'x'].map((filler) => [...head, instantiate(resource, filler)].join(':'));
}
