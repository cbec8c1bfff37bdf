import type { RequestContext } from '../context/request-context.js';
import type { KeyValues, OpenKey } from '../logic/formula.js';
import { escapeGlob, LITERAL_QUESTION, LITERAL_STAR } from '../matching/glob.js';

/** A text with policy variables: literals, and keys with an optional default. */
export interface Template {
  readonly text: string;
  readonly parts: readonly (string | { readonly key: string; readonly fallback: string | undefined })[];
}

/** What a template comes to in a request. */
export type Resolved =
  | { readonly kind: 'text'; readonly text: string }
  /** A variable's key is absent and has no default: nothing matches. */
  | { readonly kind: 'absent' }
  /** A variable's key is not known: `form` has anything in its place. */
  | { readonly kind: 'open'; readonly decider: 'chosen' | 'unknown'; readonly form: string };

const VARIABLE = /\$\{([^{}]*)\}/g;

/**
 * Takes a text apart at its policy variables; a string where it has none.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function parseTemplate(text: string): string | Template {
  if (!text.includes('${')) return text;
  const parts: Template['parts'][number][] = [];
  let literal = '';
  let end = 0;
  for (const match of text.matchAll(VARIABLE)) {
    literal += text.slice(end, match.index);
    end = match.index + match[0].length;
    const body = match[1] ?? '';
    if (body === '*') literal += LITERAL_STAR;
    else if (body === '?') literal += LITERAL_QUESTION;
    else if (body === '$') literal += '$';
    else {
      const [, key = '', fallback] = /^\s*([^,\s]*)\s*(?:,\s*'(.*)'\s*)?$/.exec(body) ?? [];
      if (literal !== '') parts.push(literal);
      literal = '';
      parts.push({ key: key.toLowerCase(), fallback });
    }
  }
  literal += text.slice(end);
  if (parts.length === 0) return literal;
  if (literal !== '') parts.push(literal);
  return { text, parts };
}

/** Fills the variables in; their values are literal, even where they hold a `*`. */
export function resolveTemplate(template: Template, context: RequestContext): Resolved {
  let text = '';
  let open: 'chosen' | 'unknown' | undefined;
  for (const part of template.parts) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    const status = context.status(part.key);
    if (status.kind === 'open') {
      open = open === 'unknown' ? open : status.decider;
      text += '*';
    } else if (status.kind === 'known' && status.values.length === 1) text += escapeGlob(status.values[0] ?? '');
    else if (part.fallback !== undefined) text += escapeGlob(part.fallback);
    else return { kind: 'absent' };
  }
  return open === undefined ? { kind: 'text', text } : { kind: 'open', decider: open, form: text };
}

/** The distinct keys of a template's variables that are not known, in lower case. */
export function openKeys(template: Template, context: RequestContext): readonly string[] {
  const keys = new Set<string>();
  for (const part of template.parts) {
    if (typeof part !== 'string' && context.status(part.key).kind === 'open') keys.add(part.key);
  }
  return [...keys];
}

/** A key of which {@link openKeys} says that it is not known. */
export const openKey = (key: string, context: RequestContext): OpenKey => ({
  key,
  domain: (samples, likeness) => {
    const status = context.status(key);
    return status.kind === 'open' ? status.domain(samples, likeness) : [[undefined]];
  },
});

/** The context with some keys settled. */
export const settleAll = (
  context: RequestContext,
  keys: readonly string[],
  values: readonly KeyValues[],
): RequestContext => ({
  status: (asked) => {
    const index = keys.indexOf(asked);
    if (index < 0) return context.status(asked);
    const settled = values[index];
    return settled === undefined ? { kind: 'absent' } : { kind: 'known', values: settled };
  },
});

const MAX_PIECES = 12;

/** What a variable would have to be for a template to come to one of the texts: runs of their pieces. */
export function candidateValues(texts: readonly string[]): string[] {
  const candidates = new Set<string>(texts);
  for (const text of texts) {
    for (const separator of ['/', ':', '-', '.']) {
      const pieces = text.split(separator).slice(-MAX_PIECES);
      for (let i = 0; i < pieces.length; i++) {
        for (let j = i + 1; j <= pieces.length; j++) candidates.add(pieces.slice(i, j).join(separator));
      }
    }
  }
  // Nothing is a value too.
  candidates.add('');
  return [...candidates];
}

/** The template with anything in the place of its variables. */
export const widest = (template: Template): string =>
  template.parts.map((part) => (typeof part === 'string' ? part : '*')).join('');
