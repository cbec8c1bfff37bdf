import { printable } from './printable.js';
import type { Reportable, RenderOptions } from './reporter.js';

/** The report for a terminal. */
export function renderTable(report: Reportable, _options: RenderOptions): string {
  return `${report.paths
    .map((path) => printable(`${path.severity} ${path.id} ${path.entry.id} -> ${path.target.id}`))
    .join('\n')}\n`;
}
