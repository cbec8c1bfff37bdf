/** What XML 1.0 cannot hold at all, not even as a reference. @see https://www.w3.org/TR/xml/#charsets */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
  ['\n', '&#10;'],
  ['\r', '&#13;'],
  ['\t', '&#9;'],
]);

/** A text for an XML attribute. */
export const escapeAttribute = (text: string): string =>
  text.replace(FORBIDDEN, '').replace(/[&<>"'\n\r\t]/g, (letter) => ENTITIES.get(letter) ?? '');

/** A text for the content of an XML element. */
export const escapeContent = (text: string): string =>
  text.replace(FORBIDDEN, '').replace(/[&<>]/g, (letter) => ENTITIES.get(letter) ?? '');
