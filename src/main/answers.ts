import type {
  Administration,
  ContextValues,
  DecidingStatement,
  NamedPolicy,
  NearMiss,
  Permission,
  PolicyOpening,
} from '../iam/index.js';
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
  /** The instance or function on which the call is made: its network counts. */
  readonly from?: string;
  /** Policies passed when the principal's session was made. */
  readonly sessionPolicies?: readonly NamedPolicy[];
}

/** Asked with `can --who`. */
export interface WhoCanInput {
  readonly action: string;
  readonly resource?: string;
  readonly context?: ContextValues;
}

/** Asked with `can --what`. */
export interface WhatCanInput {
  readonly principal: string;
  readonly actions: readonly string[];
  readonly context?: ContextValues;
}

export interface CanDocument {
  readonly schemaVersion: typeof ANSWER_VERSION;
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** The host on which the call is made, with what its network says of the call; absent where none was named. */
  readonly from?: { readonly host: string; readonly context: ContextValues };
  readonly verdict: string;
  readonly conditions: readonly Condition[];
  readonly decidedBy: readonly DecidingStatement[];
  /** For a denial that no statement makes: the kinds of policy that do not allow. */
  readonly stoppedBy: readonly string[];
  /** Statements that nearly allow it, and why they do not. */
  readonly nearly: readonly NearMiss[];
  readonly notes: readonly string[];
}

export interface WhoCanDocument {
  readonly schemaVersion: typeof ANSWER_VERSION;
  readonly action: string;
  readonly resource: string;
  /** Users and roles of the snapshot, those of equal rights together. */
  readonly principals: readonly {
    readonly principals: readonly string[];
    readonly verdict: string;
    readonly conditions: readonly Condition[];
    /** For the first of the principals. */
    readonly decidedBy: readonly DecidingStatement[];
  }[];
  /** Others whom the resource's own policy lets do it. */
  readonly outsiders: readonly PolicyOpening[];
}

export interface WhatCanDocument {
  readonly schemaVersion: typeof ANSWER_VERSION;
  readonly principal: string;
  readonly actions: readonly Permission[];
}

export interface AdministratorDocument extends Administration {
  readonly schemaVersion: typeof ANSWER_VERSION;
  readonly principal: string;
}

export interface OpensDocument {
  readonly schemaVersion: typeof ANSWER_VERSION;
  readonly resource: string;
  readonly opens: readonly PolicyOpening[];
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
