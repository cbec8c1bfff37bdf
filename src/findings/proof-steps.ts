import type { ClauseId, FactId, Proof } from '../attack/index.js';
import { byCode, byKey, type Condition, type Evidence, groupBy, sortedUnique } from '../model/index.js';
import { parseFact } from '../techniques/index.js';
import type { AttackGraph } from './attack-graph.js';
import type { ReportStep } from './report.js';

/**
 * The steps of a proof in the order in which they are taken; inner clauses are folded into the step that uses them. Proofs share most of their
 * steps, so each distinct one is written once.
 */
export function stepsOf(attack: AttackGraph, proof: Proof): readonly ReportStep[] {
  const { engine, written } = attack;
  const { head } = engine.clauses.columns();
  const byHead = new Map(proof.clauses.map((id) => [head[id] as FactId, id]));
  return proof.clauses.flatMap((id) => {
    if (engine.clauses.label(id).inner === true) return [];
    const support = supportOf(attack, id, byHead);
    const key = [id, ...support.inner].join();
    const known = written.get(key);
    if (known) return [known];
    const step = writeStep(attack, id, support, byHead);
    written.set(key, step);
    return [step];
  });
}

/** The inner clauses under a step, in the order of the premises, and the facts that they come down to. */
interface Support {
  readonly inner: readonly ClauseId[];
  readonly premises: readonly FactId[];
}

/** Follows inner clauses down to the facts that steps give. */
function supportOf({ engine }: AttackGraph, clause: ClauseId, byHead: ReadonlyMap<FactId, ClauseId>): Support {
  const { body, bodyStart } = engine.clauses.columns();
  const inner: ClauseId[] = [];
  const premises: FactId[] = [];
  const seen = new Set<FactId>();
  const follow = (from: ClauseId): void => {
    for (let i = bodyStart[from] as number; i < (bodyStart[from + 1] as number); i++) {
      const fact = body[i] as FactId;
      if (seen.has(fact)) continue;
      seen.add(fact);
      const by = byHead.get(fact);
      if (by === undefined || engine.clauses.label(by).inner !== true) premises.push(fact);
      else {
        inner.push(by);
        follow(by);
      }
    }
  };
  follow(clause);
  return { inner, premises };
}

function writeStep(
  { engine }: AttackGraph,
  id: ClauseId,
  { inner, premises }: Support,
  byHead: ReadonlyMap<FactId, ClauseId>,
): ReportStep {
  const { clauses } = engine;
  const { technique, detail, to, assumptions } = clauses.label(id);
  const { text, evidence, fix } = detail(clauses.member(id) ?? '');
  const under = inner.map((clause) => ({
    conditions: clauses.conditions(clause),
    detail: clauses.label(clause).detail(clauses.member(clause) ?? ''),
  }));
  const fixes = under.flatMap((u) => (u.detail.fix === '' ? [] : [u.detail.fix]));
  const keys = premises.map((fact) => clauses.factKey(fact)).sort(byCode);
  const assetOf = (fact: FactId): string => {
    const by = byHead.get(fact);
    return (by === undefined ? undefined : clauses.label(by).to) ?? parseFact(clauses.factKey(fact)).id;
  };
  return {
    technique: technique.id,
    title: technique.title,
    from: sourceOf(keys),
    to: to ?? parseFact(clauses.factKey(clauses.columns().head[id] as FactId)).id,
    requires: sortedUnique(premises.map(assetOf)),
    text,
    attack: technique.attack,
    assumptions: assumptions ?? technique.assumptions,
    conditions: distinctConditions([...clauses.conditions(id), ...under.flatMap((u) => u.conditions)]),
    evidence: distinctEvidence([...under.flatMap((u) => u.detail.evidence), ...evidence]),
    fix: fixes[0] ?? fix,
  };
}

/** Who takes the step: whoever signs the call, else the host it is taken from, else whatever it needs. */
function sourceOf(premises: readonly string[]): string {
  const byKind = groupBy(premises, (premise) => parseFact(premise).kind);
  const first = byKind.get('creds')?.[0] ?? byKind.get('exec')?.[0] ?? premises[0] ?? 'internet';
  return parseFact(first).id;
}

export function distinctConditions(conditions: readonly Condition[]): readonly Condition[] {
  const byText = new Map(conditions.map((c) => [JSON.stringify([c.key, c.operator, c.values]), c]));
  return [...byText].sort(byKey(([text]) => text)).map(([, condition]) => condition);
}

function distinctEvidence(evidence: readonly Evidence[]): readonly Evidence[] {
  return [...new Map(evidence.map((e) => [JSON.stringify([e.asset, e.fact]), e])).values()];
}
