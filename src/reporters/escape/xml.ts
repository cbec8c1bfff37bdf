import { printable } from '../printable.js';

/** What XML 1.0 cannot hold at all, not even as a reference. @see https://www.w3.org/TR/xml/#charsets */
const FORBIDDEN = /[^\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
  ['\n', '&#10;'],
]);

const clean = (text: string): string => printable(text, { keepLines: true }).replace(FORBIDDEN, '');

/** A text for an XML attribute. */
export const escapeAttribute = (text: string): string =>
  clean(text).replace(/[&<>"'\n]/g, (letter) => ENTITIES.get(letter) ?? '');

/** A text for the content of an XML element. */
export const escapeContent = (text: string): string =>
  clean(text).replace(/[&<>]/g, (letter) => ENTITIES.get(letter) ?? '');
