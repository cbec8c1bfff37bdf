import type { Reportable } from './reporter.js';

/** The report as its JSON document. */
export const renderJson = (report: Reportable): string => formatJson(report);

/** Any document as JSON that a person can read too. */
export const formatJson = (document: unknown): string => `${JSON.stringify(document, undefined, 2)}\n`;
