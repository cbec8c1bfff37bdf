import { printable } from '../printable.js';

/** What means something in Markdown or HTML, or would mention a person or link an issue on a forge. */
const MEANINGFUL = /[\\`*_{}[\]<>()#+\-.!|~@&:=^$]/g;

/** A text as plain Markdown: no markup, no HTML, no link, no mention. */
export const escapeMarkdown = (text: string): string =>
  printable(text).replace(MEANINGFUL, (letter) =>
    // Entities where a backslash would not stop a mention, an issue link, an address that links itself, or HTML.
    /[@#:&<>]/.test(letter) || letter === '.' ? `&#${letter.charCodeAt(0)};` : `\\${letter}`,
  );

/** A text as a code span, whatever backticks are in it; pipes are escaped, so that it may stand in a table. */
export function codeSpan(text: string): string {
  const clean = printable(text).replaceAll('|', '\\|');
  const longest = Math.max(0, ...[...clean.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = clean.startsWith('`') || clean.endsWith('`') ? ' ' : '';
  return clean === '' ? '' : `${fence}${pad}${clean}${pad}${fence}`;
}
