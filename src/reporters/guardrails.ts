import type { JudgedGuardrail, ReportPath } from '../findings/index.js';
import { count, shortList } from './coverage-text.js';
import type { Reportable } from './reporter.js';

const MOST_IDS = 5;

export const brokenOf = ({ guardrails = [] }: Pick<Reportable, 'guardrails'>): readonly JudgedGuardrail[] =>
  guardrails.filter(({ paths }) => paths.length > 0);

/** Which guardrails a path breaks. */
export function brokenBy(report: Pick<Reportable, 'guardrails'>): (path: ReportPath) => readonly JudgedGuardrail[] {
  const broken = new Map<string, JudgedGuardrail[]>();
  for (const guardrail of brokenOf(report)) {
    for (const id of guardrail.paths) {
      const own = broken.get(id);
      if (own) own.push(guardrail);
      else broken.set(id, [guardrail]);
    }
  }
  return ({ id }) => broken.get(id) ?? [];
}

/** Whether a path fails a check: nobody accepted it, or a guardrail forbids it. */
export function failing(report: Reportable): (path: ReportPath) => boolean {
  const states = new Map((report.comparison?.paths ?? []).map(({ id, state }) => [id, state]));
  const guardrailsOf = brokenBy(report);
  return (path) => {
    const state = states.get(path.id);
    return state === 'new' || state === 'expired' || guardrailsOf(path).length > 0;
  };
}

/** What a guardrail says, and what breaks it; a sentence without its end. */
export const guardrailText = ({ text, paths }: JudgedGuardrail): string =>
  paths.length === 0
    ? `${text}: holds`
    : `${text}: broken by ${count(paths.length, 'path')}: ${shortList(paths, MOST_IDS)}`;
