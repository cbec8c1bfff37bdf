import type { Condition, Evidence } from '../model/index.js';
import type { World } from './world.js';

/** ATT&CK's tactics, by their names. */
export type Tactic =
  | 'Initial Access'
  | 'Execution'
  | 'Persistence'
  | 'Privilege Escalation'
  | 'Credential Access'
  | 'Lateral Movement'
  | 'Collection'
  | 'Exfiltration';

export interface Difficulty {
  /** 1 (one API call, or one request) to 10 (needs luck, time or noise). Added up along a path. */
  readonly cost: number;
  readonly reason: string;
}

/** What a person reads about a technique; the one place where each of these is written. */
export interface TechniqueInfo {
  /** The file's name. */
  readonly id: string;
  readonly title: string;
  readonly tactic: Tactic;
  /** ATT&CK technique ids, current first; an older id of the same stands after it. */
  readonly attack: readonly string[];
  /** Ids or addresses: `pathfinding.cloud:iam-005`, an AWS documentation page, … */
  readonly references: readonly string[];
  /** What the intruder needs, in words; each a line. */
  readonly premises: readonly string[];
  /** What the step takes for granted. */
  readonly assumptions: readonly string[];
  readonly difficulty: Difficulty;
  /** Why what is read by it alone may be meant for everybody, in words: a store that is, and of whose data nothing is known, is taken for harmless. */
  readonly published?: string;
  /** CloudTrail events it leaves (`service:EventName`), or where else to look. */
  readonly detection: readonly string[];
  readonly remediation: string;
}

/** What a step says to a person; made only when the step is shown. */
export interface StepDetail {
  readonly text: string;
  readonly evidence: readonly Evidence[];
  /** The one change that would break it. */
  readonly fix: string;
}

/** What a clause of the attack graph carries. */
export interface StepLabel {
  readonly technique: TechniqueInfo;
  /** The asset that the step is about, where the head's asset is not it. */
  readonly to?: string;
  /** What this step takes for granted, where that is not what the technique does in general. */
  readonly assumptions?: readonly string[];
  /** True for inner clauses, which are folded into the step that uses them. */
  readonly inner?: boolean;
  /** What the intruder gains by this from the internet follows more easily from another way in by the same opening: it is no way in of its own. */
  readonly weaker?: boolean;
  /** @param asset the one that the clause is about, where it was emitted for each of many; else empty */
  readonly detail: (asset: string) => StepDetail;
}

export interface EmittedClause {
  readonly head: string;
  readonly body: readonly string[];
  /** The clause stands for one for each of these assets, whose id takes the place of `EACH` in the facts. */
  readonly each?: readonly string[];
  /** The technique's difficulty when absent. */
  readonly cost?: number;
  readonly conditions?: readonly Condition[];
  readonly label: StepLabel;
}

export type Emit = (clause: EmittedClause) => void;

/** One attack technique: what a person reads about it, and the steps that it makes possible in a world. */
export interface Technique extends TechniqueInfo {
  /** Emits a clause for each way in which the technique can be used. Reads the world, changes nothing. */
  readonly steps: (world: World, emit: Emit) => void;
}
