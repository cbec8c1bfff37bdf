import type { FactId } from './clause.js';
import type { ClauseIndex } from './clause-index.js';

/**
 * Which facts can be had from those held: 1 in the result where one can. Every clause counts its missing premises down and
 * fires at none, so the time is linear in the number of literals.
 *
 * @see https://doi.org/10.1016/0743-1066(84)90014-1 Dowling and Gallier, Linear-time algorithms for testing the
 * satisfiability of propositional Horn formulae
 */
export function fixpoint(index: ClauseIndex, held: readonly FactId[]): Uint8Array {
  const { columns, axioms, unitStart, unitHead, andStart, andClause } = index;
  const { head, bodyStart } = columns;
  const derived = new Uint8Array(columns.factCount);
  const pending = new Uint32Array(columns.factCount);
  const missing = Uint32Array.from(head, (_, clause) => bodyStart[clause + 1]! - bodyStart[clause]!);
  let top = 0;

  const seed = (fact: FactId): void => {
    if (derived[fact] === 1) return;
    derived[fact] = 1;
    pending[top++] = fact;
  };
  for (const fact of held) seed(fact);
  for (const clause of axioms) seed(head[clause]!);

  while (top > 0) {
    const fact = pending[--top]!;
    const unitEnd = unitStart[fact + 1]!;
    for (let i = unitStart[fact]!; i < unitEnd; i++) {
      const next = unitHead[i]!;
      if (derived[next] === 0) {
        derived[next] = 1;
        pending[top++] = next;
      }
    }
    const andEnd = andStart[fact + 1]!;
    for (let i = andStart[fact]!; i < andEnd; i++) {
      const clause = andClause[i]!;
      if (--missing[clause]! > 0) continue;
      const next = head[clause]!;
      if (derived[next] === 0) {
        derived[next] = 1;
        pending[top++] = next;
      }
    }
  }
  return derived;
}
