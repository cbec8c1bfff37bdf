import { byCode, type Condition } from '../model/index.js';
import {
  type Clause,
  type ClauseColumns,
  type ClauseId,
  type ClauseSet,
  EACH,
  type EachClause,
  type FactId,
  type HeadRows,
  MINOR_STEP,
} from './clause.js';
import { indexHeads } from './clause-index.js';
import { joinKey, makeFactTable } from './fact-table.js';
import { grown } from './grown.js';

/** What clauses that were added together have in common. */
interface Shared<Label> {
  readonly label: Label;
  readonly conditions: readonly Condition[];
  readonly tieBreak: string | undefined;
  /** The members that the clauses are about, in the order of the clauses, and the first of those. */
  readonly members: readonly string[] | undefined;
  readonly first: ClauseId;
}

const CERTAIN: readonly Condition[] = [];

/**
 * An empty set of clauses. Facts are interned by key, clauses kept as columns (about 40 bytes a clause besides its label).
 *
 * @param orderOf what a fact's subject counts as where equally good clauses are put in order; the subject itself when absent
 * @throws RangeError when a clause's cost is negative or not a finite number.
 */
export function makeClauseSet<Label>(orderOf: (subject: string) => string = (subject) => subject): ClauseSet<Label> {
  const facts = makeFactTable();
  const orderKeys: (string | undefined)[] = [];
  const shared: Shared<Label>[] = [];
  let clauseCount = 0;
  let literalCount = 0;
  let head = new Uint32Array(64);
  let bodyStart = new Uint32Array(65);
  let body = new Uint32Array(128);
  let cost = new Float64Array(64);
  let length = new Float64Array(64);
  let conditional = new Uint8Array(64);
  let sharedOf = new Uint32Array(64);
  let heads: { readonly size: number; readonly rows: HeadRows } | undefined;

  function makeRoom(clauses: number, literals: number): void {
    if (clauseCount + clauses > head.length) {
      const room = Math.max(head.length * 2, clauseCount + clauses);
      head = grown(head, new Uint32Array(room));
      bodyStart = grown(bodyStart, new Uint32Array(room + 1));
      cost = grown(cost, new Float64Array(room));
      length = grown(length, new Float64Array(room));
      conditional = grown(conditional, new Uint8Array(room));
      sharedOf = grown(sharedOf, new Uint32Array(room));
    }
    if (literalCount + literals > body.length) {
      body = grown(body, new Uint32Array(Math.max(body.length * 2, literalCount + literals)));
    }
  }

  /** Makes room for clauses that differ in their facts alone, and fills in all but these. Gives the first. */
  function begin(
    clause: Clause<Label>,
    members: readonly string[] | undefined,
    count: number,
    literals: number,
  ): ClauseId {
    if (!(clause.cost >= 0 && clause.cost < Infinity)) throw new RangeError(`the cost of a clause is ${clause.cost}`);
    makeRoom(count, literals);
    const first = clauseCount;
    const isConditional = clause.conditions.length > 0;
    const steps = clause.minor === true ? MINOR_STEP : 1;
    for (let id = first; id < first + count; id++) {
      cost[id] = clause.cost;
      length[id] = steps;
      conditional[id] = isConditional ? 1 : 0;
      sharedOf[id] = shared.length;
    }
    shared.push({
      label: clause.label,
      conditions: isConditional ? clause.conditions : CERTAIN,
      tieBreak: clause.tieBreak,
      members,
      first,
    });
    return first;
  }

  function add(clause: Clause<Label>): ClauseId {
    // Sorted, so that sums over a body are taken in the same order whatever order the premises were named in.
    const premises = inOrder(clause.body);
    const id = begin(clause, undefined, 1, premises.length);
    head[id] = facts.intern(clause.head);
    for (const key of premises) body[literalCount++] = facts.intern(key);
    bodyStart[++clauseCount] = literalCount;
    return id;
  }

  function addEach(clause: EachClause<Label>): void {
    const { each: members = [] } = clause;
    if (members.length === 0) return;
    const premises = inOrder(clause.body);
    if (!keepsOrder(premises)) {
      for (const member of members) addOne(clause, member);
      return;
    }
    const [count, width] = [members.length, premises.length];
    const first = begin(clause, members, count, count * width);
    fillEach(head, first, 1, count, facts.internEach(clause.head, members));
    premises.forEach((key, at) => fillEach(body, literalCount + at, width, count, facts.internEach(key, members)));
    for (let i = 1; i <= count; i++) bodyStart[first + i] = literalCount + i * width;
    clauseCount += count;
    literalCount += count * width;
  }

  /** Of a clause for each of many, that of one of them. */
  function addOne(clause: EachClause<Label>, member: string): void {
    const premises = inOrder(clause.body.map((key) => key.replace(EACH, () => member)));
    const id = begin(clause, [member], 1, premises.length);
    head[id] = facts.intern(clause.head.replace(EACH, () => member));
    for (const key of premises) body[literalCount++] = facts.intern(key);
    bodyStart[++clauseCount] = literalCount;
  }

  const orderKey = (fact: FactId): string => joinKey(facts.kind(fact), orderOf(facts.subject(fact)));

  function compareFacts(a: FactId, b: FactId): number {
    if (a === b) return 0;
    // Without holes, so that it stays an array of V8's fast kind.
    while (orderKeys.length < facts.count()) orderKeys.push(undefined);
    const keyOfA = (orderKeys[a] ??= orderKey(a));
    const keyOfB = (orderKeys[b] ??= orderKey(b));
    return byCode(keyOfA, keyOfB) || byCode(facts.key(a), facts.key(b));
  }

  function sharedBy(id: ClauseId): Shared<Label> {
    const found = id >= 0 && id < clauseCount ? shared[sharedOf[id]!] : undefined;
    if (!found) throw new RangeError(`there is no clause ${id}`);
    return found;
  }

  function clause(id: ClauseId): Clause<Label> {
    const { label, conditions, tieBreak } = sharedBy(id);
    return {
      head: facts.key(head[id]!),
      body: Array.from(body.subarray(bodyStart[id]!, bodyStart[id + 1]!), facts.key),
      cost: cost[id]!,
      conditions,
      label,
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

  const compareShared = (a: Shared<Label>, b: Shared<Label>): number =>
    byCode(a.tieBreak ?? '', b.tieBreak ?? '') ||
    (a.conditions === b.conditions ? 0 : byCode(JSON.stringify(a.conditions), JSON.stringify(b.conditions)));

  const compare = (a: ClauseId, b: ClauseId): number =>
    compareFacts(head[a]!, head[b]!) ||
    compareBodies(a, b) ||
    cost[a]! - cost[b]! ||
    compareShared(sharedBy(a), sharedBy(b)) ||
    a - b;

  let view: ClauseColumns | undefined;
  const columns = (): ClauseColumns => {
    if (view?.clauseCount !== clauseCount || view.factCount !== facts.count()) view = makeColumns();
    return view;
  };
  const makeColumns = (): ClauseColumns => ({
    factCount: facts.count(),
    clauseCount,
    head: head.subarray(0, clauseCount),
    bodyStart: bodyStart.subarray(0, clauseCount + 1),
    body: body.subarray(0, literalCount),
    cost: cost.subarray(0, clauseCount),
    length: length.subarray(0, clauseCount),
    conditional: conditional.subarray(0, clauseCount),
    group: sharedOf.subarray(0, clauseCount),
  });

  return {
    get factCount() {
      return facts.count();
    },
    get clauseCount() {
      return clauseCount;
    },
    add,
    addEach,
    factId: facts.id,
    factKey: facts.key,
    factKind: facts.kind,
    factSubject: facts.subject,
    clause,
    groups: () => {
      const start = new Uint32Array(shared.length + 1).fill(clauseCount);
      for (let group = 0; group < shared.length; group++) start[group] = shared[group]!.first;
      return { count: shared.length, start, label: (group) => shared[group]!.label };
    },
    byHead: () => {
      if (heads?.size !== clauseCount) heads = { size: clauseCount, rows: indexHeads(columns()) };
      return heads.rows;
    },
    label: (id) => sharedBy(id).label,
    member: (id) => {
      const { members, first } = sharedBy(id);
      return members?.[id - first];
    },
    conditions: (id) => sharedBy(id).conditions,
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

/** Writes a fact for each of many, or one for them all, at every `step`th place. */
function fillEach(into: Uint32Array, start: number, step: number, count: number, facts: Uint32Array | FactId): void {
  if (typeof facts === 'number') for (let i = 0; i < count; i++) into[start + i * step] = facts;
  else for (let i = 0; i < count; i++) into[start + i * step] = facts[i]!;
}

/** Whether sorted premises stay sorted, and distinct, whatever member takes the place in them: no two may begin alike up to it. */
const keepsOrder = (premises: readonly string[]): boolean =>
  premises.every((key) => {
    const place = key.indexOf(EACH);
    return place < 0 || premises.every((other) => other === key || !other.startsWith(key.slice(0, place)));
  });
