import type { Clause, ClauseId, Proof } from '../attack/index.js';
import { byKey, type Condition, type Evidence, groupBy, sortedUnique } from '../model/index.js';
import { parseFact, type StepLabel } from '../techniques/index.js';
import type { AttackGraph } from './attack-graph.js';
import type { ReportStep } from './report.js';

/** What the inner clauses under a step say: which facts they stand for, and why. */
interface Support {
  readonly premises: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly conditions: readonly Condition[];
  readonly fixes: readonly string[];
}

/** The steps of a proof in the order in which they are taken; inner clauses are folded into the step that uses them. */
export function stepsOf({ engine }: AttackGraph, proof: Proof): readonly ReportStep[] {
  const clauses = proof.clauses.map((id: ClauseId) => engine.clauses.clause(id));
  const byHead = new Map(clauses.map((clause) => [clause.head, clause]));
  return clauses.filter((c) => c.label.inner !== true).map((clause) => makeStep(clause, byHead));
}

function makeStep(clause: Clause<StepLabel>, byHead: ReadonlyMap<string, Clause<StepLabel>>): ReportStep {
  const { technique, detail } = clause.label;
  const support = supportOf(clause, byHead);
  const { text, evidence, fix } = detail();
  const from = sourceOf(support.premises);
  return {
    technique: technique.id,
    title: technique.title,
    from,
    to: clause.label.to ?? parseFact(clause.head).id,
    requires: sortedUnique(support.premises.map((premise) => byHead.get(premise)?.label.to ?? parseFact(premise).id)),
    text,
    attack: technique.attack,
    assumptions: technique.assumptions,
    conditions: distinctConditions([...clause.conditions, ...support.conditions]),
    evidence: distinctEvidence([...support.evidence, ...evidence]),
    fix: support.fixes[0] ?? fix,
  };
}

/** Follows inner clauses down to the facts that steps give. */
function supportOf(clause: Clause<StepLabel>, byHead: ReadonlyMap<string, Clause<StepLabel>>): Support {
  const premises: string[] = [];
  const evidence: Evidence[] = [];
  const conditions: Condition[] = [];
  const fixes: string[] = [];
  const seen = new Set<string>();
  const pending = [...clause.body].reverse();
  for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
    if (seen.has(key)) continue;
    seen.add(key);
    const inner = byHead.get(key);
    if (inner?.label.inner !== true) {
      premises.push(key);
      continue;
    }
    const detail = inner.label.detail();
    evidence.push(...detail.evidence);
    conditions.push(...inner.conditions);
    if (detail.fix !== '') fixes.push(detail.fix);
    pending.push(...[...inner.body].reverse());
  }
  return { premises, evidence, conditions, fixes };
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
