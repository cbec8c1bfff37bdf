export type { Analysis, AnalyzeOptions } from './analysis.js';
export * from './answers.js';
export { askBlastRadius, askCan, askConnection, askReach, askWhoCanReach } from './ask.js';
export { takeBaseline } from './baseline.js';
export { checkReport } from './check.js';
export type { Config } from './config.js';
export { findPath } from './find-path.js';
export { findViolations, finishReport } from './finish-report.js';
export { formatBaseline, parseBaseline } from '../findings/index.js';
