import { bestProofs, lastClause } from './best-proofs.js';
import { type BestValues, bestValues, NOT_REACHED, valueAt } from './best-values.js';
import type { AttackEngine, ClauseSet, Derivation, FactId, Proof } from './clause.js';
import { type ClauseIndex, type HeadIndex, indexClauses, indexHeads, validFacts } from './clause-index.js';
import { essentialFacts } from './essential-facts.js';
import { fixpoint } from './fixpoint.js';
import { orderProof } from './proof-order.js';
import { survivors } from './survivors.js';

/**
 * The kernels on a set of clauses. They are indexed at the first question and again after clauses were added; the values of the last
 * run are kept, so that asking for the essential facts of many targets from the same start is one run.
 */
export function makeAttackEngine<Label>(clauses: ClauseSet<Label>): AttackEngine<Label> {
  let known: ClauseIndex | undefined;
  let lastRun: { readonly index: ClauseIndex; readonly held: readonly FactId[]; readonly best: BestValues } | undefined;

  function upToDate(): ClauseIndex {
    if (known?.columns.clauseCount !== clauses.clauseCount) known = indexClauses(clauses.columns());
    return known;
  }

  function run(start: readonly FactId[]): { index: ClauseIndex; held: readonly FactId[]; best: BestValues } {
    const index = upToDate();
    const held = validFacts(start, index.columns.factCount);
    const isSame = lastRun?.index === index && isSameList(lastRun.held, held);
    if (lastRun === undefined || !isSame) lastRun = { index, held, best: bestValues(index, clauses.compare, held) };
    return lastRun;
  }

  return {
    clauses,
    derive: (start) => {
      const { index, held, best } = run(start);
      return makeDerivation(index, clauses, held, best);
    },
    fixpoint: (start) => {
      const index = upToDate();
      return fixpoint(index, validFacts(start, index.columns.factCount));
    },
    survivors: (start, removals, targets) => {
      const index = upToDate();
      return survivors(index, validFacts(start, index.columns.factCount), removals, targets);
    },
    essentialFacts: (start, target) => {
      const { index, held, best } = run(start);
      return essentialFacts(index, best, held, target);
    },
  };
}

const isSameList = (a: readonly FactId[], b: readonly FactId[]): boolean =>
  a.length === b.length && a.every((fact, i) => fact === b[i]);

function makeDerivation<Label>(
  index: ClauseIndex,
  clauses: ClauseSet<Label>,
  held: readonly FactId[],
  best: BestValues,
): Derivation {
  const { columns } = index;
  const isDerived = (fact: FactId): boolean => fact in best.last && best.last[fact] !== NOT_REACHED;
  const isCertain = (fact: FactId): boolean => isDerived(fact) && best.conditional[fact] === 0;
  let byHead: HeadIndex | undefined;

  function bestProof(fact: FactId): Proof | undefined {
    if (!isDerived(fact)) return undefined;
    const order = orderProof(columns, fact, (premise) => lastClause(best, premise));
    if (order === undefined) throw new Error('a best proof goes round in a circle');
    return { target: fact, cost: valueAt(best, fact).cost, clauses: order, certain: isCertain(fact) };
  }

  return {
    isDerived,
    isCertain,
    bestProof,
    bestProofs: (fact, k) => {
      if (!isDerived(fact)) return [];
      byHead ??= indexHeads(columns);
      return bestProofs({ index, byHead, compare: clauses.compare, held, best }, fact, k);
    },
  };
}
