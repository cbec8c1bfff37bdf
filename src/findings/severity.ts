import type { Sensitivity } from './data-sensitivity.js';
import type { Severity } from './report.js';

/** How bad it is that an intruder gets there, from 0 to 100, before anything about the way. */
const VALUE_BY_TYPE: ReadonlyMap<string, number> = new Map([
  ['aws:admin', 100],
  ['rds:db-instance', 90],
  ['rds:db-cluster', 90],
  ['rds:db-snapshot', 85],
  ['rds:db-cluster-snapshot', 85],
  ['dynamodb:table', 80],
  ['s3:bucket', 80],
  ['secretsmanager:secret', 80],
  ['ec2:volume', 75],
  ['ec2:snapshot', 75],
  ['elasticache:cluster', 65],
  ['elasticache:replication-group', 65],
  ['ssm:parameter', 65],
  ['sqs:queue', 60],
  ['sns:topic', 50],
]);
const OTHER_VALUE = 70;

export interface PathFactors {
  /** The target's type. */
  readonly type: string;
  /** What is known of its data. */
  readonly sensitivity?: Sensitivity;
  readonly access: 'control' | 'read' | 'write' | 'admin';
  /** Sum of the steps' difficulties. */
  readonly cost: number;
  readonly certain: boolean;
}

export interface Score {
  readonly score: number;
  readonly severity: Severity;
  readonly factors: readonly string[];
}

const EASY_COST = 8;
const COST_WEIGHT = 2;
const MOST_COST = 24;
const CONDITIONAL = 25;
const SENSITIVE = 10;
const NAMED_SENSITIVE = 5;
const HARMLESS = 30;
const WRITE_ONLY = 5;

/** Severity from what the target holds and how hard the way is; each factor in words (docs/severity.md). */
export function scorePath({ type, sensitivity, access, cost, certain }: PathFactors): Score {
  const value = VALUE_BY_TYPE.get(type) ?? OTHER_VALUE;
  const factors = [`${value}: what a ${type} is worth`];
  let score = value;
  const add = (points: number, why: string): void => {
    if (points === 0) return;
    score += points;
    factors.push(`${points > 0 ? '+' : ''}${points}: ${why}`);
  };
  if (sensitivity) add(pointsOf(sensitivity), sensitivity.reason);
  if (access === 'write') add(-WRITE_ONLY, 'it can be changed, but not read');
  add(-Math.min(MOST_COST, Math.max(0, cost - EASY_COST) * COST_WEIGHT), `the steps add up to a difficulty of ${cost}`);
  if (!certain) add(-CONDITIONAL, 'some conditions could not be decided');
  const bounded = Math.max(0, Math.min(100, Math.round(score)));
  return { score: bounded, severity: severityOf(bounded), factors };
}

function severityOf(score: number): Severity {
  if (score >= 90) return 'critical';
  if (score >= 70) return 'high';
  return score >= 45 ? 'medium' : 'low';
}

function pointsOf({ level, basis }: Sensitivity): number {
  if (level === 'harmless') return -HARMLESS;
  return basis === 'name' ? NAMED_SENSITIVE : SENSITIVE;
}
