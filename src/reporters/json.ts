import type { Reportable } from './reporter.js';

/** The report as its JSON document. */
export const renderJson = (report: Reportable): string => formatJson(report);

/** What JSON lets stand as it is, and a terminal would obey or hide. */
const UNPRINTABLE = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Any document as JSON that a person can read too. Controls stand as escapes, so nothing is lost. */
export const formatJson = (document: unknown): string =>
  `${JSON.stringify(document, undefined, 2).replace(UNPRINTABLE, escapeUnits)}\n`;

const escapeUnits = (letter: string): string =>
  Array.from({ length: letter.length }, (_, at) => `\\u${letter.charCodeAt(at).toString(16).padStart(4, '0')}`).join(
    '',
  );
