import type { ReportPath } from '../findings/report.js';
import { formatJson } from './json.js';
import type { Reportable, RenderOptions } from './reporter.js';

/** One path with everything that is known of it. */
export function explainPath(_report: Reportable, path: ReportPath, _format: string, _options: RenderOptions): string {
  return formatJson(path);
}
