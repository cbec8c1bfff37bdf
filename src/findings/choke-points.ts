import type { FactId } from '../attack/index.js';
import { byCode } from '../model/index.js';
import type { AttackGraph } from './attack-graph.js';
import { findEntries } from './entries.js';
import type { ChokePoint, ReportPath, ReportStep } from './report.js';
import { askSurvival, clausesOfSteps, goalsOf, keyOfStep, type PathQuestion } from './surviving-paths.js';

/** How many of the commonest steps are tried: one pass of the engine each 32. */
const CANDIDATES = 32;
const MOST_SHOWN = 10;

/**
 * The steps whose removal ends the most paths. Candidates are the steps that stand in most paths; each is verified: all ways of taking that step
 * to that asset by that technique are taken away, and every entry is asked again what it still reaches.
 */
export function findChokePoints(attack: AttackGraph, paths: readonly ReportPath[]): readonly ChokePoint[] {
  const candidates = commonSteps(paths);
  if (candidates.length === 0) return [];
  const clauses = clausesOfSteps(
    attack.engine.clauses,
    candidates.map(({ step }) => step),
  );
  const removals = candidates.map(({ key }, i) => ({ clauses: clauses[i] ?? [], steps: new Set([key]) }));
  const asked = askable(attack, paths);
  const left = askSurvival(attack.engine, removals)(asked.map(({ question }) => question));
  const numbers = new Map<string, number>();
  const cutPaths = candidates.map(() => 0);
  /** By target, a bit each candidate: those that end some path to it, and those that leave one. */
  const cut: number[] = [];
  const kept: number[] = [];
  asked.forEach(({ path }, at) => {
    const bitsLeft = left[at] as number;
    const target = numbers.get(path.target.id) ?? numbers.size;
    numbers.set(path.target.id, target);
    cut[target] = (cut[target] ?? 0) | ~bitsLeft;
    kept[target] = (kept[target] ?? 0) | bitsLeft;
    for (let bits = ~bitsLeft; bits !== 0; bits &= bits - 1) {
      const candidate = 31 - Math.clz32(bits & -bits);
      if (candidate < candidates.length) cutPaths[candidate] = (cutPaths[candidate] ?? 0) + 1;
    }
  });
  return candidates
    .map(({ step }, i) => ({
      remove: { asset: step.to, what: `${step.technique}: ${step.fix}` },
      paths: cutPaths[i] ?? 0,
      targets: cut.filter((bits, target) => (bits & ~(kept[target] as number) & (1 << i)) !== 0).length,
      verified: true,
    }))
    .filter((c) => c.paths > 0)
    .sort((a, b) => b.paths - a.paths || byCode(a.remove.what, b.remove.what) || byCode(a.remove.asset, b.remove.asset))
    .slice(0, MOST_SHOWN);
}

/** The paths as questions; those whose entry the attack graph does not know are left out. */
export function askable(
  attack: AttackGraph,
  paths: readonly ReportPath[],
): readonly { readonly path: ReportPath; readonly question: PathQuestion }[] {
  const { factId } = attack.engine.clauses;
  const starts = new Map(
    findEntries(attack).map((entry) => [entry.asset, { start: factId(entry.fact), entering: keyOfStep(entry.step) }]),
  );
  // Paths share their targets.
  const goalsByTarget = new Map<ReportPath['target'], readonly FactId[]>();
  const asked: { path: ReportPath; question: PathQuestion }[] = [];
  for (const path of paths) {
    const { start, entering = '' } = starts.get(path.entry.id) ?? {};
    if (start === undefined) continue;
    const goals = goalsByTarget.get(path.target) ?? goalsOf(path.target).flatMap((key) => factId(key) ?? []);
    goalsByTarget.set(path.target, goals);
    asked.push({ path, question: { start, entering, goals } });
  }
  return asked;
}

interface Candidate {
  readonly key: string;
  readonly step: ReportStep;
}

/** The steps that stand in most paths. Paths share what they have in common, so most steps are seen to be known by being the same. */
function commonSteps(paths: readonly ReportPath[]): readonly Candidate[] {
  const byStep = new Map<
    ReportStep,
    { readonly key: string; readonly step: ReportStep; count: number; last?: string }
  >();
  const byKey = new Map<string, { readonly key: string; readonly step: ReportStep; count: number; last?: string }>();
  for (const path of paths) {
    for (const step of path.steps) {
      let candidate = byStep.get(step);
      if (!candidate) {
        const key = keyOfStep(step);
        candidate = byKey.get(key) ?? { key, step, count: 0 };
        byKey.set(key, candidate);
        byStep.set(step, candidate);
      }
      if (candidate.last === path.id) continue;
      candidate.last = path.id;
      candidate.count++;
    }
  }
  return [...byKey.values()].sort((a, b) => b.count - a.count || byCode(a.key, b.key)).slice(0, CANDIDATES);
}
