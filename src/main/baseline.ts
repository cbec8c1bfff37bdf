import { type Baseline, type BaselineOptions, createBaseline, type Report } from '../findings/index.js';
import { TECHNIQUES } from '../techniques/index.js';

/** The accepted state as a report shows it, with the techniques that this version looks for. */
export function takeBaseline(report: Report, options: Omit<BaselineOptions, 'techniques'> = {}): Baseline {
  return createBaseline(report, { ...options, techniques: TECHNIQUES.map((technique) => technique.id) });
}
