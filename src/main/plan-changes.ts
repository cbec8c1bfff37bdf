import {
  applyChanges,
  type Change,
  compareReports,
  describeChange,
  findDocument,
  type Fix,
  type FixPlan,
  type Outcome,
  parseChange,
  type PlannedChange,
  type PolicyLeft,
  type Proposal,
  proposeChanges,
  usersOf,
  type WhatIf,
  whatItCuts,
  withoutNamed,
} from '../changes/index.js';
import type { AssetGraph } from '../graph/index.js';
import { byCode, sortedUnique } from '../model/index.js';
import type { Snapshot } from '../snapshot/index.js';
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

/** How many proposals are tried at most before the best of them is taken. */
const TRIES = 4;

/** A proposal that was tried on the state that is current. */
interface Tried {
  readonly proposal: Proposal;
  readonly outcome: Outcome;
  readonly next: Analysis;
  /** How much risk it removes for each of its changes. */
  readonly gain: number;
}

/**
 * A plan of changes, each verified by analyzing the snapshot as it would be after it. Greedy: the next is the one that removes most risk (the sum of the paths'
 * scores) for each change. What a proposal can remove at most is known without trying: the scores of the paths that rest on it. So the most promising are tried until
 * the best that was tried removes more than any other could.
 */
export function planFixes(analysis: Analysis, options: PlanOptions): FixPlan {
  const before = analysis.report();
  const fixes: Fix[] = [];
  const useless = new Set<string>();
  let current = analysis;
  while (fixes.length < options.limit && useless.size < MISSES && current.report().paths.length > 0) {
    const best = tryBest(current, useless, options);
    if (!best) break;
    const { proposal, outcome, next } = best;
    fixes.push({ changes: plan(current, proposal.changes), outcome });
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

const riskOf = (paths: readonly { readonly score: number }[]): number =>
  paths.reduce((sum, { score }) => sum + score, 0);

function tryBest(current: Analysis, useless: Set<string>, options: PlanOptions): Tried | undefined {
  const candidates = proposeChanges(current.graph, current.report().paths)
    .map((proposal) => ({ proposal, key: keyOf(proposal), most: riskOf(proposal.paths) / proposal.changes.length }))
    .filter(({ key }) => !useless.has(key))
    .sort((a, b) => b.most - a.most || a.key.length - b.key.length || byCode(a.key, b.key));
  let best: Tried | undefined;
  let tried = 0;
  for (const { proposal, key, most } of candidates) {
    if (useless.size >= MISSES || (best !== undefined && (tried >= TRIES || best.gain >= most))) break;
    const found = tryOn(current, proposal, options);
    // It ends nothing, or what it ends is had as well another way: another proposal may do.
    if (found.outcome.gone.length === 0 || found.gain <= 0) {
      useless.add(key);
      continue;
    }
    tried++;
    if (!best || found.gain > best.gain) best = found;
  }
  return best;
}

function tryOn(current: Analysis, proposal: Proposal, options: PlanOptions): Tried {
  options.onTry?.(proposal.changes.map((change) => describeChange(change).text).join('; '));
  const next = openAnalysis(applyChanges(current.snapshot, proposal.changes), options);
  const outcome = compareReports(current.report(), next.report());
  const gain = (riskOf(current.report().paths) - riskOf(next.report().paths)) / proposal.changes.length;
  return { proposal, outcome, next, gain };
}

const plan = ({ graph, snapshot }: Analysis, changes: readonly Change[]): readonly PlannedChange[] =>
  changes.map((change) => ({
    change,
    ...describeChange(change, { graph, left: leftOf(graph, snapshot, change) }),
    alsoUsedBy: sortedUnique(usersOf(graph, change)),
    alsoCuts: whatItCuts(graph, snapshot, change),
  }));

/** What stays of a policy, for the command. */
function leftOf(graph: AssetGraph, snapshot: Snapshot, change: Change): PolicyLeft | undefined {
  if (change.kind !== 'statement') return undefined;
  const document = withoutNamed(findDocument(snapshot, change.policy), change.statement);
  const holders = graph.incoming(change.policy, 'has-policy').map(({ from }) => from);
  return { ...(document && { document }), holders };
}

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
    changes: plan(analysis, changes),
    pathsBefore: analysis.report().paths.length,
    pathsAfter: after.paths.length,
    outcome: compareReports(analysis.report(), after),
  };
}
