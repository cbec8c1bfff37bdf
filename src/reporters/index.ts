import type { Reporter } from './reporter.js';

export { type Report, type Severity, SEVERITIES } from '../findings/report.js';
export { printable } from './printable.js';
export type { Render, Reportable, Reporter, RenderOptions } from './reporter.js';

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
  },
];
