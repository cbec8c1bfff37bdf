import { basename } from 'node:path';
import { applySensitivity, judgeGuardrails, type Report } from '../findings/index.js';
import type { Analysis } from './analysis.js';
import type { Config } from './config.js';

/** The report of an analysis with what the configuration says of it. */
export function finishReport(analysis: Analysis, config: Config): Report {
  const find = (id: string) => analysis.graph.asset(id);
  const report = applySensitivity(analysis.report(), config.sensitivity, { find, data: analysis.data });
  const guardrails = [...config.never, ...config.only];
  if (guardrails.length === 0) return report;
  // Where the file lies on this machine is no part of a report.
  return { ...report, guardrails: judgeGuardrails(report, guardrails, find, basename(config.file ?? 'configuration')) };
}
