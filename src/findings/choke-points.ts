import { byCode, groupBy } from '../model/index.js';
import type { AttackGraph } from './attack-graph.js';
import { findEntries } from './entries.js';
import { readFact } from './read-fact.js';
import type { ChokePoint, ReportPath, ReportStep } from './report.js';

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
  const removals = clausesOf(attack, candidates);
  const survive = attack.engine.survivingWorlds(removals.map((clauses) => ({ clauses })));
  const entries = new Map(findEntries(attack).map((e) => [e.asset, e]));
  const numbers = new Map<string, number>();
  const cutPaths = candidates.map(() => 0);
  /** By target, a bit each candidate: those that end some path to it, and those that leave one. */
  const cut: number[] = [];
  const kept: number[] = [];
  for (const [asset, own] of groupBy(paths, (p) => p.entry.id)) {
    const entry = entries.get(asset);
    const start = entry && attack.engine.clauses.factId(entry.fact);
    if (entry === undefined || start === undefined) continue;
    const entering = keyOf(entry.step);
    const whole = candidates.reduce((bits, { key }, i) => (key === entering ? bits & ~(1 << i) : bits), ALL);
    const facts = own.map((path) => factsOf(attack, path));
    const worlds = survive([start], facts.flat());
    let at = 0;
    own.forEach((path, i) => {
      let left = 0;
      for (const _ of facts[i] as readonly number[]) left |= worlds[at++] as number;
      left &= whole;
      const target = numbers.get(path.target.id) ?? numbers.size;
      numbers.set(path.target.id, target);
      cut[target] = (cut[target] ?? 0) | ~left;
      kept[target] = (kept[target] ?? 0) | left;
      for (let bits = ~left; bits !== 0; bits &= bits - 1) {
        const candidate = 31 - Math.clz32(bits & -bits);
        if (candidate < candidates.length) cutPaths[candidate] = (cutPaths[candidate] ?? 0) + 1;
      }
    });
  }
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

/** Every candidate's bit. */
const ALL = -1;

const keyOf = (step: Pick<ReportStep, 'technique' | 'to'>): string => `${step.technique} ${step.to}`;

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
        const key = keyOf(step);
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

/** For each of the steps, the clauses that make it. */
function clausesOf(attack: AttackGraph, candidates: readonly Candidate[]): readonly (readonly number[])[] {
  const found = candidates.map((): number[] => []);
  const byTechnique = new Map<string, Map<string, number[]>>();
  candidates.forEach(({ step: { technique, to } }, at) => {
    const byAsset = byTechnique.get(technique) ?? new Map<string, number[]>();
    byTechnique.set(technique, byAsset.set(to, found[at] as number[]));
  });
  const { clauses } = attack.engine;
  const { head } = clauses.columns();
  const groups = clauses.groups();
  for (let group = 0; group < groups.count; group++) {
    const { inner, technique, to } = groups.label(group);
    const byAsset = inner === true ? undefined : byTechnique.get(technique.id);
    if (!byAsset) continue;
    for (let id = groups.start[group] as number; id < (groups.start[group + 1] as number); id++)
      byAsset.get(to ?? readFact(clauses, head[id] as number).id)?.push(id);
  }
  return found;
}

/** The facts that mean having a path's target with its access. */
function factsOf(attack: AttackGraph, path: ReportPath): readonly number[] {
  const kinds = path.target.access === 'admin' ? ['admin'] : ['data-read', 'data-write'];
  return kinds.flatMap((kind) => attack.engine.clauses.factId(`${kind} ${path.target.id}`) ?? []);
}
