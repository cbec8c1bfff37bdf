/**
 * A pattern of literals, `*` (any run of characters) and `?` (one character), compiled for repeated matching. A literal `*` or `?` is
 * written as {@link LITERAL_STAR} or {@link LITERAL_QUESTION}.
 */
export type Glob =
  | { readonly kind: 'any' }
  | { readonly kind: 'exact'; readonly text: string }
  | { readonly kind: 'prefix'; readonly text: string }
  | { readonly kind: 'glob'; readonly text: string; readonly prefix: string };

export function compileGlob(pattern: string): Glob {
  const text = pattern.includes('**') ? pattern.replaceAll(/\*+/g, '*') : pattern;
  if (text === '*') return { kind: 'any' };
  const wild = firstWildcard(text);
  if (wild === text.length) return { kind: 'exact', text: unescapeGlob(text) };
  if (wild === text.length - 1 && text.endsWith('*')) return { kind: 'prefix', text: unescapeGlob(text.slice(0, -1)) };
  return { kind: 'glob', text, prefix: unescapeGlob(text.slice(0, wild)) };
}

function firstWildcard(text: string): number {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === STAR || code === QUESTION) return i;
  }
  return text.length;
}

export const hasWildcard = (text: string): boolean => firstWildcard(text) < text.length;

const STAR = 42;
const QUESTION = 63;

/** What stands for a literal `*` in a pattern: `${*}`, or an asterisk in the value of a policy variable. */
export const LITERAL_STAR = '\u0001';
export const LITERAL_QUESTION = '\u0002';

export const escapeGlob = (text: string): string =>
  /[*?]/.test(text) ? text.replaceAll('*', LITERAL_STAR).replaceAll('?', LITERAL_QUESTION) : text;

export const unescapeGlob = (pattern: string): string =>
  pattern.includes(LITERAL_STAR) || pattern.includes(LITERAL_QUESTION)
    ? pattern.replaceAll(LITERAL_STAR, '*').replaceAll(LITERAL_QUESTION, '?')
    : pattern;

const isSame = (pattern: number, text: number): boolean =>
  pattern === text || (pattern === 1 && text === STAR) || (pattern === 2 && text === QUESTION);

export function matchesGlob(glob: Glob, text: string): boolean {
  switch (glob.kind) {
    case 'any':
      return true;
    case 'exact':
      return glob.text === text;
    case 'prefix':
      return text.startsWith(glob.text);
    default:
      return text.startsWith(glob.prefix) && matchesPattern(glob.text, text);
  }
}

/**
 * Whether `text` has the form of `pattern`. Two pointers and a return to the last `*` alone: an earlier one never needs to be tried
 * again, so the time is at most pattern × text.
 */
function matchesPattern(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let mark = 0;
  while (t < text.length) {
    const code = p < pattern.length ? pattern.charCodeAt(p) : -1;
    if (code === STAR) {
      star = p++;
      mark = t;
    } else if (code === QUESTION || (code !== -1 && isSame(code, text.charCodeAt(t)))) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++mark;
    } else return false;
  }
  while (p < pattern.length && pattern.charCodeAt(p) === STAR) p++;
  return p === pattern.length;
}
