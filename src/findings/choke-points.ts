import { byCode, groupBy } from '../model/index.js';
import { parseFact } from '../techniques/index.js';
import type { AttackGraph } from './attack-graph.js';
import { findEntries } from './entries.js';
import type { ChokePoint, ReportPath, ReportStep } from './report.js';

/** How many of the commonest steps are tried: one pass of the engine each 32. */
const CANDIDATES = 32;
const MOST_SHOWN = 10;

/**
 * The steps whose removal ends the most paths. Candidates are the steps that stand in most paths; each is verified: all ways of taking that step
 * to that asset by that technique are taken away, and every entry is asked again what it still reaches.
 */
export function findChokePoints(attack: AttackGraph, paths: readonly ReportPath[]): readonly ChokePoint[] {
  const byStep = groupBy(
    paths.flatMap((path) => path.steps.map((step) => ({ path, step }))),
    ({ step }) => keyOf(step),
  );
  const candidates = [...byStep.entries()]
    .map(([key, uses]) => ({ key, step: uses[0]?.step as ReportStep, count: new Set(uses.map((u) => u.path.id)).size }))
    .sort((a, b) => b.count - a.count || byCode(a.key, b.key))
    .slice(0, CANDIDATES);
  if (candidates.length === 0) return [];
  const removals = clausesOf(
    attack,
    candidates.map((c) => c.key),
  );
  const survive = attack.engine.survivors(removals.map((clauses) => ({ clauses })));
  const cut = candidates.map(() => ({ paths: new Set<string>(), targets: new Set<string>() }));
  const kept = candidates.map(() => new Set<string>());
  const entries = new Map(findEntries(attack).map((e) => [e.asset, e]));
  for (const [asset, own] of groupBy(paths, (p) => p.entry.id)) {
    const entry = entries.get(asset);
    if (!entry) continue;
    const start = attack.engine.clauses.factId(entry.fact);
    if (start === undefined) continue;
    const targets = own.map((path) => ({ path, facts: factsOf(attack, path) }));
    const survivors = survive(
      [start],
      targets.flatMap((t) => t.facts),
    );
    candidates.forEach((candidate, i) => {
      const alive = new Set(survivors[i]);
      const isEntered = keyOf(entry.step) !== candidate.key;
      for (const { path, facts } of targets) {
        if (isEntered && facts.some((f) => alive.has(f))) kept[i]?.add(path.target.id);
        else {
          cut[i]?.paths.add(path.id);
          cut[i]?.targets.add(path.target.id);
        }
      }
    });
  }
  return candidates
    .map(({ step }, i) => ({
      remove: { asset: step.to, what: `${step.technique}: ${step.fix}` },
      paths: cut[i]?.paths.size ?? 0,
      targets: [...(cut[i]?.targets ?? [])].filter((t) => kept[i]?.has(t) !== true).length,
      verified: true,
    }))
    .filter((c) => c.paths > 0)
    .sort((a, b) => b.paths - a.paths || byCode(a.remove.what, b.remove.what) || byCode(a.remove.asset, b.remove.asset))
    .slice(0, MOST_SHOWN);
}

const keyOf = (step: Pick<ReportStep, 'technique' | 'to'>): string => `${step.technique} ${step.to}`;

/** For each key, the clauses that make that step. */
function clausesOf(attack: AttackGraph, keys: readonly string[]): readonly (readonly number[])[] {
  const found = new Map(keys.map((key) => [key, [] as number[]]));
  const { clauses } = attack.engine;
  const { head } = clauses.columns();
  for (let id = 0; id < clauses.clauseCount; id++) {
    const { inner, technique, to } = clauses.label(id);
    if (inner === true) continue;
    found.get(`${technique.id} ${to ?? parseFact(clauses.factKey(head[id] as number)).id}`)?.push(id);
  }
  return keys.map((key) => found.get(key) ?? []);
}

/** The facts that mean having a path's target with its access. */
function factsOf(attack: AttackGraph, path: ReportPath): readonly number[] {
  const kinds = path.target.access === 'admin' ? ['admin'] : ['data-read', 'data-write'];
  return kinds.flatMap((kind) => attack.engine.clauses.factId(`${kind} ${path.target.id}`) ?? []);
}
