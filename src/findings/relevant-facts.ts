import type { ClauseSet, FactId } from '../attack/index.js';

/** The facts on which some target could depend at all, themselves among them: walked backwards over the clauses. */
export function relevantFacts(
  clauses: Pick<ClauseSet<unknown>, 'byHead' | 'columns'>,
  targets: readonly FactId[],
): ReadonlySet<FactId> {
  const { body, bodyStart } = clauses.columns();
  const { start, clause } = clauses.byHead();
  const seen = new Set(targets);
  // A set's iteration goes on to what is added meanwhile.
  for (const target of seen) {
    for (let i = start[target] as number; i < (start[target + 1] as number); i++) {
      const by = clause[i] as number;
      for (let j = bodyStart[by] as number; j < (bodyStart[by + 1] as number); j++) seen.add(body[j] as number);
    }
  }
  return seen;
}
