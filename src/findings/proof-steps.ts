import type { ClauseId, Derivation, FactId, Proof } from '../attack/index.js';
import { byKey, type Condition, type Evidence, groupBy, sortedUnique } from '../model/index.js';
import { parseFact } from '../techniques/index.js';
import type { AttackGraph } from './attack-graph.js';
import { readFact } from './read-fact.js';
import type { ReportStep } from './report.js';

/** The clause by which a proof derives a fact; `undefined` where the fact is held. */
type Choice = (fact: FactId) => ClauseId | undefined;

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
    const support = supportOf(attack, id, choice);
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

/** The inner clauses under a step, in the order of the premises, and the facts that they come down to. */
interface Support {
  readonly inner: readonly ClauseId[];
  readonly premises: readonly FactId[];
}

/** Follows inner clauses down to the facts that steps give. */
function supportOf({ engine }: AttackGraph, clause: ClauseId, choice: Choice): Support {
  const { body, bodyStart } = engine.clauses.columns();
  const inner: ClauseId[] = [];
  const premises: FactId[] = [];
  const seen = new Set<FactId>();
  const follow = (from: ClauseId): void => {
    for (let i = bodyStart[from] as number; i < (bodyStart[from + 1] as number); i++) {
      const fact = body[i] as FactId;
      if (seen.has(fact)) continue;
      seen.add(fact);
      const by = choice(fact);
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

function writeStep({ engine }: AttackGraph, id: ClauseId, { inner, premises }: Support, choice: Choice): ReportStep {
  const { clauses } = engine;
  const { technique, detail, to, assumptions } = clauses.label(id);
  const { text, evidence, fix } = detail(clauses.member(id) ?? '');
  const under = inner.map((clause) => ({
    conditions: clauses.conditions(clause),
    detail: clauses.label(clause).detail(clauses.member(clause) ?? ''),
  }));
  const fixes = under.flatMap((u) => (u.detail.fix === '' ? [] : [u.detail.fix]));
  const assetOf = (fact: FactId): string => {
    const by = choice(fact);
    return (by === undefined ? undefined : clauses.label(by).to) ?? readFact(clauses, fact).id;
  };
  const keyed = premises.map((fact) => ({ key: clauses.factKey(fact), asset: assetOf(fact) }));
  return {
    technique: technique.id,
    title: technique.title,
    from: sourceOf(keyed.sort(byKey(({ key }) => key))),
    to: to ?? readFact(clauses, clauses.columns().head[id] as FactId).id,
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
function sourceOf(premises: readonly { readonly key: string; readonly asset: string }[]): string {
  const byKind = groupBy(premises, ({ key }) => parseFact(key).kind);
  const first = byKind.get('creds')?.[0] ?? byKind.get('exec')?.[0] ?? premises[0];
  return first?.asset ?? 'internet';
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
