import type { Reporter } from './reporter.js';

export { type Report, type Severity, SEVERITIES } from '../findings/report.js';
export { type PageFiles, pageDocument } from './html/html.js';
export { printable } from './printable.js';
export type { Reportable, Reporter, RenderOptions } from './reporter.js';

/** Every format, in the order in which help and documentation list them; the first is the default. */
export const REPORTERS: readonly Reporter[] = [
  {
    name: 'table',
    description: 'for a terminal: worst first, each path as a short chain with its fix',
    load: async () => (await import('./table.js')).renderTable,
  },
  {
    name: 'json',
    description: 'the whole report, for programs; docs/report.md describes it',
    load: async () => (await import('./json.js')).renderJson,
    loadInParts: async () => (await import('./json.js')).renderJsonInParts,
  },
  {
    name: 'sarif',
    description: 'SARIF 2.1.0, for code scanning: a result for each path, its steps as a code flow',
    load: async () => (await import('./sarif.js')).renderSarif,
  },
  {
    name: 'junit',
    description: 'JUnit XML, for test views of CI: a failed test for each path that fails',
    load: async () => (await import('./junit.js')).renderJunit,
    loadInParts: async () => (await import('./junit.js')).renderJunitInParts,
  },
  {
    name: 'markdown',
    description: 'for a comment or a job summary: each path with a drawing',
    load: async () => (await import('./markdown.js')).renderMarkdown,
  },
  {
    name: 'html',
    description: 'an interactive report in one file, for a browser: paths, the asset graph, what-if; needs no network',
    load: async () => (await import('./html/html.js')).renderHtml,
    needsPage: true,
  },
  {
    name: 'mermaid',
    description: 'all paths as one Mermaid flowchart',
    load: async () => (await import('./mermaid.js')).renderMermaid,
  },
  {
    name: 'csv',
    description: 'the paths as a table for spreadsheets',
    load: async () => (await import('./csv.js')).renderCsv,
    loadInParts: async () => (await import('./csv.js')).renderCsvInParts,
  },
  {
    name: 'asff',
    description: 'findings for AWS Security Hub (batch-import-findings)',
    load: async () => (await import('./asff.js')).renderAsff,
    loadInParts: async () => (await import('./asff.js')).renderAsffInParts,
  },
];
