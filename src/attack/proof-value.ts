/**
 * What a proof costs, compared in this order. Each part is a sum over the proof's tree; `steps` grows with every clause (minor ones add next to nothing), so a
 * premise's value is always below its conclusion's, also along clauses that cost nothing.
 */
export interface ProofValue {
  /** Clauses with conditions. */
  readonly conditional: number;
  readonly cost: number;
  readonly steps: number;
}

export const HELD: ProofValue = { conditional: 0, cost: 0, steps: 0 };

export const compareValues = (a: ProofValue, b: ProofValue): number =>
  a.conditional - b.conditional || a.cost - b.cost || a.steps - b.steps;
