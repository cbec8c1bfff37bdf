export { applyChanges } from './apply-changes.js';
export type { Change } from './change.js';
export { compareReports, type Outcome, type PathEnds } from './compare-reports.js';
export { describeChange } from './describe-change.js';
export { parseChange } from './parse-change.js';
export { type Proposal, proposeChanges, usersOf } from './propose-changes.js';
export type * from './plan.js';
