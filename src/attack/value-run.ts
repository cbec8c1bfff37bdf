import type { ClauseId, FactId } from './clause.js';
import type { ClauseIndex } from './clause-index.js';
import type { ProofValue } from './proof-value.js';
import { makeValueQueue } from './value-queue.js';

/** In place of the clause that ends a fact's best proof. */
export const NOT_REACHED = -1;
export const IS_HELD = -2;

/** The parts of a value, in the order in which they count. */
export const PARTS = 3;

/** Narrows a search to a part of all proofs. */
export interface Restriction {
  /** These facts may be derived by this clause alone. */
  readonly forced: ReadonlyMap<FactId, ClauseId>;
  readonly banned: ReadonlySet<ClauseId>;
  /** The search ends once this fact's best proof is known; values of others are then unfinished. */
  readonly target: FactId;
}

/** What a run found, a place for each fact. */
export interface Values {
  /** The parts of each fact's value, side by side. */
  readonly parts: Float64Array;
  /** A clause that ends a best proof, or {@link NOT_REACHED} or {@link IS_HELD}. */
  readonly last: Int32Array;
  /** 1 where several clauses end equally good proofs. */
  readonly isTied: Uint8Array;
}

export interface RunOptions {
  /** What the facts held are worth; nothing when absent. */
  readonly value?: ProofValue;
  readonly restriction?: Restriction | undefined;
  /** 1 for facts at which the run ends once one of them is settled. */
  readonly stopAt?: Uint8Array | undefined;
}

/** The memory of runs, one at a time. */
export interface ValueRun extends Values {
  /** The facts that the run touched: that it gave a value, or a further clause to their proofs. */
  touched(): Uint32Array;
  /** Gives the fact that it was ended at. */
  run(held: readonly FactId[], options?: RunOptions): FactId | undefined;
  /** Makes everything as it was before the run. */
  putBack(): void;
  /** Runs start from these values from now on, and find what gets better by what they hold. */
  startFrom(values: Values, facts: Uint32Array): void;
}

/**
 * Knuth's generalization of Dijkstra's algorithm on memory of its own, which is kept from run to run: each costs what it touches, and not what there is.
 *
 * A run that starts from the values of another goes through those facts alone that become better by what it holds: a fact is settled at its value,
 * as always in the order of values, and the clauses that need it are looked at again. A premise that is not settled yet has a value that is not too low,
 * and where it becomes lower its clauses are looked at once more.
 */
export function makeValueRun(index: ClauseIndex): ValueRun {
  const { axioms, unitStart, unitClause, unitHead, andStart, andClause } = index;
  const { factCount, head, bodyStart, body, cost: clauseCost, length, conditional: clauseConditional } = index.columns;
  const parts = new Float64Array(factCount * PARTS);
  const last = new Int32Array(factCount).fill(NOT_REACHED);
  const isTied = new Uint8Array(factCount);
  /** 1 for facts whose values clauses may use. */
  const isKnown = new Uint8Array(factCount);
  const isSettled = new Uint8Array(factCount);
  const isTouched = new Uint8Array(factCount);
  const touched = new Uint32Array(factCount);
  let touchedCount = 0;
  let start: { readonly values: Values; readonly facts: Uint32Array } | undefined;
  const queue = makeValueQueue();
  let restriction: Restriction | undefined;

  function touch(fact: FactId): void {
    if (isTouched[fact] === 1) return;
    isTouched[fact] = 1;
    touched[touchedCount++] = fact;
  }

  function take(clause: ClauseId, fact: FactId): void {
    if (isSettled[fact] === 1) return;
    if (restriction !== undefined && !isAllowed(restriction, clause, fact)) return;
    let conditional = clauseConditional[clause]!;
    let cost = clauseCost[clause]!;
    let steps = length[clause]!;
    const end = bodyStart[clause + 1]!;
    for (let i = bodyStart[clause]!; i < end; i++) {
      const at = body[i]! * PARTS;
      conditional += parts[at]!;
      cost += parts[at + 1]!;
      steps += parts[at + 2]!;
    }
    const at = fact * PARTS;
    const before = last[fact]!;
    if (before !== NOT_REACHED) {
      const order = conditional - parts[at]! || cost - parts[at + 1]! || steps - parts[at + 2]!;
      if (order > 0) return;
      // Sums beyond the range of a double are all Infinity, and their difference no number: such proofs count as equal.
      if (!(order < 0)) {
        if (before === clause || before === IS_HELD) return;
        touch(fact);
        isTied[fact] = 1;
        return;
      }
    }
    touch(fact);
    parts[at] = conditional;
    parts[at + 1] = cost;
    parts[at + 2] = steps;
    last[fact] = clause;
    isTied[fact] = 0;
    queue.add(fact, conditional, cost, steps);
  }

  function settle(fact: FactId): void {
    isSettled[fact] = 1;
    isKnown[fact] = 1;
    const unitEnd = unitStart[fact + 1]!;
    for (let i = unitStart[fact]!; i < unitEnd; i++) take(unitClause[i]!, unitHead[i]!);
    const andEnd = andStart[fact + 1]!;
    for (let i = andStart[fact]!; i < andEnd; i++) {
      const clause = andClause[i]!;
      if (isReady(clause)) take(clause, head[clause]!);
    }
  }

  function isReady(clause: ClauseId): boolean {
    const end = bodyStart[clause + 1]!;
    for (let i = bodyStart[clause]!; i < end; i++) if (isKnown[body[i]!] === 0) return false;
    return true;
  }

  function hold(fact: FactId, value: ProofValue | undefined): void {
    touch(fact);
    const at = fact * PARTS;
    parts[at] = value?.conditional ?? 0;
    parts[at + 1] = value?.cost ?? 0;
    parts[at + 2] = value?.steps ?? 0;
    last[fact] = IS_HELD;
    isTied[fact] = 0;
    isSettled[fact] = 1;
  }

  function run(held: readonly FactId[], options: RunOptions = {}): FactId | undefined {
    const { value, stopAt } = options;
    restriction = options.restriction;
    for (const fact of held) hold(fact, value);
    for (const fact of held) settle(fact);
    if (start === undefined) for (const clause of axioms) take(clause, head[clause]!);
    for (let fact = queue.takeFirst(); fact !== undefined; fact = queue.takeFirst()) {
      // One that was reached again, better, stands in the queue twice.
      if (isSettled[fact] === 1) continue;
      if (stopAt !== undefined && stopAt[fact] === 1) return fact;
      settle(fact);
      if (fact === restriction?.target) return fact;
    }
    return undefined;
  }

  function putBack(): void {
    for (let i = 0; i < touchedCount; i++) {
      const fact = touched[i]!;
      isTouched[fact] = 0;
      isSettled[fact] = 0;
      restore(fact, start?.values);
    }
    touchedCount = 0;
    queue.clear();
  }

  function restore(fact: FactId, from: Values | undefined): void {
    const at = fact * PARTS;
    for (let part = at; part < at + PARTS; part++) parts[part] = from?.parts[part] ?? 0;
    last[fact] = from?.last[fact] ?? NOT_REACHED;
    isTied[fact] = from?.isTied[fact] ?? 0;
    isKnown[fact] = last[fact] === NOT_REACHED ? 0 : 1;
  }

  return {
    parts,
    last,
    isTied,
    touched: () => touched.subarray(0, touchedCount),
    run,
    putBack,
    startFrom: (values, facts) => {
      for (const fact of start?.facts ?? []) restore(fact, undefined);
      start = { values, facts };
      for (const fact of facts) restore(fact, values);
    },
  };
}

export function isAllowed({ forced, banned }: Restriction, clause: ClauseId, head: FactId): boolean {
  const only = forced.get(head);
  return (only === undefined || only === clause) && !banned.has(clause);
}
