import { bestProofs, lastClause } from './best-proofs.js';
import { type BestValues, type BestValueSearch, type ClauseOrder, makeBestValueSearch } from './best-values.js';
import type { AttackEngine, ClauseSet, Derivation, FactId, Proof } from './clause.js';
import { type ClauseIndex, factsBehind, findHubs, indexClauses, validFacts } from './clause-index.js';
import { essentialFacts } from './essential-facts.js';
import { fixpoint } from './fixpoint.js';
import { orderProof } from './proof-order.js';
import { makePass, makeSurvivorSearch, WORLDS } from './survivors.js';

/**
 * The kernels on a set of clauses. They are indexed at the first question and again after clauses were added; the values of the last
 * run are kept, so that asking for the essential facts of many targets from the same start is one run.
 * @param targets narrow the engine to what they could depend on
 * @param without facts that cannot be had
 */
export function makeAttackEngine<Label>(
  clauses: ClauseSet<Label>,
  targets?: readonly FactId[],
  without: readonly FactId[] = [],
): AttackEngine<Label> {
  let known: ClauseIndex | undefined;
  let search: { readonly index: ClauseIndex; readonly find: BestValueSearch } | undefined;
  let lastRun: Run | undefined;

  function upToDate(): ClauseIndex {
    if (known?.columns.clauseCount === clauses.clauseCount) return known;
    const columns = clauses.columns();
    known = indexClauses(columns, targets && factsBehind(columns, clauses.byHead(), targets, without));
    return known;
  }

  function run(start: readonly FactId[]): Run {
    const index = upToDate();
    const held = validFacts(start, index.columns.factCount);
    if (lastRun?.index === index && isSameList(lastRun.held, held)) return lastRun;
    if (search?.index !== index) search = { index, find: makeBestValueSearch(orderOf(index), hubsOf(index)) };
    lastRun = { index, held, find: search.find, best: search.find(held) };
    return lastRun;
  }

  /** Hubs are worth finding where many questions come, as they do to an engine that was narrowed. */
  const hubsOf = (index: ClauseIndex): Uint8Array | undefined => (targets === undefined ? undefined : findHubs(index));

  const orderOf = (index: ClauseIndex): ClauseOrder => ({ index, byHead: clauses.byHead, compare: clauses.compare });

  return {
    clauses,
    derive: (start) => makeDerivation(clauses, run(start)),
    fixpoint: (start) => {
      const index = upToDate();
      return fixpoint(index, validFacts(start, index.columns.factCount));
    },
    survivors: (removals) => {
      const index = upToDate();
      const search = makeSurvivorSearch(index, removals);
      return (start, targets) => search(validFacts(start, index.columns.factCount), targets);
    },
    survivingWorlds: (removals) => {
      if (removals.length > WORLDS) throw new RangeError(`more than ${WORLDS} removals at once`);
      const index = upToDate();
      const pass = makePass(index, removals, hubsOf(index));
      return (start, targets) => pass(validFacts(start, index.columns.factCount), targets);
    },
    essentialFacts: (start, target) => {
      const { index, held, best } = run(start);
      return essentialFacts(index, best, held, target);
    },
    towards: (wanted, barred = []) =>
      makeAttackEngine(clauses, validFacts(wanted, clauses.factCount), validFacts(barred, clauses.factCount)),
  };
}

const isSameList = (a: readonly FactId[], b: readonly FactId[]): boolean =>
  a.length === b.length && a.every((fact, i) => fact === b[i]);

/** What a run from some facts found. */
interface Run {
  readonly index: ClauseIndex;
  readonly held: readonly FactId[];
  readonly find: BestValueSearch;
  readonly best: BestValues;
}

function makeDerivation<Label>(clauses: ClauseSet<Label>, { index, held, find, best }: Run): Derivation {
  const { columns } = index;
  const { isReached } = best;
  const isCertain = (fact: FactId): boolean => best.value(fact)?.conditional === 0;
  const costOf = (fact: FactId): number => best.value(fact)?.cost ?? Number.NaN;
  function bestProof(fact: FactId): Proof | undefined {
    if (!isReached(fact)) return undefined;
    const order = orderProof(columns, fact, (premise) => lastClause(best, premise));
    if (order === undefined) throw new Error('a best proof goes round in a circle');
    return { target: fact, cost: costOf(fact), clauses: order, certain: isCertain(fact) };
  }

  return {
    derived: best.reached,
    isDerived: isReached,
    isCertain,
    cost: costOf,
    lastClause: (fact) => lastClause(best, fact),
    bestProof,
    bestProofs: (fact, k) => {
      if (!isReached(fact)) return [];
      return bestProofs({ index, byHead: clauses.byHead(), compare: clauses.compare, held, best, find }, fact, k);
    },
  };
}
