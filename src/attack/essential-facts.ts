import type { BestValues } from './best-values.js';
import { lastClause } from './best-proofs.js';
import type { ClauseId, FactId } from './clause.js';
import type { ClauseIndex } from './clause-index.js';
import { factsFromTarget, orderProof } from './proof-order.js';
import { makeSurvivorSearch } from './survivors.js';

/**
 * The facts without which the target cannot be had: the held ones, then those derived, in the order of its best proof; without the
 * target.
 *
 * With conjunctions these are not the dominators of a tree. What is exact: an essential fact is in every proof, so in the best
 * one; and each fact of that one is tested by taking it away. A few dozen candidates are one or two passes.
 */
export function essentialFacts(
  index: ClauseIndex,
  best: BestValues,
  held: readonly FactId[],
  target: FactId,
): FactId[] {
  if (!best.isReached(target)) return [];
  const choice = (fact: FactId): ClauseId | undefined => lastClause(best, fact);
  const leaves = factsFromTarget(index.columns, target, choice).filter((fact) => choice(fact) === undefined);
  const derived = (orderProof(index.columns, target, choice) ?? []).map((clause) => index.columns.head[clause]!);
  const candidates = [...leaves, ...derived].filter((fact) => fact !== target);
  const search = makeSurvivorSearch(
    index,
    candidates.map((fact) => ({ facts: [fact] })),
  );
  const remaining = search(held, [target]);
  return candidates.filter((_, i) => remaining[i]!.length === 0);
}
