import { createHash } from 'node:crypto';
import type { Reportable, RenderOptions } from '../reporter.js';
import { dataBlock } from './data-block.js';
import type { PageData } from './page-data.js';

/** The program of the page and its style, as they were bundled. */
export interface PageFiles {
  readonly script: string;
  readonly style: string;
}

export interface PageOptions {
  /** Where the page hears that there is a newer one, from its own host; a page in a file hears nothing. */
  readonly events?: string;
}

/** The interactive report. @throws RangeError where no page is given to put it in. */
export function renderHtml(report: Reportable, { page }: RenderOptions): string {
  if (!page) throw new RangeError('the HTML report needs its page');
  return pageDocument(page.data(report), page.files, {});
}

/**
 * One file that needs nothing else. Its policy lets run the one script and apply the one style that are meant, by their hashes, and forbids every
 * request, form, frame and string that would become markup.
 * @see https://www.w3.org/TR/CSP3/
 */
export function pageDocument(data: PageData, { script, style }: PageFiles, { events }: PageOptions): string {
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    ...(events === undefined ? [] : ["connect-src 'self'"]),
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  const title = `Attack paths of ${data.report.snapshot.accounts.join(', ')}`.replace(/[^\w ,.-]/g, '');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="generator" content="trespass">${events === undefined ? '' : `\n<meta name="trespass-events" content="${events}">`}
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<noscript>This report is drawn by the script in this file. Allow scripts for it, or use --format markdown.</noscript>
<div id="app"><p>Reading the report. If this stays, the file is not whole.</p></div>
${dataBlock('report', data.report)}
${dataBlock('graph', data.graph)}
${dataBlock('attack', data.attack)}
<script>${script}</script>
</body>
</html>
`;
}

const hashOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;
