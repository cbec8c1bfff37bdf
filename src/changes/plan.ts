import type { Change } from './change.js';
import type { Outcome } from './compare-reports.js';
import type { ChangeText } from './describe-change.js';

export const PLAN_VERSION = 1;

/** A change with its words. */
export interface PlannedChange extends ChangeText {
  readonly change: Change;
  /** Assets that use what is taken away, wanted or not. Sorted. */
  readonly alsoUsedBy: readonly string[];
  /** All access that ends with it, wanted or not. Sentences, sorted. */
  readonly alsoCuts: readonly string[];
}

/** Changes that are made together, and what the analysis of the changed snapshot says. */
export interface Fix {
  readonly changes: readonly PlannedChange[];
  /** Against the state after the fixes before this one. */
  readonly outcome: Outcome;
}

/** The answer to `fix`: a public interface (docs/report.md). */
export interface FixPlan {
  readonly schemaVersion: typeof PLAN_VERSION;
  readonly pathsBefore: number;
  readonly pathsAfter: number;
  /** In the order in which they are best made: each removes most of the risk that is left when it comes, for the number of its changes. */
  readonly fixes: readonly Fix[];
  /** Paths that no change of the plan ends. */
  readonly left: readonly string[];
}

/** The answer to `what-if`: a public interface (docs/report.md). */
export interface WhatIf {
  readonly schemaVersion: typeof PLAN_VERSION;
  readonly changes: readonly PlannedChange[];
  readonly pathsBefore: number;
  readonly pathsAfter: number;
  readonly outcome: Outcome;
}
