import type { ClauseId, FactId, HeadRows } from './clause.js';
import type { ClauseIndex } from './clause-index.js';
import { compareValues, type ProofValue } from './proof-value.js';
import { valueOfClause } from './proof-order.js';
import { isAllowed, makeValueRun, NOT_REACHED, PARTS, type Restriction, type ValueRun } from './value-run.js';

/** The best value of each fact that was reached, and the clause that ends its best proof. */
export interface BestValues {
  /** The facts that were reached, held ones too. */
  readonly reached: Uint32Array;
  isReached(fact: FactId): boolean;
  /** A clause, or {@link NOT_REACHED} or {@link IS_HELD}. */
  last(fact: FactId): number;
  /** `undefined` of a fact that was not reached. */
  value(fact: FactId): ProofValue | undefined;
}

/** Finds the best values from the facts held, in a part of all proofs where one is given. */
export type BestValueSearch = (held: readonly FactId[], restriction?: Restriction) => BestValues;

/** The clauses that a search runs on, and the order in which equally good ones are taken. */
export interface ClauseOrder {
  readonly index: ClauseIndex;
  byHead(): HeadRows;
  compare(this: void, a: ClauseId, b: ClauseId): number;
}

/**
 * The best proof of every fact: Knuth's generalization of Dijkstra's algorithm, with a value in three parts (see ProofValue).
 * Of equally good last clauses the first in `compare`'s order is taken; as a premise's value is strictly below its
 * conclusion's, all of them are known when the fact is settled, so the order in which clauses were added plays no part.
 *
 * @param isHub 1 for facts from which much follows. What follows from one that is had at some value is found once, and every search that comes to
 *   it at that value goes on from there: what is left to find is what it has better. They change no answer.
 * @see https://doi.org/10.1016/0020-0190(77)90002-3 Knuth, A generalization of Dijkstra's algorithm
 */
export function makeBestValueSearch(order: ClauseOrder, isHub?: Uint8Array): BestValueSearch {
  const plain = makeValueRun(order.index);
  const goOn = goOnFromHubs(order, plain);
  return (held, restriction) => {
    const stop = restriction ? undefined : isHub;
    const hub = plain.run(held, { restriction, stopAt: stop });
    if (stop !== undefined && hub !== undefined) {
      const all = goOn(held, hub, stop);
      if (all) return all;
      plain.run(held);
    }
    return takeValues(order, plain, restriction);
  };
}

/** What a run found, after which its memory is as it was before. */
function takeValues(order: ClauseOrder, run: ValueRun, restriction?: Restriction): BestValues {
  const found = copyTouched(run, order.index.columns.factCount);
  run.putBack();
  return inOrder(order, found, restriction);
}

/** What was found of some facts. */
interface Found {
  readonly facts: Uint32Array;
  slotOf(fact: FactId): number | undefined;
  readonly parts: Float64Array;
  readonly last: Int32Array;
  readonly isTied: Uint8Array;
}

/** Takes the first of equally good last clauses, where it is asked for: few are. */
function inOrder(
  { index, byHead, compare }: ClauseOrder,
  { facts, slotOf, parts, last, isTied }: Found,
  restriction: Restriction | undefined,
  elsewhere?: BestValues,
): BestValues {
  const { columns } = index;
  const value = (fact: FactId): ProofValue | undefined => {
    const slot = slotOf(fact);
    return slot === undefined ? elsewhere?.value(fact) : valueAt(parts, slot);
  };
  function firstOf(fact: FactId, known: ClauseId): ClauseId {
    const best = value(fact)!;
    const rows = byHead();
    let first = known;
    for (let i = rows.start[fact]!; i < rows.start[fact + 1]!; i++) {
      const clause = rows.clause[i]!;
      // Clauses may have been added since.
      if (clause === first || clause >= columns.clauseCount) continue;
      if (restriction && !isAllowed(restriction, clause, fact)) continue;
      if (isAsGood(clause, best) && compare(clause, first) < 0) first = clause;
    }
    return first;
  }
  /** Premises are below their conclusion: only where sums are so large that they are not exact it may not be so. */
  function isAsGood(clause: ClauseId, best: ProofValue): boolean {
    const { body, bodyStart } = columns;
    for (let i = bodyStart[clause]!; i < bodyStart[clause + 1]!; i++) {
      const premise = value(body[i]!);
      if (premise === undefined || !(compareValues(premise, best) < 0)) return false;
    }
    return !(
      compareValues(
        valueOfClause(columns, clause, (fact) => value(fact)!),
        best,
      ) > 0
    );
  }
  return {
    reached: facts,
    isReached: (fact) => slotOf(fact) !== undefined || elsewhere?.isReached(fact) === true,
    last: (fact) => {
      const slot = slotOf(fact);
      if (slot === undefined) return elsewhere?.last(fact) ?? NOT_REACHED;
      if (isTied[slot] === 1) {
        last[slot] = firstOf(fact, last[slot]!);
        isTied[slot] = 0;
      }
      return last[slot]!;
    },
    value,
  };
}

/** How many values of hubs are kept with what follows. */
const MOST_KEPT = 8;

/** What follows from a hub has to be so many times what was found until then: going on from it is not free. */
const WORTH = 2;

/** A hub from which less than one in so many facts follows is none. */
const LEAST_FOLLOWING = 8;

/**
 * Goes on with a search that ended at a hub. Gives `undefined` where that is not worth it; the search is then to be made without stopping. The plain run's
 * memory is as it was before the search, after either.
 */
function goOnFromHubs(
  order: ClauseOrder,
  plain: ValueRun,
): (held: readonly FactId[], hub: FactId, isHub: Uint8Array) => BestValues | undefined {
  const { factCount } = order.index.columns;
  const kept = new Map<string, Following>();
  let further: { readonly run: ValueRun; from?: Following } | undefined;

  function whatFollows(hub: FactId, value: ProofValue): Following {
    const key = [hub, value.conditional, value.cost, value.steps].join(' ');
    const known = kept.get(key);
    if (known) return known;
    plain.run([hub], { value });
    const found = {
      facts: plain.touched().slice(),
      parts: plain.parts.slice(),
      last: plain.last.slice(),
      isTied: plain.isTied.slice(),
    };
    plain.putBack();
    const slotOf = (fact: FactId) => (found.last[fact] === NOT_REACHED ? undefined : fact);
    const made = { ...found, slotOf, values: inOrder(order, { ...found, slotOf }, undefined) };
    if (kept.size === MOST_KEPT) kept.clear();
    kept.set(key, made);
    return made;
  }

  return (held, hub, isHub) => {
    const until = takeValues(order, plain);
    if (until.reached.length * WORTH > factCount) return undefined;
    const from = whatFollows(hub, until.value(hub)!);
    if (from.facts.length * LEAST_FOLLOWING < factCount) isHub[hub] = 0;
    if (from.facts.length < until.reached.length * WORTH) return undefined;
    further ??= { run: makeValueRun(order.index) };
    if (further.from !== from) further.run.startFrom(from, from.facts);
    further.from = from;
    further.run.run(held);
    const found = copyTouched(further.run, factCount);
    further.run.putBack();
    const best = inOrder(order, found, undefined, from.values);
    const more = found.facts.filter((fact) => from.slotOf(fact) === undefined);
    const reached = new Uint32Array(from.facts.length + more.length);
    reached.set(from.facts);
    reached.set(more, from.facts.length);
    return { ...best, reached, last: (fact) => (fact === hub ? until.last(hub) : best.last(fact)) };
  };
}

/** What follows from a hub that is had at some value, a place for each fact. */
interface Following extends Found {
  readonly values: BestValues;
}

/** What a run found of the facts that it touched. */
function copyTouched(run: ValueRun, factCount: number): Found {
  const facts = run.touched().slice();
  const last = new Int32Array(facts.length);
  const isTied = new Uint8Array(facts.length);
  const parts = new Float64Array(facts.length * PARTS);
  for (let slot = 0; slot < facts.length; slot++) {
    const fact = facts[slot]!;
    last[slot] = run.last[fact]!;
    isTied[slot] = run.isTied[fact]!;
    for (let part = 0; part < PARTS; part++) parts[slot * PARTS + part] = run.parts[fact * PARTS + part]!;
  }
  return { facts, slotOf: slotFinder(facts, factCount), parts, last, isTied };
}

function valueAt(parts: Float64Array, place: number): ProofValue {
  const at = place * PARTS;
  return { conditional: parts[at]!, cost: parts[at + 1]!, steps: parts[at + 2]! };
}

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
