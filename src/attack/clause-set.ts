import { byCode, type Condition } from '../model/index.js';
import { type Clause, type ClauseColumns, type ClauseId, type ClauseSet, type FactId, MINOR_STEP } from './clause.js';

const CERTAIN: readonly Condition[] = [];

/**
 * An empty set of clauses. Facts are interned by key, clauses kept as columns (about 40 bytes a clause besides its label).
 *
 * @param orderKey by what equally good clauses are put in order, of a fact's key; the key itself when absent
 * @throws RangeError when a clause's cost is negative or not a finite number.
 */
export function makeClauseSet<Label>(orderKey: (key: string) => string = (key) => key): ClauseSet<Label> {
  const facts = new Map<string, FactId>();
  const keys: string[] = [];
  const orderKeys: string[] = [];
  const labels: Label[] = [];
  const conditions: (readonly Condition[])[] = [];
  const tieBreaks: (string | undefined)[] = [];
  let clauseCount = 0;
  let literalCount = 0;
  let head = new Uint32Array(64);
  let bodyStart = new Uint32Array(65);
  let body = new Uint32Array(128);
  let cost = new Float64Array(64);
  let length = new Float64Array(64);
  let conditional = new Uint8Array(64);

  function intern(key: string): FactId {
    const known = facts.get(key);
    if (known !== undefined) return known;
    const fact = keys.length;
    facts.set(key, fact);
    keys.push(key);
    return fact;
  }

  function makeRoom(literals: number): void {
    if (clauseCount === head.length) {
      head = grown(head, new Uint32Array(head.length * 2));
      bodyStart = grown(bodyStart, new Uint32Array(head.length + 1));
      cost = grown(cost, new Float64Array(head.length));
      length = grown(length, new Float64Array(head.length));
      conditional = grown(conditional, new Uint8Array(head.length));
    }
    if (literalCount + literals > body.length) {
      body = grown(body, new Uint32Array(Math.max(body.length * 2, literalCount + literals)));
    }
  }

  function add(clause: Clause<Label>): ClauseId {
    if (!(clause.cost >= 0 && clause.cost < Infinity)) throw new RangeError(`the cost of a clause is ${clause.cost}`);
    // Sorted, so that sums over a body are taken in the same order whatever order the premises were named in.
    const premises = inOrder(clause.body);
    makeRoom(premises.length);
    const id = clauseCount++;
    head[id] = intern(clause.head);
    for (const key of premises) body[literalCount++] = intern(key);
    bodyStart[clauseCount] = literalCount;
    cost[id] = clause.cost;
    length[id] = clause.minor === true ? MINOR_STEP : 1;
    conditional[id] = clause.conditions.length > 0 ? 1 : 0;
    labels.push(clause.label);
    conditions.push(clause.conditions.length > 0 ? clause.conditions : CERTAIN);
    tieBreaks.push(clause.tieBreak);
    return id;
  }

  const factKey = (fact: FactId): string => {
    const key = keys[fact];
    if (key === undefined) throw new RangeError(`there is no fact ${fact}`);
    return key;
  };

  function compareFacts(a: FactId, b: FactId): number {
    if (a === b) return 0;
    const keyOfA = (orderKeys[a] ??= orderKey(factKey(a)));
    const keyOfB = (orderKeys[b] ??= orderKey(factKey(b)));
    return byCode(keyOfA, keyOfB) || byCode(factKey(a), factKey(b));
  }

  function clause(id: ClauseId): Clause<Label> {
    if (!(id >= 0 && id < clauseCount)) throw new RangeError(`there is no clause ${id}`);
    const tieBreak = tieBreaks[id];
    return {
      head: factKey(head[id]!),
      body: Array.from(body.subarray(bodyStart[id]!, bodyStart[id + 1]!), factKey),
      cost: cost[id]!,
      conditions: conditions[id]!,
      label: labels[id] as Label,
      ...(length[id] === MINOR_STEP && { minor: true }),
      ...(tieBreak !== undefined && { tieBreak }),
    };
  }

  function compareBodies(a: ClauseId, b: ClauseId): number {
    const endOfA = bodyStart[a + 1]!;
    const endOfB = bodyStart[b + 1]!;
    let i = bodyStart[a]!;
    let j = bodyStart[b]!;
    for (; i < endOfA && j < endOfB; i++, j++) {
      if (body[i] !== body[j]) return compareFacts(body[i]!, body[j]!);
    }
    return endOfA - i - (endOfB - j);
  }

  const compare = (a: ClauseId, b: ClauseId): number =>
    compareFacts(head[a]!, head[b]!) ||
    compareBodies(a, b) ||
    cost[a]! - cost[b]! ||
    byCode(tieBreaks[a] ?? '', tieBreaks[b] ?? '') ||
    (conditions[a] === conditions[b] ? 0 : byCode(JSON.stringify(conditions[a]), JSON.stringify(conditions[b]))) ||
    a - b;

  const columns = (): ClauseColumns => ({
    factCount: keys.length,
    clauseCount,
    head: head.subarray(0, clauseCount),
    bodyStart: bodyStart.subarray(0, clauseCount + 1),
    body: body.subarray(0, literalCount),
    cost: cost.subarray(0, clauseCount),
    length: length.subarray(0, clauseCount),
    conditional: conditional.subarray(0, clauseCount),
  });

  return {
    get factCount() {
      return keys.length;
    },
    get clauseCount() {
      return clauseCount;
    },
    add,
    factId: (key) => facts.get(key),
    factKey,
    clause,
    label: (id) => labels[id] as Label,
    conditions: (id) => conditions[id] ?? CERTAIN,
    columns,
    compare,
  };
}

function inOrder(body: readonly string[]): readonly string[] {
  if (body.length < 2) return body;
  const [first, second] = body as readonly [string, string];
  if (body.length === 2 && first < second) return body;
  return [...new Set(body)].sort(byCode);
}

function grown<A extends { set(from: A): void }>(from: A, into: A): A {
  into.set(from);
  return into;
}
