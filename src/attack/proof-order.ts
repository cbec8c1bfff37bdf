import type { ClauseColumns, ClauseId, FactId } from './clause.js';
import { HELD, type ProofValue } from './proof-value.js';

/** The clause by which a proof derives a fact; `undefined` where the fact is held. */
export type Choice = (fact: FactId) => ClauseId | undefined;

/**
 * The clauses of a proof, each after those of its premises, a shared part once; `undefined` where the choices go round in a
 * circle. The order follows from the proof alone.
 */
export function orderProof(columns: ClauseColumns, target: FactId, choice: Choice): ClauseId[] | undefined {
  const { bodyStart, body } = columns;
  const order: ClauseId[] = [];
  const state = new Map<FactId, 'open' | 'done'>();
  const stack: FactId[] = [target];
  while (stack.length > 0) {
    const fact = stack.at(-1)!;
    const clause = choice(fact);
    if (state.has(fact) || clause === undefined) {
      stack.pop();
      if (state.get(fact) === 'open' && clause !== undefined) {
        order.push(clause);
        state.set(fact, 'done');
      }
      continue;
    }
    state.set(fact, 'open');
    for (let i = bodyStart[clause + 1]! - 1; i >= bodyStart[clause]!; i--) {
      const premise = body[i]!;
      const seen = state.get(premise);
      if (seen === 'open' && choice(premise) !== undefined) return undefined;
      if (seen === undefined) stack.push(premise);
    }
  }
  return order;
}

/** The facts of a proof from the target down, level by level: a fact comes after one that needs it. */
export function factsFromTarget(columns: ClauseColumns, target: FactId, choice: Choice): FactId[] {
  const { bodyStart, body } = columns;
  const seen = new Set([target]);
  // A set's iteration goes on to what is added meanwhile.
  for (const fact of seen) {
    const clause = choice(fact);
    if (clause === undefined) continue;
    for (let i = bodyStart[clause]!; i < bodyStart[clause + 1]!; i++) seen.add(body[i]!);
  }
  return [...seen];
}

/** The value of a proof over its tree, from its clauses in proof order; facts that none of them derives have `leaf`'s value. */
export function valueOfProof(
  columns: ClauseColumns,
  clauses: readonly ClauseId[],
  leaf: (fact: FactId) => ProofValue,
): ProofValue {
  const values = new Map<FactId, ProofValue>();
  let value = HELD;
  for (const clause of clauses) {
    value = valueOfClause(columns, clause, (fact) => values.get(fact) ?? leaf(fact));
    values.set(columns.head[clause]!, value);
  }
  return value;
}

/** The value of a fact that is derived by this clause, given its premises' values. */
export function valueOfClause(
  { bodyStart, body, cost: clauseCost, length, conditional: clauseConditional }: ClauseColumns,
  clause: ClauseId,
  valueOf: (fact: FactId) => ProofValue,
): ProofValue {
  let conditional = clauseConditional[clause]!;
  let cost = clauseCost[clause]!;
  let steps = length[clause]!;
  for (let i = bodyStart[clause]!; i < bodyStart[clause + 1]!; i++) {
    const premise = valueOf(body[i]!);
    conditional += premise.conditional;
    cost += premise.cost;
    steps += premise.steps;
  }
  return { conditional, cost, steps };
}
