import { byKey, sortedUnique } from '../model/index.js';
import { statementsFor } from './policy/policy-set.js';
import { compileArnPattern, splitArn } from './matching/arn-pattern.js';
import { compileGlob, hasWildcard, matchesGlob } from './matching/glob.js';
import { instantiate, intersectArns } from './matching/intersect-globs.js';
import { openForm, overlap } from './matching/pattern-overlap.js';
import type { Policy } from './policy/document.js';
import type { Statement } from './policy/statement.js';
import { type Template, widest } from './policy/template.js';

/** How many patterns are combined at most where names are asked for. */
const MOST_PATTERNS = 24;

/** And how many of those that policy variables make: mostly they have nothing in common, as those of several users. */
const MOST_FILLED = 100;

/** How many forms of a name are tried at most. */
const LIMIT = 400;

export const isOpenResource = (resource: string): boolean => resource !== '*' && hasWildcard(resource);

/** A resource that stands for others. */
export interface Witness {
  readonly arn: string;
  /** Where its form leaves the region open: in which ones it may be as well. */
  readonly mayBeIn?: (region: string) => boolean;
}

/** Concrete resources that stand for all of a form. */
export interface Witnesses {
  /** In the order of their ARNs. */
  readonly resources: readonly Witness[];
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
  const regionOf = regionsOf(patterns);
  if (patterns.size === 0) return { resources: [witness(form.segments, 'xnewx', regionOf)], leftOut: 0 };
  const { forms, leftOut } = intersections(form.segments, patterns);
  const found = new Map<string, Witness>();
  for (const one of forms) {
    for (const filler of FILLERS) {
      const made = witness(one, filler, regionOf);
      if (!found.has(made.arn)) found.set(made.arn, made);
    }
  }
  return { resources: [...found.values()].sort(byKey(({ arn }) => arn)), leftOut };
}

/** A statement, with what its resources and the values of its conditions come to: texts of which those with variables are filled in. */
export interface Telling {
  readonly statement: Statement;
  /** `undefined` where a template comes to too many texts. */
  readonly textsOf: (template: Template) => Iterable<string> | undefined;
}

/**
 * Names of a form that stand for all as far as the statements tell them apart, in each of the regions that they tell apart: none where they tell nothing apart;
 * `undefined` where those are too many.
 * @param keys condition keys, in lower case, whose values are such names too
 */
export function namesOf(
  form: string,
  statements: Iterable<Telling>,
  keys: readonly string[] = [],
): readonly string[] | undefined {
  const open = openForm(form);
  const patterns = new Set<string>();
  const filled = new Set<string>();
  const regions = new Set<string>();
  for (const { statement, textsOf } of statements) {
    const { resources, conditions } = statement;
    const named = conditions.flatMap(({ lowerKey, templates }) => (keys.includes(lowerKey) ? templates : []));
    for (const pattern of resources?.fixed ?? []) if (overlap(open, pattern) === 'some') patterns.add(pattern.text);
    for (const template of [...(resources?.templates ?? []), ...named]) {
      const isFixed = typeof template === 'string';
      // What tells nothing apart whatever its variables are is not filled in.
      if (!isFixed && overlap(open, compileArnPattern(widest(template))) === 'none') continue;
      const texts = isFixed ? [template] : textsOf(template);
      if (texts === undefined) return undefined;
      for (const text of texts)
        if (overlap(open, compileArnPattern(text)) === 'some') (isFixed ? patterns : filled).add(text);
    }
    for (const { lowerKey, values } of conditions)
      if (lowerKey === 'aws:requestedregion') for (const value of values) regions.add(instantiate(value, 'x-1'));
  }
  if (patterns.size + filled.size + regions.size === 0) return [];
  if (patterns.size > MOST_PATTERNS || filled.size > MOST_FILLED) return undefined;
  for (const text of filled) patterns.add(text);
  for (const pattern of patterns) {
    const region = splitArn(pattern)[3] ?? '';
    if (region !== '' && !hasWildcard(region)) regions.add(region);
  }
  const { forms, leftOut } = intersections(open.segments, patterns);
  if (leftOut > 0) return undefined;
  const named = forms.flatMap(([arn = '', partition = '', service = '', region = '', account = '', resource = '*']) => {
    const glob = compileGlob(region);
    const places = hasWildcard(region) ? [...regions, ANY_REGION].filter((r) => matchesGlob(glob, r)) : [region];
    return places.flatMap((place) =>
      FILLERS.map((filler) => [arn, partition, service, place, account, instantiate(resource, filler)].join(':')),
    );
  });
  return named.length > LIMIT ? undefined : sortedUnique(named);
}

/** A form, and what it has in common with the patterns, each and together. */
function intersections(
  form: readonly string[],
  patterns: ReadonlySet<string>,
): { readonly forms: readonly (readonly string[])[]; readonly leftOut: number } {
  let forms: (readonly string[])[] = [form];
  let leftOut = 0;
  const seen = new Set([form.join(':')]);
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
  return { forms, leftOut };
}

type RegionOf = (region: string) => Witness['mayBeIn'];

/** The regions that a form with wildcards for its region stands for: those that a pattern spells out have forms of their own. */
function regionsOf(patterns: ReadonlySet<string>): RegionOf {
  const spelled = new Set<string>();
  for (const pattern of patterns) {
    const [, , , region = ''] = splitArn(pattern);
    if (region !== '' && !hasWildcard(region)) spelled.add(region);
  }
  return (form) => {
    if (!hasWildcard(form)) return undefined;
    const glob = compileGlob(form);
    return (region) => !spelled.has(region) && matchesGlob(glob, region);
  };
}

function witness(form: readonly string[], filler: string, regionOf: RegionOf): Witness {
  const mayBeIn = regionOf(form[3] ?? '');
  return { arn: fill(form, filler), ...(mayBeIn && { mayBeIn }) };
}

/** Unlikely names that begin differently, so as not to run into a pattern by accident. */
const FILLERS = ['xnewx', 'q7', 'x'];

/** A region that no policy spells out. */
const ANY_REGION = 'xx-new-1';

/** Accounts and regions have their own alphabets. */
function fill(form: readonly string[], filler: string): string {
  const [arn = '', partition = '', service = '', region = '', account = '', resource = ''] = form;
  return [
    arn,
    instantiate(partition, 'aws'),
    instantiate(service, 'x'),
    instantiate(region, ANY_REGION),
    instantiate(account, '000000000000'),
    instantiate(resource, filler),
  ].join(':');
}
