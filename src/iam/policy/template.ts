import type { RequestContext } from '../context/request-context.js';
import type { KeyValues, OpenKey } from '../logic/formula.js';
import { escapeGlob, LITERAL_QUESTION, LITERAL_STAR, unescapeGlob } from '../matching/glob.js';

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

/** The keys of a template's variables, as written. */
export const variablesOf = ({ text }: Template): readonly string[] =>
  [...text.matchAll(VARIABLE)].flatMap(([, body = '']) => /^\s*([^,\s]{2,})/.exec(body)?.[1] ?? []);

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

const MOST_CANDIDATES = 400;

/** What a variable would have to be for one of the templates to come to one of the texts: what stands there between the literals around it. */
export function candidateValues(templates: readonly (string | Template)[], texts: readonly string[]): string[] {
  const candidates = new Set<string>(texts);
  const around = templates.flatMap((template) => (typeof template === 'string' ? [] : literalsAround(template)));
  for (const text of texts)
    for (const { before, after } of around) {
      const ends = places(text, after).reverse();
      for (const start of places(text, before).map((at) => at + before.text.length)) {
        for (const end of ends) {
          if (end < start || candidates.size >= MOST_CANDIDATES) break;
          candidates.add(text.slice(start, end));
        }
      }
    }
  // Nothing is a value too.
  candidates.add('');
  return [...candidates];
}

/** What a template spells out beside a variable. */
interface Beside {
  readonly text: string;
  /** Whether the template begins, or ends, with it. */
  readonly at: 'start' | 'end' | undefined;
}

function literalsAround({ parts }: Template): readonly { readonly before: Beside; readonly after: Beside }[] {
  return parts.flatMap((part, i) => {
    if (typeof part === 'string') return [];
    const [before, after] = [parts[i - 1], parts[i + 1]];
    const left = typeof before === 'string' ? unescapeGlob(/[^*?]*$/.exec(before)?.[0] ?? '') : '';
    const right = typeof after === 'string' ? unescapeGlob(/^[^*?]*/.exec(after)?.[0] ?? '') : '';
    const isFirst = i === 0 || (i === 1 && left === before);
    const isLast = i === parts.length - 1 || (i === parts.length - 2 && right === after);
    return [
      {
        before: { text: left, at: isFirst ? ('start' as const) : undefined },
        after: { text: right, at: isLast ? ('end' as const) : undefined },
      },
    ];
  });
}

/** Where in a text a literal stands; of nothing at all, where a piece of the text begins or ends. */
function places(text: string, { text: literal, at }: Beside): number[] {
  if (at === 'start') return text.startsWith(literal) ? [0] : [];
  if (at === 'end') return text.endsWith(literal) ? [text.length - literal.length] : [];
  if (literal === '') return boundaries(text);
  const found: number[] = [];
  for (let i = text.indexOf(literal); i >= 0; i = text.indexOf(literal, i + 1)) found.push(i);
  return found;
}

const boundaries = (text: string): number[] =>
  [...new Set([0, ...[...text.matchAll(/[/:.-]/g)].flatMap(({ index }) => [index, index + 1]), text.length])].sort(
    (a, b) => a - b,
  );

/** The template with anything in the place of its variables. */
export const widest = (template: Template): string =>
  template.parts.map((part) => (typeof part === 'string' ? part : '*')).join('');
