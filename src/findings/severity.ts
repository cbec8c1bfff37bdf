import type { Asset } from '../model/index.js';
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
  ['ssm:parameter', 65],
  ['sqs:queue', 60],
]);
const OTHER_VALUE = 70;

/** What tags say about the data, by tag keys in any case and words in their values. */
const CLASSIFICATION_KEYS = new Set([
  'dataclassification',
  'data-classification',
  'data',
  'classification',
  'sensitivity',
  'confidentiality',
]);
const SENSITIVE_WORDS = [
  'pii',
  'pci',
  'phi',
  'hipaa',
  'gdpr',
  'restricted',
  'confidential',
  'sensitive',
  'secret',
  'cardholder',
];
const HARMLESS_WORDS = ['public', 'test', 'none', 'non-sensitive', 'nonsensitive', 'sandbox'];

export interface PathFactors {
  readonly target: { readonly type: string; readonly tags: ReadonlyMap<string, string> };
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
const HARMLESS = 30;
const WRITE_ONLY = 5;

/** Severity from what the target holds and how hard the way is; each factor in words (docs/severity.md). */
export function scorePath({ target, access, cost, certain }: PathFactors): Score {
  const value = VALUE_BY_TYPE.get(target.type) ?? OTHER_VALUE;
  const factors = [`${value}: what a ${target.type} is worth`];
  let score = value;
  const add = (points: number, why: string): void => {
    if (points === 0) return;
    score += points;
    factors.push(`${points > 0 ? '+' : ''}${points}: ${why}`);
  };
  const classified = classificationOf(target.tags);
  if (classified?.level === 'sensitive') add(SENSITIVE, `its tag ${classified.tag} says that it is sensitive`);
  if (classified?.level === 'harmless') add(-HARMLESS, `its tag ${classified.tag} says that it is not sensitive`);
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

/** What an asset's tags say about its data; `undefined` where they say nothing. */
export function classificationOf(
  tags: Asset['tags'],
): { readonly level: 'sensitive' | 'harmless'; readonly tag: string } | undefined {
  for (const [key, value] of tags) {
    if (!CLASSIFICATION_KEYS.has(key.toLowerCase())) continue;
    const words = value.toLowerCase();
    const tag = `${key}=${value}`;
    if (HARMLESS_WORDS.includes(words)) return { level: 'harmless', tag };
    if (SENSITIVE_WORDS.some((word) => words.includes(word))) return { level: 'sensitive', tag };
  }
  return undefined;
}
