import { inParts } from './parts.js';
import type { Reportable } from './reporter.js';

/** The report as its JSON document. */
export const renderJson = (report: Reportable): string => formatJson(report);

/** The same text in parts. */
export const renderJsonInParts = (report: Reportable): Iterable<string> => formatJsonInParts(report);

/** What {@link formatJson} gives for an object, in parts. */
export const formatJsonInParts = (document: object): Iterable<string> => inParts(piecesOf(document));

/** Entry by entry, and what is a list element by element, each as it stands in the whole. */
function* piecesOf(document: object): Generator<string> {
  let before = '{\n';
  for (const [key, value] of Object.entries(document) as readonly (readonly [string, unknown])[]) {
    if (value === undefined) continue;
    yield before;
    before = ',\n';
    if (!Array.isArray(value) || value.length === 0) {
      yield inside({ [key]: value });
      continue;
    }
    yield `  ${JSON.stringify(key)}: `;
    let opening = '[\n';
    for (const element of value as readonly unknown[]) {
      yield opening + inside([[element]], 2);
      opening = ',\n';
    }
    yield '\n  ]';
  }
  yield '\n}\n';
}

/** What stands in the outermost brackets of a document, or of those inside them. */
function inside(document: unknown, depth = 1): string {
  const text = escapeUnprintable(JSON.stringify(document, undefined, 2));
  // Opening brackets stand on lines of their own, each two columns further in; so do closing ones.
  const margin = depth === 1 ? 2 : 6;
  return text.slice(margin, -margin);
}

/** What JSON lets stand as it is, and a terminal would obey or hide. */
const UNPRINTABLE = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Any document as JSON that a person can read too. Controls stand as escapes, so nothing is lost. */
export const formatJson = (document: unknown): string =>
  `${escapeUnprintable(JSON.stringify(document, undefined, 2))}\n`;

const escapeUnprintable = (text: string): string => text.replace(UNPRINTABLE, escapeUnits);

/** A character as JSON's escapes. */
export const escapeUnits = (letter: string): string =>
  Array.from({ length: letter.length }, (_, at) => `\\u${letter.charCodeAt(at).toString(16).padStart(4, '0')}`).join(
    '',
  );
