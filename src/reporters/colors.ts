import picocolors from 'picocolors';
import type { Severity } from '../findings/report.js';

export interface Colors {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly severity: (severity: Severity, text?: string) => string;
}

export function makeColors(enabled: boolean): Colors {
  const paint = picocolors.createColors(enabled);
  const bySeverity = {
    critical: (text: string) => paint.bold(paint.red(text)),
    high: paint.red,
    medium: paint.yellow,
    low: paint.cyan,
  };
  return {
    bold: paint.bold,
    dim: paint.dim,
    good: paint.green,
    bad: paint.red,
    warn: paint.yellow,
    severity: (severity, text = severity) => bySeverity[severity](text),
  };
}
