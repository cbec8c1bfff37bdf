import type {
  AttackGraph,
  BlastRadius,
  Classification,
  DataSensitivity,
  ReachedFrom,
  Report,
} from '../findings/index.js';
import type { ClauseSet } from '../attack/index.js';
import type { AssetGraph } from '../graph/index.js';
import type { Authorizer } from '../iam/index.js';
import type { Gap } from '../model/index.js';
import type { Exposure, Network } from '../network/index.js';
import type { Snapshot } from '../snapshot/index.js';
import type { StepLabel } from '../techniques/index.js';
import type { VulnerabilityFile } from './vulnerabilities.js';

export interface AnalyzeOptions {
  readonly toolVersion: string;
  /** How many paths for each pair of entry and target; 1 when absent. */
  readonly pathsPerPair?: number;
  /** Reports of scanners, by Amazon Inspector, Trivy or Grype. */
  readonly vulnerabilities?: readonly VulnerabilityFile[];
  /** Which tags and names say that data is sensitive; the built-in list when absent. */
  readonly classification?: Classification;
  /** Told the name of each stage when it starts. */
  readonly onStage?: (stage: string) => void;
}

/** What an analysis works out before it answers anything, and what can be kept from one time to the next. */
export interface PreparedParts {
  readonly graph: AssetGraph;
  /** Records of assets that could not be read. */
  readonly unreadable: readonly Gap[];
  /** Every step that is possible. */
  readonly clauses: ClauseSet<StepLabel>;
  readonly exposures: readonly Exposure[];
}

/**
 * A snapshot that can be asked. Each part is made when first needed: a network question builds no attack graph.
 */
export interface Analysis {
  readonly snapshot: Snapshot;
  readonly graph: AssetGraph;
  /** Records of assets that could not be read. */
  readonly unreadable: readonly Gap[];
  readonly network: Network;
  readonly iam: Authorizer;
  /** Every step that is possible. */
  readonly attack: AttackGraph;
  /** How sensitive the data of each asset is. */
  readonly data: DataSensitivity;
  /** The whole report. */
  report(): Report;
  /** @throws UserError where an asset is not in the snapshot, or is ambiguous. */
  blastRadius(assets: readonly string[]): BlastRadius;
  whoCanReach(assets: readonly string[]): ReachedFrom;
}
