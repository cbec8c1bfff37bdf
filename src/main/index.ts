export { formatBaseline, parseBaseline } from '../findings/index.js';
export { askBlastRadius, askConnection, askReach, askWhoCanReach } from './ask.js';
export { askAdministrator, askCan, askOpens, askWhatCan, askWhoCan } from './ask-can.js';
export { acceptState } from './baseline.js';
export { checkReport } from './check.js';
export { findPath } from './find-path.js';
export { finishReport } from './finish-report.js';
export { pageData } from './page-data.js';
export { askWhatIf, planFixes } from './plan-changes.js';
