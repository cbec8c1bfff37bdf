import { printable } from '../printable.js';

/** What means something in Markdown or HTML, or would mention a person, link an issue or become a link on a forge. */
const MEANINGFUL = /[\\`*_{}[\]<>()#+!|~@&:.=^$]/g;

/** What a backslash does not stop from being a mention, an issue, an address that links itself, or HTML. */
const AS_ENTITY = /[@#:.&<>]/;

/** A text as plain Markdown: no markup, no HTML, no link, no mention. */
export const escapeMarkdown = (text: string): string =>
  printable(text)
    .replace(MEANINGFUL, (letter) => (AS_ENTITY.test(letter) ? `&#${letter.charCodeAt(0)};` : `\\${letter}`))
    .replace(/^([-+]|\d+[.)])/, '\\$1');

/** An id or a file's path as code; what is not made of their letters stands as plain text. */
export const codeSpan = (text: string): string =>
  /^[\w./:#,*+ -]+$/.test(text) ? `\`${text}\`` : escapeMarkdown(text);
