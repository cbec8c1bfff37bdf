import { compileArnPattern, splitArn } from '../matching/arn-pattern.js';
import { intersectArns } from '../matching/intersect-globs.js';
import { openForm, overlap, typicalName } from '../matching/pattern-overlap.js';

/** Resources that have the form of every one of some patterns: sorted, none of which says what another says already. */
export interface Form {
  readonly patterns: readonly string[];
  /** A name that no other pattern spells out; `*` for requests that name no resource. */
  readonly example: string;
}

export const formOf = (pattern: string): Form => ({
  patterns: [pattern],
  example: pattern === '*' ? '*' : typicalName(pattern),
});

export const formKey = ({ patterns }: Form): string => patterns.join(' ');

/** Whether every resource of the pattern `narrow` has the form of `wide`. */
export const contains = (wide: string, narrow: string): boolean =>
  wide === narrow ||
  wide === '*' ||
  (narrow !== '*' && beginAlike(wide, narrow) && overlap(openForm(narrow), compileArnPattern(wide)) === 'all');

/** What two forms have in common; `undefined` where that is nothing. */
export function meet(a: Form, b: Form): Form | undefined {
  const all = [...new Set([...a.patterns, ...b.patterns])];
  const patterns = all
    .filter((one, index) =>
      all.every((other, at) => at === index || !contains(one, other) || (contains(other, one) && index < at)),
    )
    .sort();
  const [first, ...rest] = patterns;
  if (first === undefined) return undefined;
  if (rest.length === 0) return formOf(first);
  let common: readonly string[] | undefined = splitArn(first);
  for (const pattern of rest) {
    if (!beginAlike(first, pattern)) return undefined;
    common = common && intersectArns(common, splitArn(pattern));
  }
  return common && { patterns, example: typicalName(common.join(':')) };
}

/** The distinct forms that one of each list have in common. */
export function meetAll(a: readonly Form[], b: readonly Form[]): readonly Form[] {
  const found = new Map<string, Form>();
  for (const one of a) {
    for (const other of b) {
      const common = meet(one, other);
      if (common) found.set(formKey(common), common);
    }
  }
  return [...found.values()];
}

/** Whether two patterns agree up to the first wildcard of either: most do not, and nothing else needs to be looked at. */
function beginAlike(a: string, b: string): boolean {
  const length = Math.min(beginningOf(a), beginningOf(b));
  return a.slice(0, length) === b.slice(0, length);
}

function beginningOf(pattern: string): number {
  const wild = pattern.search(/[*?]/);
  return wild < 0 ? pattern.length : wild;
}
