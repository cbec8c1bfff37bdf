import type { ClauseId, Derivation, FactId } from '../attack/index.js';
import type { AttackGraph } from './attack-graph.js';
import { stepWriter } from './proof-steps.js';
import type { ReportStep } from './report.js';

/** A proof as the steps that are taken one after the other. */
export interface ProofLine {
  readonly steps: readonly ReportStep[];
  /** Whether some step has conditions. */
  readonly isConditional: boolean;
  /** The line that this one goes on from: its steps come first. */
  readonly before?: ProofLine;
}

interface KnownLine extends ProofLine {
  /** Of all its steps, those that are inner ones too. */
  readonly clauses: readonly ClauseId[];
}

const NO_STEPS: KnownLine = { steps: [], isConditional: false, clauses: [] };

/** Lines that are longer are not kept for those that go on from them: they would take more memory than time. */
const LONGEST_KEPT = 64;

/**
 * The best proofs of one derivation as lines. Most have all but their ends in common, so what leads to a premise is put in order once; the order is that of
 * `Derivation.bestProof`.
 */
export function bestLines(attack: AttackGraph, derivation: Derivation): (fact: FactId) => ProofLine {
  const { lastClause } = derivation;
  const { body, bodyStart } = attack.engine.clauses.columns();
  const stepOf = stepWriter(attack, lastClause);
  /** By fact that some line goes on from; `undefined` for one that is too long. */
  const known = new Map<FactId, KnownLine | undefined>();

  /** The line that ends with a clause whose premises' lines are known. */
  function endWith(clause: ClauseId): KnownLine | undefined {
    const start = bodyStart[clause] as number;
    const end = bodyStart[clause + 1] as number;
    const first = end === start ? NO_STEPS : known.get(body[start] as FactId);
    if (first === undefined || first.clauses.length >= LONGEST_KEPT) return undefined;
    const clauses = [...first.clauses];
    const steps = [...first.steps];
    let { isConditional } = first;
    const add = (one: ClauseId): void => {
      clauses.push(one);
      const step = stepOf(one);
      if (step === undefined) return;
      steps.push(step);
      isConditional ||= step.conditions.length > 0;
    };
    for (let i = start + 1; i < end; i++) {
      const line = known.get(body[i] as FactId);
      if (line === undefined) return undefined;
      for (const one of line.clauses) if (!clauses.includes(one)) add(one);
      if (clauses.length >= LONGEST_KEPT) return undefined;
    }
    add(clause);
    return { steps, isConditional, clauses, before: first };
  }

  function inSteps(clauses: readonly ClauseId[]): ProofLine {
    const steps = clauses.flatMap((clause) => stepOf(clause) ?? []);
    return { steps, isConditional: steps.some(({ conditions }) => conditions.length > 0) };
  }

  /** Makes the lines to a clause's premises known. */
  function prepare(last: ClauseId): void {
    const pending: ClauseId[] = [last];
    for (let clause = pending.at(-1); clause !== undefined; clause = pending.at(-1)) {
      const before = pending.length;
      for (let i = bodyStart[clause] as number; i < (bodyStart[clause + 1] as number); i++) {
        const premise = body[i] as FactId;
        if (known.has(premise)) continue;
        const by = lastClause(premise);
        if (by === undefined) known.set(premise, NO_STEPS);
        else if (isPrepared(by)) known.set(premise, endWith(by));
        else pending.push(by);
      }
      if (pending.length === before) pending.pop();
    }
  }

  function isPrepared(clause: ClauseId): boolean {
    for (let i = bodyStart[clause] as number; i < (bodyStart[clause + 1] as number); i++)
      if (!known.has(body[i] as FactId)) return false;
    return true;
  }

  return (fact) => {
    const last = lastClause(fact);
    if (last === undefined) return NO_STEPS;
    prepare(last);
    return endWith(last) ?? inSteps(derivation.bestProof(fact)?.clauses ?? []);
  };
}
