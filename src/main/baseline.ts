import { type Baseline, type BaselineOptions, createBaseline, findOtherWays, type Report } from '../findings/index.js';
import { TECHNIQUES } from '../techniques/index.js';
import type { Analysis } from './analysis.js';

/** The accepted state as a report shows it, with the techniques that this version looks for. */
export function takeBaseline(report: Report, options: Omit<BaselineOptions, 'techniques'> = {}): Baseline {
  return createBaseline(report, { ...options, techniques: TECHNIQUES.map((technique) => technique.id) });
}

/** The same with the ways that the report does not tell, since easier ones lead between the same ends. @param report of the analysis */
export const acceptState = (
  { attack, data }: Analysis,
  report: Report,
  options: Omit<BaselineOptions, 'techniques' | 'otherWays'>,
): Baseline => takeBaseline(report, { ...options, otherWays: findOtherWays(attack, report.paths, data) });
