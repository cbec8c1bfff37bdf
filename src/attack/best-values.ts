import type { ClauseId, FactId } from './clause.js';
import type { ClauseIndex } from './clause-index.js';
import type { ProofValue } from './proof-value.js';
import { makeValueQueue } from './value-queue.js';

/** The best value of each fact that was reached, and the clause that ends its best proof. */
export interface BestValues {
  /** The facts that were reached, held ones too. */
  readonly reached: Uint32Array;
  /** A clause, or {@link NOT_REACHED} or {@link IS_HELD}. */
  last(fact: FactId): number;
  /** Of a fact that was reached. */
  value(fact: FactId): ProofValue;
}

export const NOT_REACHED = -1;
export const IS_HELD = -2;

/** Narrows a search to a part of all proofs. */
export interface Restriction {
  /** These facts may be derived by this clause alone. */
  readonly forced: ReadonlyMap<FactId, ClauseId>;
  readonly banned: ReadonlySet<ClauseId>;
  /** The search ends once this fact's best proof is known; values of others are then unfinished. */
  readonly target: FactId;
}

/** Finds the best values from the facts held, in a part of all proofs where one is given. */
export type BestValueSearch = (held: readonly FactId[], restriction?: Restriction) => BestValues;

/**
 * The best proof of every fact: Knuth's generalization of Dijkstra's algorithm, with a value in three parts (see ProofValue).
 * Of equally good last clauses the first in `compare`'s order is taken; as a premise's value is strictly below its
 * conclusion's, all of them are known when the fact is settled, so the order in which clauses were added plays no part.
 *
 * The memory that a search works in is kept for the next, so that one costs what it reaches and not what there is.
 *
 * @see https://doi.org/10.1016/0020-0190(77)90002-3 Knuth, A generalization of Dijkstra's algorithm
 */
export function makeBestValueSearch(
  index: ClauseIndex,
  compare: (a: ClauseId, b: ClauseId) => number,
): BestValueSearch {
  const { axioms, unitStart, unitClause, unitHead, andStart, andRow, andClause, andNeed } = index;
  const { factCount, head, bodyStart, body, cost: clauseCost, length, conditional: clauseConditional } = index.columns;
  // The three parts of each fact's value side by side, so that they are read together.
  const values = new Float64Array(factCount * PARTS);
  const last = new Int32Array(factCount).fill(NOT_REACHED);
  const settled = new Uint8Array(factCount);
  const missing = andNeed.slice();
  // What has to be put back after a search.
  const reached = new Uint32Array(factCount);
  let reachedCount = 0;
  const counted = new Uint32Array(andNeed.length);
  let countedCount = 0;
  const queue = makeValueQueue();
  let restriction: Restriction | undefined;

  function take(clause: ClauseId, fact: FactId): void {
    if (settled[fact] === 1) return;
    if (restriction !== undefined && !isAllowed(restriction, clause, fact)) return;
    let newConditional = clauseConditional[clause]!;
    let newCost = clauseCost[clause]!;
    let newSteps = length[clause]!;
    const end = bodyStart[clause + 1]!;
    for (let i = bodyStart[clause]!; i < end; i++) {
      const at = body[i]! * PARTS;
      newConditional += values[at]!;
      newCost += values[at + 1]!;
      newSteps += values[at + 2]!;
    }
    const at = fact * PARTS;
    if (last[fact] === NOT_REACHED) reached[reachedCount++] = fact;
    else {
      const order = newConditional - values[at]! || newCost - values[at + 1]! || newSteps - values[at + 2]!;
      if (order > 0) return;
      // Sums beyond the range of a double are all Infinity, and their difference no number: such proofs count as equal.
      if (!(order < 0)) {
        if (compare(clause, last[fact]!) < 0) last[fact] = clause;
        return;
      }
    }
    values[at] = newConditional;
    values[at + 1] = newCost;
    values[at + 2] = newSteps;
    last[fact] = clause;
    queue.add(fact, newConditional, newCost, newSteps);
  }

  function settle(fact: FactId): void {
    settled[fact] = 1;
    const unitEnd = unitStart[fact + 1]!;
    for (let i = unitStart[fact]!; i < unitEnd; i++) take(unitClause[i]!, unitHead[i]!);
    const andEnd = andStart[fact + 1]!;
    for (let i = andStart[fact]!; i < andEnd; i++) {
      const row = andRow[i]!;
      if (missing[row] === andNeed[row]) counted[countedCount++] = row;
      if (--missing[row]! > 0) continue;
      const clause = andClause[row]!;
      take(clause, head[clause]!);
    }
  }

  function search(held: readonly FactId[]): void {
    for (const fact of held) {
      last[fact] = IS_HELD;
      settled[fact] = 1;
      reached[reachedCount++] = fact;
    }
    for (const fact of held) settle(fact);
    for (const clause of axioms) take(clause, head[clause]!);
    for (let fact = queue.takeFirst(); fact !== undefined; fact = queue.takeFirst()) {
      // One that was reached again, better, stands in the queue twice.
      if (settled[fact] === 1) continue;
      settle(fact);
      if (fact === restriction?.target) break;
    }
  }

  function putBack(): void {
    for (let i = 0; i < reachedCount; i++) {
      const fact = reached[i]!;
      const at = fact * PARTS;
      values[at] = 0;
      values[at + 1] = 0;
      values[at + 2] = 0;
      last[fact] = NOT_REACHED;
      settled[fact] = 0;
    }
    for (let i = 0; i < countedCount; i++) missing[counted[i]!] = andNeed[counted[i]!]!;
    reachedCount = 0;
    countedCount = 0;
    queue.clear();
  }

  return (held, restrictedTo) => {
    restriction = restrictedTo;
    search(held);
    const facts = reached.slice(0, reachedCount);
    const slotOf = slotFinder(facts, factCount);
    const foundLast = new Int32Array(facts.length);
    const found = new Float64Array(facts.length * PARTS);
    for (let slot = 0; slot < facts.length; slot++) {
      const fact = facts[slot]!;
      foundLast[slot] = last[fact]!;
      for (let part = 0; part < PARTS; part++) found[slot * PARTS + part] = values[fact * PARTS + part]!;
    }
    putBack();
    return {
      reached: facts,
      last: (fact) => {
        const slot = slotOf(fact);
        return slot === undefined ? NOT_REACHED : foundLast[slot]!;
      },
      value: (fact) => {
        const at = (slotOf(fact) ?? -1) * PARTS;
        return { conditional: found[at]!, cost: found[at + 1]!, steps: found[at + 2]! };
      },
    };
  };
}

/** The parts of a value, in the order in which they count. */
const PARTS = 3;

/** Where a fact stands among some: a map while they are few, else a column for all facts. */
function slotFinder(facts: Uint32Array, factCount: number): (fact: FactId) => number | undefined {
  if (facts.length * 8 < factCount) {
    const slots = new Map<FactId, number>();
    for (let slot = 0; slot < facts.length; slot++) slots.set(facts[slot]!, slot);
    return (fact) => slots.get(fact);
  }
  const slots = new Uint32Array(factCount);
  for (let slot = 0; slot < facts.length; slot++) slots[facts[slot]!] = slot + 1;
  return (fact) => {
    const slot = slots[fact];
    return slot === undefined || slot === 0 ? undefined : slot - 1;
  };
}

function isAllowed({ forced, banned }: Restriction, clause: ClauseId, head: FactId): boolean {
  const only = forced.get(head);
  return (only === undefined || only === clause) && !banned.has(clause);
}
