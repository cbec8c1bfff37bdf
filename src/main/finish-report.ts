import { applySensitivity, judgeGuardrails, type Report, type Violation } from '../findings/index.js';
import type { Analysis } from './analysis.js';
import type { Config } from './config.js';

/** The report of an analysis with what the configuration says of it. */
export const finishReport = (analysis: Analysis, config: Config): Report =>
  applySensitivity(analysis.report(), config.sensitivity, {
    find: (id) => analysis.graph.asset(id),
    data: analysis.data,
  });

/** The guardrails of the configuration that paths of the report break. */
export const findViolations = (report: Report, analysis: Analysis, config: Config): readonly Violation[] =>
  judgeGuardrails(report, [...config.never, ...config.only], (id) => analysis.graph.asset(id));
