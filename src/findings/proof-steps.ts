import type { ClauseId, Derivation, FactId, Proof } from '../attack/index.js';
import { byKey, type Condition, type Evidence, sortedUnique } from '../model/index.js';
import type { AttackGraph } from './attack-graph.js';
import { readFact } from './read-fact.js';
import type { ReportStep } from './report.js';
import { type Choice, premisesOf, sourceOf, type Support, supportOf } from './support.js';

/**
 * The steps of a proof in the order in which they are taken; inner clauses are folded into the step that uses them. Proofs share most of their
 * steps, so each distinct one is written once.
 */
export function stepsOf(attack: AttackGraph, proof: Proof): readonly ReportStep[] {
  const { head } = attack.engine.clauses.columns();
  const byHead = new Map(proof.clauses.map((id) => [head[id] as FactId, id]));
  const stepOf = stepWriter(attack, (fact) => byHead.get(fact));
  return proof.clauses.flatMap((id) => stepOf(id) ?? []);
}

/** The same for the best proofs of one derivation, which derive a fact that they share alike. */
export function bestStepWriter(attack: AttackGraph, derivation: Derivation): (proof: Proof) => readonly ReportStep[] {
  const stepOf = stepWriter(attack, derivation.lastClause);
  return (proof) => proof.clauses.flatMap((id) => stepOf(id) ?? []);
}

/** Writes the step of a clause; none for an inner one. */
function stepWriter(attack: AttackGraph, choice: Choice): (id: ClauseId) => ReportStep | undefined {
  const { engine, written } = attack;
  const own = new Map<ClauseId, ReportStep | undefined>();
  const make = (id: ClauseId): ReportStep | undefined => {
    if (engine.clauses.label(id).inner === true) return undefined;
    const support = supportOf(engine.clauses, id, choice);
    const key = [id, ...support.inner].join();
    const known = written.get(key) ?? writeStep(attack, id, support, choice);
    written.set(key, known);
    return known;
  };
  return (id) => {
    if (own.has(id)) return own.get(id);
    const made = make(id);
    own.set(id, made);
    return made;
  };
}

function writeStep({ engine }: AttackGraph, id: ClauseId, { inner, premises }: Support, choice: Choice): ReportStep {
  const { clauses } = engine;
  const { technique, detail, to, assumptions } = clauses.label(id);
  const { text, evidence, fix } = detail(clauses.member(id) ?? '');
  const under = inner.map((clause) => ({
    conditions: clauses.conditions(clause),
    detail: clauses.label(clause).detail(clauses.member(clause) ?? ''),
  }));
  const fixes = under.flatMap((u) => (u.detail.fix === '' ? [] : [u.detail.fix]));
  const held = premisesOf(clauses, premises, choice);
  return {
    technique: technique.id,
    title: technique.title,
    from: sourceOf(held),
    to: to ?? readFact(clauses, clauses.columns().head[id] as FactId).id,
    requires: sortedUnique(held.map(({ asset }) => asset)),
    text,
    attack: technique.attack,
    assumptions: assumptions ?? technique.assumptions,
    conditions: distinctConditions([...clauses.conditions(id), ...under.flatMap((u) => u.conditions)]),
    evidence: distinctEvidence([...under.flatMap((u) => u.detail.evidence), ...evidence]),
    fix: fixes[0] ?? fix,
  };
}

const NONE: readonly Condition[] = [];

export function distinctConditions(conditions: readonly Condition[]): readonly Condition[] {
  if (conditions.length === 0) return NONE;
  const byText = new Map(conditions.map((c) => [JSON.stringify([c.key, c.operator, c.values]), c]));
  return [...byText].sort(byKey(([text]) => text)).map(([, condition]) => condition);
}

function distinctEvidence(evidence: readonly Evidence[]): readonly Evidence[] {
  return [...new Map(evidence.map((e) => [JSON.stringify([e.asset, e.fact]), e])).values()];
}
