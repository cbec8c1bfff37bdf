import type { ClauseColumns, ClauseId, FactId, HeadRows } from './clause.js';

/**
 * Clauses by premise, in compressed rows. Clauses of one premise stand apart from those of several: nothing else needs to be looked at
 * for them, and most clauses are of that kind. In its row, a clause's head lies beside it, so that a pass reads memory in order.
 */
export interface ClauseIndex {
  readonly columns: ClauseColumns;
  /** Clauses without premises. */
  readonly axioms: Uint32Array;
  /** Clauses whose one premise is fact `f`: rows `unitStart[f]` to `unitStart[f + 1] - 1`. */
  readonly unitStart: Uint32Array;
  readonly unitClause: Uint32Array;
  readonly unitHead: Uint32Array;
  /** Clauses of several premises, one of them fact `f`. */
  readonly andStart: Uint32Array;
  readonly andClause: Uint32Array;
}

/** @param isWanted 1 for facts whose clauses are of interest; all when absent */
export function indexClauses(columns: ClauseColumns, isWanted?: Uint8Array): ClauseIndex {
  const { factCount, clauseCount, head, bodyStart, body } = columns;
  const unitStart = new Uint32Array(factCount + 1);
  const andStart = new Uint32Array(factCount + 1);
  const axioms: ClauseId[] = [];
  for (let c = 0; c < clauseCount; c++) {
    if (isWanted !== undefined && isWanted[head[c]!] === 0) continue;
    const start = bodyStart[c]!;
    const end = bodyStart[c + 1]!;
    if (end === start) axioms.push(c);
    else if (end === start + 1) unitStart[body[start]! + 1]!++;
    else for (let i = start; i < end; i++) andStart[body[i]! + 1]!++;
  }
  accumulate(unitStart);
  accumulate(andStart);

  const unitClause = new Uint32Array(unitStart[factCount]!);
  const unitHead = new Uint32Array(unitStart[factCount]!);
  const andClause = new Uint32Array(andStart[factCount]!);
  const nextUnit = unitStart.slice();
  const nextAnd = andStart.slice();
  for (let c = 0; c < clauseCount; c++) {
    if (isWanted !== undefined && isWanted[head[c]!] === 0) continue;
    const start = bodyStart[c]!;
    const end = bodyStart[c + 1]!;
    if (end === start + 1) {
      const at = nextUnit[body[start]!]!++;
      unitClause[at] = c;
      unitHead[at] = head[c]!;
    } else for (let i = start; i < end; i++) andClause[nextAnd[body[i]!]!++] = c;
  }
  return { columns, axioms: Uint32Array.from(axioms), unitStart, unitClause, unitHead, andStart, andClause };
}

/**
 * 1 for the facts on which some of the targets could depend at all, themselves among them: walked backwards over the clauses.
 * @param without facts that nothing may depend on
 */
export function factsBehind(
  { factCount, bodyStart, body }: ClauseColumns,
  rows: HeadRows,
  targets: readonly FactId[],
  without: readonly FactId[],
): Uint8Array {
  const isBehind = new Uint8Array(factCount);
  for (const fact of without) isBehind[fact] = 1;
  const pending = new Uint32Array(factCount);
  let count = 0;
  const add = (fact: FactId): void => {
    if (isBehind[fact] === 1) return;
    isBehind[fact] = 1;
    pending[count++] = fact;
  };
  for (const target of targets) add(target);
  while (count > 0) {
    const fact = pending[--count]!;
    for (let i = rows.start[fact]!; i < rows.start[fact + 1]!; i++) {
      const clause = rows.clause[i]!;
      for (let j = bodyStart[clause]!; j < bodyStart[clause + 1]!; j++) add(body[j]!);
    }
  }
  for (const fact of without) isBehind[fact] = 0;
  return isBehind;
}

/**
 * 1 for facts from which many others follow at once, such as the permission to run commands on every host. What follows from them is much the
 * same for all who come to them.
 */
export function findHubs({ columns, unitStart, andStart }: ClauseIndex): Uint8Array {
  const isHub = new Uint8Array(columns.factCount);
  for (let fact = 0; fact < columns.factCount; fact++) {
    const uses = unitStart[fact + 1]! - unitStart[fact]! + andStart[fact + 1]! - andStart[fact]!;
    if (uses * LEAST_SHARE >= columns.factCount) isHub[fact] = 1;
  }
  return isHub;
}

/** A hub is needed by one clause in so many facts. */
const LEAST_SHARE = 32;

export function indexHeads(columns: ClauseColumns): HeadRows {
  const { factCount, clauseCount, head } = columns;
  const start = new Uint32Array(factCount + 1);
  for (let c = 0; c < clauseCount; c++) start[head[c]! + 1]!++;
  accumulate(start);
  const clause = new Uint32Array(clauseCount);
  const next = start.slice();
  for (let c = 0; c < clauseCount; c++) clause[next[head[c]!]!++] = c;
  return { start, clause };
}

function accumulate(counts: Uint32Array): void {
  for (let i = 1; i < counts.length; i++) counts[i]! += counts[i - 1]!;
}

/** The facts that are ids of this set, each once. */
export const validFacts = (facts: readonly FactId[], factCount: number): FactId[] => [
  ...new Set(facts.filter((fact) => Number.isInteger(fact) && fact >= 0 && fact < factCount)),
];
