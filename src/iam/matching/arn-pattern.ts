import { compileGlob, type Glob, matchesGlob, unescapeGlob } from './glob.js';

/** A pattern for ARNs: six segments that are matched each for itself, or a pattern for the whole text where it is no ARN. */
export interface ArnPattern {
  readonly text: string;
  readonly any: boolean;
  /** The text without wildcards, if there are none. */
  readonly exact: boolean;
  /** Characters before the first wildcard, for quick refusal. */
  readonly prefix: string;
  readonly whole: Glob | undefined;
  readonly segments: readonly Glob[] | undefined;
}

/**
 * Compiles a `Resource` element. Segments that are missing at the end stand for anything.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function compileArnPattern(text: string): ArnPattern {
  const wild = text.search(/[*?]/);
  const prefix = unescapeGlob(wild < 0 ? text : text.slice(0, wild));
  const base = { text, any: /^\*+$/.test(text), exact: wild < 0, prefix };
  const parts = splitArn(text);
  // Where nothing but the last segment has a wildcard, the text before it fixes where the segments end.
  const isFixedUpToLast = parts.length === 6 && wild >= text.length - (parts[5] ?? '').length;
  if (base.any || base.exact || isFixedUpToLast || !text.startsWith('arn:')) {
    return { ...base, whole: compileGlob(text), segments: undefined };
  }
  const segments: Glob[] = [];
  for (let i = 0; i < 6; i++) segments.push(compileGlob(parts[i] ?? '*'));
  return { ...base, whole: undefined, segments };
}

const resolved = new Map<string, ArnPattern>();
const REMEMBERED = 4096;

/** Compiles what policy variables come to: few texts, again and again. */
export function compileResolved(text: string): ArnPattern {
  const known = resolved.get(text);
  if (known) return known;
  if (resolved.size >= REMEMBERED) resolved.clear();
  const made = compileArnPattern(text);
  resolved.set(text, made);
  return made;
}

/** The six segments of an ARN; fewer where it has fewer. */
export function splitArn(text: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  while (parts.length < 5) {
    const colon = text.indexOf(':', start);
    if (colon < 0) break;
    parts.push(text.slice(start, colon));
    start = colon + 1;
  }
  parts.push(text.slice(start));
  return parts;
}

/** A resource's text with its segments, split once for many patterns. */
export interface ArnText {
  readonly text: string;
  readonly segments: readonly string[];
}

/** Split when first needed: most patterns are told by their prefix alone. */
class LazyArnText implements ArnText {
  #segments: readonly string[] | undefined;
  constructor(readonly text: string) {}
  get segments(): readonly string[] {
    return (this.#segments ??= splitArn(this.text));
  }
}

export const arnText = (text: string): ArnText => new LazyArnText(text);

export function matchesArn(pattern: ArnPattern, arn: ArnText): boolean {
  if (pattern.any) return true;
  if (pattern.exact) return pattern.prefix === arn.text;
  if (pattern.whole) return matchesGlob(pattern.whole, arn.text);
  if (!arn.text.startsWith(pattern.prefix)) return false;
  const { segments } = pattern;
  if (!segments || arn.segments.length !== 6) return false;
  for (let i = 5; i >= 0; i--) {
    const glob = segments[i];
    if (glob && !matchesGlob(glob, arn.segments[i] ?? '')) return false;
  }
  return true;
}
