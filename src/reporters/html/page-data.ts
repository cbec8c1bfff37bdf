import type { Condition } from '../../model/index.js';
import type { ReportPath, ReportStep } from '../../findings/report.js';
import type { Reportable } from '../reporter.js';

/**
 * What the page is given, in three parts: the report is needed at once, the graph and the attack graph when a view asks for them. Assets are
 * named by their place in `PageGraph.assets.id`. Columns, since they are small once compressed and fast to read.
 */
export interface PageData {
  readonly report: PageReport;
  readonly graph: PageGraph;
  readonly attack: PageAttack;
}

/** A path whose steps stand in the table that all paths share. */
export type PagePath = Omit<ReportPath, 'steps'> & { readonly steps: readonly number[] };

export type PageReport = Omit<Reportable, 'paths'> & {
  readonly paths: readonly PagePath[];
  readonly steps: readonly ReportStep[];
  /** By id, of the techniques that a path or the attack graph names. */
  readonly techniques: Readonly<Record<string, PageTechnique>>;
  /** How the snapshot is called on the command line, for the commands that the page suggests. */
  readonly command: string;
  /** Names of the assets that the steps are about, by id, where they have one. */
  readonly names: Readonly<Record<string, string>>;
  /** Account and region of those of them whose ids do not tell (buckets). */
  readonly places: Readonly<Record<string, readonly [account: string, region: string]>>;
};

export interface PageTechnique {
  readonly title: string;
  readonly tactic: string;
  readonly remediation: string;
  readonly detection: readonly string[];
}

/** The asset graph. Numbers are places in lists. */
export interface PageGraph {
  readonly types: readonly string[];
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  readonly kinds: readonly string[];
  readonly assets: {
    readonly id: readonly string[];
    readonly type: readonly number[];
    readonly account: readonly number[];
    readonly region: readonly number[];
    /** Empty where it has none. */
    readonly name: readonly string[];
    /** Addresses and host names, to be searched by; empty where there are none. */
    readonly address: readonly string[];
  };
  /** Sorted by `from`. */
  readonly relationships: {
    /** How many relationships go out from each asset. */
    readonly count: readonly number[];
    readonly kind: readonly number[];
    readonly to: readonly number[];
  };
  /** Places of the assets that the internet, or a broad part of it, reaches. */
  readonly exposed: readonly number[];
}

/** The attack graph: facts and ground clauses, for the same kernels that the program runs. */
export interface PageAttack {
  readonly factKinds: readonly string[];
  /** Sorted, so that an order of places is one of ids. */
  readonly techniques: readonly string[];
  /** Lists of conditions; the first is empty. */
  readonly conditions: readonly (readonly Condition[])[];
  /** In the order by which equally good proofs are told apart. `asset` is -1 where a fact is about none. */
  readonly facts: { readonly kind: readonly number[]; readonly asset: readonly number[] };
  /** Clauses in the order of their groups: `size` is how many premises each has. */
  readonly clauses: {
    readonly head: readonly number[];
    readonly size: readonly number[];
    readonly body: readonly number[];
  };
  /** What the clauses of a group have in common. `to` is -1 where the step's asset is that of the head. */
  readonly groups: {
    readonly count: readonly number[];
    readonly technique: readonly number[];
    readonly to: readonly number[];
    readonly cost: readonly number[];
    readonly conditions: readonly number[];
    /** 1 for a clause that is only a part of the step that uses it. */
    readonly inner: readonly number[];
    /** 1 for one that counts next to nothing in a proof's length. */
    readonly minor: readonly number[];
  };
  /** For each path what its entry gives, and the key of the step by which it is entered; -1 and nothing where it cannot be asked. */
  readonly questions: { readonly start: readonly number[]; readonly entering: readonly string[] };
}
