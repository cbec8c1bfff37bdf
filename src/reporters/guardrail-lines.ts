import type { Colors } from './colors.js';
import { count } from './coverage-text.js';
import { hang } from './display-width.js';
import { brokenOf, guardrailText } from './guardrails.js';
import { printable } from './printable.js';
import type { Reportable } from './reporter.js';

/** How the guardrails stand, for a terminal: those that are broken by name; nothing where there are none. */
export function guardrailLines(report: Reportable, paint: Colors, width: number): string[] {
  const { guardrails = [] } = report;
  if (guardrails.length === 0) return [];
  const broken = brokenOf(report);
  if (broken.length === 0) return [`${paint.good('Guardrails')}: ${count(guardrails.length, 'guardrail')} held`];
  return [
    `${paint.bold(paint.bad('Guardrails broken'))}: ${broken.length} of ${guardrails.length}`,
    ...broken.flatMap((one) => hang('  ', printable(`${one.place}: ${guardrailText(one)}`), width)),
  ];
}
