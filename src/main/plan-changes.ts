import {
  applyChanges,
  type Change,
  compareReports,
  describeChange,
  type Fix,
  type FixPlan,
  parseChange,
  type PlannedChange,
  type Proposal,
  proposeChanges,
  usersOf,
  type WhatIf,
} from '../changes/index.js';
import type { AssetGraph } from '../graph/index.js';
import { sortedUnique } from '../model/index.js';
import type { Analysis, AnalyzeOptions } from './analysis.js';
import { openAnalysis } from './analyze.js';

export interface PlanOptions extends AnalyzeOptions {
  /** How many fixes at most. */
  readonly limit: number;
  /** Called before each analysis of a changed snapshot. */
  readonly onTry?: (text: string) => void;
}

/** How often a proposal that turns out to remove nothing may be passed over. */
const MISSES = 10;

/**
 * A plan of changes, each verified by analyzing the snapshot as it would be after it. Greedy: the next is the one on which the paths that are
 * left rest with the highest sum of scores.
 */
export function planFixes(analysis: Analysis, options: PlanOptions): FixPlan {
  const before = analysis.report();
  const fixes: Fix[] = [];
  const useless = new Set<string>();
  let current = analysis;
  while (fixes.length < options.limit && useless.size < MISSES && current.report().paths.length > 0) {
    const proposal = bestOf(proposeChanges(current.graph, current.report().paths), useless);
    if (!proposal) break;
    const changes = plan(current.graph, proposal.changes);
    options.onTry?.(changes.map(({ text }) => text).join('; '));
    const next = openAnalysis(applyChanges(current.snapshot, proposal.changes), options);
    const outcome = compareReports(current.report(), next.report());
    if (outcome.gone.length === 0) {
      useless.add(keyOf(proposal));
      continue;
    }
    fixes.push({ changes, outcome });
    current = next;
  }
  return {
    schemaVersion: 1,
    pathsBefore: before.paths.length,
    pathsAfter: current.report().paths.length,
    fixes,
    left: current.report().paths.map(({ id }) => id),
  };
}

const keyOf = ({ changes }: Proposal): string => JSON.stringify(changes);

/** The proposal whose paths weigh most; among equals the one with fewer changes. */
function bestOf(proposals: readonly Proposal[], useless: ReadonlySet<string>): Proposal | undefined {
  const weigh = ({ paths }: Proposal): number => paths.reduce((sum, { score }) => sum + score, 0);
  return proposals
    .filter((proposal) => !useless.has(keyOf(proposal)))
    .map((proposal) => ({ proposal, weight: weigh(proposal), key: keyOf(proposal) }))
    .sort((a, b) => b.weight - a.weight || a.key.length - b.key.length || (a.key < b.key ? -1 : 1))[0]?.proposal;
}

const plan = (graph: AssetGraph, changes: readonly Change[]): readonly PlannedChange[] =>
  changes.map((change) => ({ change, ...describeChange(change), alsoUsedBy: sortedUnique(usersOf(graph, change)) }));

/** What a person's own changes would do. @throws UserError where one cannot be read, or is about nothing in the snapshot */
export function askWhatIf(
  analysis: Analysis,
  written: { readonly remove: readonly string[]; readonly add: readonly string[] },
  options: AnalyzeOptions,
): WhatIf {
  const changes = [
    ...written.remove.map((text) => parseChange(analysis.graph, 'remove', text)),
    ...written.add.map((text) => parseChange(analysis.graph, 'add', text)),
  ];
  const after = openAnalysis(applyChanges(analysis.snapshot, changes), options).report();
  return {
    schemaVersion: 1,
    changes: plan(analysis.graph, changes),
    pathsBefore: analysis.report().paths.length,
    pathsAfter: after.paths.length,
    outcome: compareReports(analysis.report(), after),
  };
}
