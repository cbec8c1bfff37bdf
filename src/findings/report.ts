import type { Condition, Confidence, Evidence, Gap } from '../model/index.js';

/** The JSON report: a public interface (docs/report.md). Every array is sorted by a documented key. */
export const REPORT_VERSION = 1;

export type Severity = 'critical' | 'high' | 'medium' | 'low';

/** Worst first. */
export const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

export interface ReportStep {
  readonly technique: string;
  readonly title: string;
  /** The asset from which the step is taken: the host, or the principal that signs the call. */
  readonly from: string;
  readonly to: string;
  /** Every asset that the step needs something from, `from` among them. Sorted. */
  readonly requires: readonly string[];
  readonly text: string;
  /** ATT&CK technique ids. */
  readonly attack: readonly string[];
  readonly assumptions: readonly string[];
  readonly conditions: readonly Condition[];
  readonly evidence: readonly Evidence[];
  readonly fix: string;
}

export interface ReportPath {
  readonly id: string;
  readonly severity: Severity;
  /** 0 to 100. */
  readonly score: number;
  /** Why it has that score, in words. */
  readonly factors: readonly string[];
  readonly confidence: Confidence;
  /** What must hold; empty when confirmed. */
  readonly conditions: readonly Condition[];
  readonly entry: {
    readonly id: string;
    readonly type: string;
    readonly name?: string;
    readonly members: readonly string[];
    /** What the members count as from one day to the next: an instance of a group as the group. Sorted. */
    readonly identities?: readonly string[];
  };
  readonly target: {
    readonly id: string;
    readonly type: string;
    readonly name?: string;
    readonly access: 'control' | 'read' | 'write' | 'admin';
    /** Interchangeable targets, or what administration of an account brings with it; `id` among them where it is one of them. */
    readonly members: readonly string[];
  };
  readonly steps: readonly ReportStep[];
  /** What whoever goes this way could hide behind. */
  readonly notes: readonly PathNote[];
}

/** What a principal of a path may turn off that records or guards the account. */
export interface PathNote {
  readonly id: string;
  readonly principal: string;
  /** Goes on from the principal's name: `may …`. */
  readonly text: string;
  /** What it cannot do, where permissions do not say. */
  readonly limit?: string;
  /** Calls that do it, each by itself. */
  readonly actions: readonly string[];
  /** ATT&CK technique ids. */
  readonly attack: readonly string[];
  readonly confidence: Confidence;
  /** What must hold; empty when confirmed. */
  readonly conditions: readonly Condition[];
}

export interface ReportExposure {
  readonly asset: string;
  readonly type: string;
  readonly name?: string;
  /** `internet`; or `named-addresses` where only listed addresses may come in (no path starts there). */
  readonly from: string;
  readonly grade: 'internet' | 'broad' | 'cloudfront' | 'named';
  readonly sources: readonly string[];
  readonly addresses: number;
  readonly ports: readonly string[];
  readonly via: readonly string[];
  readonly confidence: Confidence;
  readonly conditions: readonly Condition[];
  readonly evidence: readonly Evidence[];
}

export interface ChokePoint {
  readonly remove: { readonly asset: string; readonly what: string; readonly command?: string };
  /** How many paths, and how many targets, are gone without it. */
  readonly paths: number;
  readonly targets: number;
  readonly verified: boolean;
}

/** What must never be, as the owner of the accounts states it, and the paths that break it. */
export interface JudgedGuardrail {
  readonly kind: 'never' | 'only';
  /** What it says, as a sentence. */
  readonly text: string;
  /** Where it stands: `file:line:column`. */
  readonly place: string;
  /** Ids of paths, in the report's order; empty where it holds. */
  readonly paths: readonly string[];
}

export interface Report {
  readonly schemaVersion: typeof REPORT_VERSION;
  readonly tool: { readonly name: string; readonly version: string };
  readonly snapshot: {
    readonly accounts: readonly string[];
    readonly regions: readonly string[];
    readonly collectedAt?: string;
    readonly gaps: readonly Gap[];
    /** Operations that no answer and no gap stands for, as `account/region/service/Operation`: not looked at. */
    readonly notCollected: readonly string[];
  };
  readonly summary: {
    readonly assets: number;
    readonly relationships: number;
    readonly exposed: number;
    readonly dataStores: number;
    readonly paths: number;
    readonly bySeverity: Readonly<Record<Severity, number>>;
  };
  /** By asset, then grade. */
  readonly exposures: readonly ReportExposure[];
  /** By score (highest first), then id. */
  readonly paths: readonly ReportPath[];
  /** By paths cut (most first), then what. */
  readonly chokePoints: readonly ChokePoint[];
  /** Those of the configuration, in its order, `never` first; absent where it has none. */
  readonly guardrails?: readonly JudgedGuardrail[];
}

/** The answer to `blast-radius` (and, turned round, `who-can-reach`). */
export interface BlastRadius {
  readonly schemaVersion: typeof REPORT_VERSION;
  readonly from: readonly string[];
  /** What the intruder has from the start, in words. */
  readonly holds: readonly string[];
  /** The soonest first: by the number of steps, then their cost, then asset. */
  readonly reaches: readonly Reached[];
  /** Which data can be read, changed, destroyed; the soonest first. */
  readonly data: readonly DataWithin[];
  /** Accounts of what is reached, but for those of `from`. */
  readonly otherAccounts: readonly string[];
  readonly containment: readonly Containment[];
  readonly traces?: Traces;
}

/** A store, or all that an account holds, and what can be done to its data. */
export interface DataWithin {
  readonly asset: string;
  readonly type: string;
  readonly name?: string;
  /** How many stores it stands for: 1, but for an account. */
  readonly stores: number;
  /** In the order `read`, `write`, `destroy`. */
  readonly rights: readonly DataRight[];
}

export interface DataRight {
  readonly right: 'read' | 'write' | 'destroy';
  /** After how many steps. */
  readonly steps: number;
  /** The host or principal that does it. */
  readonly by: string;
  /** The technique or the call. */
  readonly how: string;
  /** What must hold; empty when confirmed. */
  readonly conditions: readonly Condition[];
}

/** What the steps of an intruder would have left behind. */
export interface Traces {
  /** Events of CloudTrail, `service:EventName`; sorted. */
  readonly events: readonly string[];
  /** Those of them that trails hold only where data events are on. */
  readonly dataEvents: readonly string[];
  /** Other places to look at. */
  readonly elsewhere: readonly string[];
  /** A query of Amazon Athena over a table of a trail's logs, with START and TABLE to fill in. */
  readonly athena: string;
  /** A query of CloudWatch Logs Insights over a trail's log group. */
  readonly insights: string;
}

export interface Reached {
  readonly asset: string;
  readonly type: string;
  readonly name?: string;
  readonly access: 'control' | 'read' | 'write' | 'admin';
  readonly confidence: Confidence;
  readonly conditions: readonly Condition[];
  readonly steps: readonly ReportStep[];
}

export interface ReachedFrom {
  readonly schemaVersion: typeof REPORT_VERSION;
  readonly to: readonly string[];
  readonly reachedFrom: readonly Reached[];
  readonly containment: readonly Containment[];
}

export interface Containment {
  readonly text: string;
  readonly command: string;
  /** What stops working besides the intruder. */
  readonly interrupts: string;
  /** What goes on all the same. */
  readonly leaves?: string;
  /** How many of the reached assets are out of reach after it. */
  readonly cuts: number;
}
