import type { ContextValues, DecidingStatement } from '../iam/index.js';
import type { Connection } from '../graph/index.js';
import type { Condition } from '../model/index.js';
import type { AllowedFlow, Blocker, ReachVerdict } from '../network/index.js';

/** The answers to single questions: a public interface (docs/report.md). */
export const ANSWER_VERSION = 1;

/** Asked with `reach`. */
export interface ReachInput {
  readonly from: string;
  readonly to: string;
  readonly port?: string;
}

export interface ReachDocument {
  readonly schemaVersion: typeof ANSWER_VERSION;
  readonly from: string;
  readonly to: string;
  readonly verdict: ReachVerdict;
  readonly allowed: readonly AllowedFlow[];
  readonly blockedBy: readonly Blocker[];
  readonly conditions: readonly Condition[];
}

/** Asked with `can`. */
export interface CanInput {
  readonly principal: string;
  readonly action: string;
  readonly resource?: string;
  readonly context?: ContextValues;
}

export interface CanDocument {
  readonly schemaVersion: typeof ANSWER_VERSION;
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly verdict: string;
  readonly conditions: readonly Condition[];
  readonly decidedBy: readonly DecidingStatement[];
  readonly notes: readonly string[];
}

/** Asked with `connection`. */
export interface ConnectionInput {
  readonly from: string;
  readonly to: string;
  /** How many chains at most. */
  readonly count: number;
}

export interface ConnectionDocument {
  readonly schemaVersion: typeof ANSWER_VERSION;
  readonly from: string;
  readonly to: string;
  /** Shortest first; the relationships of each are in their own direction, whichever way the chain walks them. */
  readonly chains: readonly Connection[];
}
