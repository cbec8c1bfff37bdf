export { applyChanges } from './apply-changes.js';
export type { Change } from './change.js';
export { compareReports, type Outcome, type PathEnds } from './compare-reports.js';
export { describeChange, type PolicyLeft } from './describe-change.js';
export { findDocument, withoutNamed } from './policy-documents.js';
export { whatItCuts } from './what-it-cuts.js';
export { parseChange } from './parse-change.js';
export { type Proposal, proposeChanges, usersOf } from './propose-changes.js';
export type * from './plan.js';
