import type { ClauseId, FactId, HeadRows, Proof } from './clause.js';
import type { BestValues, BestValueSearch } from './best-values.js';
import type { ClauseIndex } from './clause-index.js';
import { type Choice, factsFromTarget, orderProof, valueOfProof } from './proof-order.js';
import { compareValues, HELD, type ProofValue } from './proof-value.js';
import { IS_HELD } from './value-run.js';

/** What enumerating proofs needs to know; `best` are the values without restriction. */
export interface ProofSearch {
  readonly index: ClauseIndex;
  readonly byHead: HeadRows;
  readonly compare: (a: ClauseId, b: ClauseId) => number;
  readonly held: readonly FactId[];
  readonly best: BestValues;
  readonly find: BestValueSearch;
}

/**
 * A part of all proofs of the target: those that derive the facts of `forced` by these clauses and then `fact`, which all of
 * them need, by one that is not in `banned`.
 */
interface Part {
  readonly forced: ReadonlyMap<FactId, ClauseId>;
  readonly fact: FactId;
  readonly banned: ReadonlySet<ClauseId>;
}

/** A part with a lower bound of its values and, once it was looked for, its best proof; `serial` is its order of making. */
interface Entry {
  readonly part: Part;
  readonly value: ProofValue;
  readonly serial: number;
  readonly proof?: { readonly clauses: readonly ClauseId[]; readonly choice: Choice };
}

/**
 * The `k` best proofs of a fact, best first, each without circles and with one derivation a fact: Lawler's partition of the
 * proofs around each one found. A part is first ranked by a bound that needs only the unrestricted values; when its turn
 * comes its best proof is put together from the unrestricted best ones, and only where that does not attain the bound (they lead back
 * into the forced part) the part is solved by Knuth's algorithm. So the time is polynomial whatever the circles.
 *
 * @see https://doi.org/10.1287/mnsc.18.7.401 Lawler, A procedure for computing the k best solutions
 */
export function bestProofs(search: ProofSearch, target: FactId, k: number): Proof[] {
  const { best, index } = search;
  if (!best.isReached(target) || !(k > 0)) return [];
  if (best.last(target) === IS_HELD) return [{ target, cost: 0, clauses: [], certain: true }];
  const proofs: Proof[] = [];
  const queue: Entry[] = [];
  let serial = 0;
  const enter = (part: Part): void => {
    const bound = lowerBound(search, target, part);
    if (bound !== undefined) queue.push({ part, value: bound.value, serial: serial++ });
  };

  enter({ forced: new Map(), fact: target, banned: new Set() });
  while (queue.length > 0 && proofs.length < k) {
    const entry = takeFirst(queue);
    if (entry.proof === undefined) {
      const solved = solve(search, target, entry);
      if (solved !== undefined) queue.push(solved);
      continue;
    }
    const { clauses, choice } = entry.proof;
    const { conditional, cost } = entry.value;
    proofs.push({ target, cost, clauses, certain: conditional === 0 });
    for (const part of partsAround(entry.part, factsFromTarget(index.columns, target, choice), choice)) enter(part);
  }
  return proofs;
}

/** The other proofs of a part than the one given by `choice`, as disjoint parts. */
function partsAround(part: Part, facts: readonly FactId[], choice: Choice): Part[] {
  const parts: Part[] = [];
  const forced = new Map<FactId, ClauseId>();
  let isFree = false;
  for (const fact of facts) {
    const clause = choice(fact);
    if (clause === undefined) continue;
    const isOwn = fact === part.fact;
    isFree ||= isOwn;
    if (isFree) {
      parts.push({ forced: new Map(forced), fact, banned: new Set(isOwn ? [...part.banned, clause] : [clause]) });
    }
    forced.set(fact, clause);
  }
  return parts;
}

/** The clause of the part's fact with the least bound, and the bound; `undefined` where the part is certainly empty. */
function lowerBound(
  search: ProofSearch,
  target: FactId,
  part: Part,
): { value: ProofValue; clause: ClauseId } | undefined {
  const { best, byHead, compare, index } = search;
  let least: { value: ProofValue; clause: ClauseId } | undefined;
  for (let i = byHead.start[part.fact]!; i < byHead.start[part.fact + 1]!; i++) {
    const clause = byHead.clause[i]!;
    if (part.banned.has(clause) || !isReached(search, clause)) continue;
    const chosen = (fact: FactId): ClauseId | undefined => (fact === part.fact ? clause : part.forced.get(fact));
    const above = orderProof(index.columns, target, chosen);
    if (above === undefined) continue;
    const value = valueOfProof(index.columns, above, (fact) => best.value(fact) ?? HELD);
    const order = least === undefined ? -1 : compareValues(value, least.value) || compare(clause, least.clause);
    if (order < 0) least = { value, clause };
  }
  return least;
}

function isReached({ best, index }: ProofSearch, clause: ClauseId): boolean {
  const { bodyStart, body } = index.columns;
  for (let i = bodyStart[clause]!; i < bodyStart[clause + 1]!; i++) {
    if (!best.isReached(body[i]!)) return false;
  }
  return true;
}

/** The part's entry with its best proof and exact value; `undefined` where the part holds no proof. */
function solve(search: ProofSearch, target: FactId, { part, value: bound, serial }: Entry): Entry | undefined {
  const { best, find, held, index } = search;
  const chosen = lowerBound(search, target, part)?.clause;
  const assembled: Choice = (fact) => (fact === part.fact ? chosen : (part.forced.get(fact) ?? lastClause(best, fact)));
  const entry = (choice: Choice): Entry | undefined => {
    const clauses = orderProof(index.columns, target, choice);
    if (clauses === undefined) return undefined;
    return { part, value: valueOfProof(index.columns, clauses, () => HELD), serial, proof: { clauses, choice } };
  };
  const quick = entry(assembled);
  if (quick !== undefined && compareValues(quick.value, bound) <= 0) return quick;
  const exact = find(held, { forced: part.forced, banned: part.banned, target });
  return exact.isReached(target) ? entry((fact) => lastClause(exact, fact)) : undefined;
}

export function lastClause(best: BestValues, fact: FactId): ClauseId | undefined {
  const clause = best.last(fact);
  return clause < 0 ? undefined : clause;
}

function takeFirst(queue: Entry[]): Entry {
  let first = 0;
  for (let i = 1; i < queue.length; i++) {
    const order = compareValues(queue[i]!.value, queue[first]!.value) || queue[i]!.serial - queue[first]!.serial;
    if (order < 0) first = i;
  }
  return queue.splice(first, 1)[0]!;
}
