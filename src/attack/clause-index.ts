import type { ClauseColumns, ClauseId, FactId, HeadRows } from './clause.js';

/**
 * Clauses by premise, in compressed rows. Clauses of one premise stand apart from those of several: they need no counter, and
 * most clauses are of that kind. In its row, a clause's head lies beside it, so that a pass reads memory in order.
 */
export interface ClauseIndex {
  readonly columns: ClauseColumns;
  /** Clauses without premises. */
  readonly axioms: Uint32Array;
  /** Clauses whose one premise is fact `f`: rows `unitStart[f]` to `unitStart[f + 1] - 1`. */
  readonly unitStart: Uint32Array;
  readonly unitClause: Uint32Array;
  readonly unitHead: Uint32Array;
  /** Clauses of several premises, one of them fact `f`, as indices into `andClause`. */
  readonly andStart: Uint32Array;
  readonly andRow: Uint32Array;
  /** The clauses of several premises, and how many each has. */
  readonly andClause: Uint32Array;
  readonly andNeed: Uint32Array;
}

export function indexClauses(columns: ClauseColumns): ClauseIndex {
  const { factCount, clauseCount, head, bodyStart, body } = columns;
  const unitStart = new Uint32Array(factCount + 1);
  const andStart = new Uint32Array(factCount + 1);
  const axioms: ClauseId[] = [];
  let units = 0;
  let ands = 0;
  for (let c = 0; c < clauseCount; c++) {
    const start = bodyStart[c]!;
    const end = bodyStart[c + 1]!;
    if (end === start) axioms.push(c);
    else if (end === start + 1) {
      units++;
      unitStart[body[start]! + 1]!++;
    } else {
      ands++;
      for (let i = start; i < end; i++) andStart[body[i]! + 1]!++;
    }
  }
  accumulate(unitStart);
  accumulate(andStart);

  const unitClause = new Uint32Array(units);
  const unitHead = new Uint32Array(units);
  const andClause = new Uint32Array(ands);
  const andNeed = new Uint32Array(ands);
  const andRow = new Uint32Array(andStart[factCount]!);
  const nextUnit = unitStart.slice();
  const nextAnd = andStart.slice();
  let row = 0;
  for (let c = 0; c < clauseCount; c++) {
    const start = bodyStart[c]!;
    const end = bodyStart[c + 1]!;
    if (end === start + 1) {
      const at = nextUnit[body[start]!]!++;
      unitClause[at] = c;
      unitHead[at] = head[c]!;
    } else if (end > start) {
      andClause[row] = c;
      andNeed[row] = end - start;
      for (let i = start; i < end; i++) andRow[nextAnd[body[i]!]!++] = row;
      row++;
    }
  }
  return {
    columns,
    axioms: Uint32Array.from(axioms),
    unitStart,
    unitClause,
    unitHead,
    andStart,
    andRow,
    andClause,
    andNeed,
  };
}

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
