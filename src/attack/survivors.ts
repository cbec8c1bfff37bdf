import type { FactId, Removal } from './clause.js';
import { type ClauseIndex, validFacts } from './clause-index.js';

const WORLDS = 32;

/**
 * For each removal, which targets can still be had. Every removal is a world and a bit of an integer: a pass computes in which of 32
 * worlds each fact can be had, a clause giving its head where all its premises are. A fact is looked at again when it gains worlds,
 * at most 32 times, in practice one to three.
 */
export function survivors(
  index: ClauseIndex,
  held: readonly FactId[],
  removals: readonly Removal[],
  targets: readonly FactId[],
): FactId[][] {
  const result: FactId[][] = [];
  for (let first = 0; first < removals.length; first += WORLDS) {
    const batch = removals.slice(first, first + WORLDS);
    const worlds = worldsOfFacts(index, held, batch);
    for (let world = 0; world < batch.length; world++) {
      result.push(targets.filter((target) => ((worlds[target] ?? 0) & (1 << world)) !== 0));
    }
  }
  return result;
}

/** For each fact, the worlds in which it can be had, a bit each. */
function worldsOfFacts(index: ClauseIndex, held: readonly FactId[], removals: readonly Removal[]): Int32Array {
  const { columns, axioms, unitStart, unitClause, unitHead, andStart, andRow, andClause } = index;
  const { factCount, clauseCount, head, bodyStart, body } = columns;
  const factAllowed = new Int32Array(factCount).fill(-1);
  const clauseAllowed = new Int32Array(clauseCount).fill(-1);
  removals.forEach((removal, world) => {
    for (const fact of validFacts(removal.facts ?? [], factCount)) factAllowed[fact]! &= ~(1 << world);
    for (const clause of validFacts(removal.clauses ?? [], clauseCount)) clauseAllowed[clause]! &= ~(1 << world);
  });

  const worlds = new Int32Array(factCount);
  const isQueued = new Uint8Array(factCount);
  const queue = new Uint32Array(factCount + 1);
  let first = 0;
  let end = 0;
  function gain(fact: FactId, more: number): void {
    const now = worlds[fact]! | (more & factAllowed[fact]!);
    if (now === worlds[fact]) return;
    worlds[fact] = now;
    if (isQueued[fact] === 1) return;
    isQueued[fact] = 1;
    queue[end++] = fact;
    if (end === queue.length) end = 0;
  }

  for (const fact of held) gain(fact, -1);
  for (const clause of axioms) gain(head[clause]!, clauseAllowed[clause]!);
  while (first !== end) {
    const fact = queue[first++]!;
    if (first === queue.length) first = 0;
    isQueued[fact] = 0;
    const its = worlds[fact]!;
    for (let i = unitStart[fact]!; i < unitStart[fact + 1]!; i++) {
      gain(unitHead[i]!, its & clauseAllowed[unitClause[i]!]!);
    }
    for (let i = andStart[fact]!; i < andStart[fact + 1]!; i++) {
      const clause = andClause[andRow[i]!]!;
      let all = its & clauseAllowed[clause]!;
      for (let j = bodyStart[clause]!; all !== 0 && j < bodyStart[clause + 1]!; j++) all &= worlds[body[j]!]!;
      if (all !== 0) gain(head[clause]!, all);
    }
  }
  return worlds;
}
