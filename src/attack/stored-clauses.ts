import type { Condition } from '../model/index.js';
import { type ClauseColumns, type ClauseId, type ClauseSet, type FactId, type HeadRows, MINOR_STEP } from './clause.js';
import { indexHeads } from './clause-index.js';
import { splitKey } from './fact-table.js';

/** Clauses that were taken out of one set and are read in another place. Groups are clauses that were added together. */
export interface StoredClauses<Label> {
  /** In the order by which equally good proofs are told apart. */
  readonly factKeys: readonly string[];
  readonly head: Uint32Array;
  readonly bodyStart: Uint32Array;
  readonly body: Uint32Array;
  /** The first clause of each group, and the number of clauses. */
  readonly groupStart: Uint32Array;
  readonly groups: readonly StoredGroup<Label>[];
  /** The member that a clause is about, as far as it was kept. */
  readonly memberOf?: (clause: ClauseId) => string | undefined;
}

export interface StoredGroup<Label> {
  readonly label: Label;
  readonly cost: number;
  readonly conditions: readonly Condition[];
  /** Decides between clauses that are equal but for it; the smaller is taken. */
  readonly rank: number;
  readonly isMinor: boolean;
}

/** A set of clauses that nothing is added to. */
export function storedClauseSet<Label>(stored: StoredClauses<Label>): ClauseSet<Label> {
  const { factKeys, head, bodyStart, body, groupStart, groups, memberOf } = stored;
  const clauseCount = head.length;
  const group = new Uint32Array(clauseCount);
  const cost = new Float64Array(clauseCount);
  const length = new Float64Array(clauseCount);
  const conditional = new Uint8Array(clauseCount);
  groups.forEach((own, at) => {
    const [start, end] = [groupStart[at]!, groupStart[at + 1]!];
    group.fill(at, start, end);
    cost.fill(own.cost, start, end);
    length.fill(own.isMinor ? MINOR_STEP : 1, start, end);
    conditional.fill(own.conditions.length > 0 ? 1 : 0, start, end);
  });
  const factCount = factKeys.length;
  const columns: ClauseColumns = { factCount, clauseCount, head, bodyStart, body, cost, length, conditional, group };
  let ids: ReadonlyMap<string, FactId> | undefined;
  let heads: HeadRows | undefined;

  function groupOf(clause: ClauseId): StoredGroup<Label> {
    const found = groups[group[clause] ?? -1];
    if (!found) throw new RangeError(`there is no clause ${clause}`);
    return found;
  }

  function factKey(fact: FactId): string {
    const key = factKeys[fact];
    if (key === undefined) throw new RangeError(`there is no fact ${fact}`);
    return key;
  }

  function compareBodies(a: ClauseId, b: ClauseId): number {
    const [endOfA, endOfB] = [bodyStart[a + 1]!, bodyStart[b + 1]!];
    let [i, j] = [bodyStart[a]!, bodyStart[b]!];
    for (; i < endOfA && j < endOfB; i++, j++) if (body[i] !== body[j]) return body[i]! - body[j]!;
    return endOfA - i - (endOfB - j);
  }

  const closed = (): never => {
    throw new TypeError('nothing is added to stored clauses');
  };

  return {
    factCount,
    clauseCount,
    add: closed,
    addEach: closed,
    factId: (key) => (ids ??= new Map(factKeys.map((known, fact) => [known, fact]))).get(key),
    factKey,
    factKind: (fact) => splitKey(factKey(fact))[0],
    factSubject: (fact) => splitKey(factKey(fact))[1],
    clause: (id) => {
      const { label, conditions, isMinor } = groupOf(id);
      const premises = Array.from(body.subarray(bodyStart[id]!, bodyStart[id + 1]!), factKey);
      const minor = isMinor ? { minor: true } : {};
      return { head: factKey(head[id]!), body: premises, cost: cost[id]!, conditions, label, ...minor };
    },
    groups: () => ({
      count: groups.length,
      start: groupStart,
      label: (at) => (groups[at] as StoredGroup<Label>).label,
    }),
    byHead: () => (heads ??= indexHeads(columns)),
    label: (id) => groupOf(id).label,
    member: (id) => memberOf?.(id),
    conditions: (id) => groupOf(id).conditions,
    columns: () => columns,
    compare: (a, b) =>
      head[a]! - head[b]! || compareBodies(a, b) || cost[a]! - cost[b]! || groupOf(a).rank - groupOf(b).rank || a - b,
  };
}
