import { printable } from '../printable.js';

/**
 * A text for a quoted Mermaid label. Everything that could mean something to Mermaid, Markdown or HTML stands as an entity code, so a name
 * can neither end its label nor bring in a directive, a link or markup.
 * @see https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters
 */
export const escapeMermaid = (text: string): string =>
  printable(text).replace(/[^\p{L}\p{N}\p{M} .,/()→_-]/gu, (letter) => `#${letter.codePointAt(0)};`);
