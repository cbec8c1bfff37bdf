import * as fc from 'fast-check';
import { type ClauseSet, makeClauseSet, MINOR_STEP } from '../../src/attack/index.js';
import type { Condition } from '../../src/model/index.js';

/** A clause as the tests draw it; its label is its position. */
export interface Drawn {
  readonly head: string;
  readonly body: readonly string[];
  readonly cost: number;
  readonly conditional: boolean;
  readonly minor: boolean;
}

export interface SmallWorld {
  readonly clauses: readonly Drawn[];
  readonly held: readonly string[];
}

export const FACTS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const MAYBE: readonly Condition[] = [{ key: 'aws:MultiFactorAuthPresent', operator: 'Bool', values: ['true'] }];

const drawn = fc.record({
  head: fc.constantFrom(...FACTS),
  body: fc.uniqueArray(fc.constantFrom(...FACTS), { maxLength: 3 }),
  // Few distinct costs, zero among them: many ties and circles that cost nothing.
  cost: fc.constantFrom(0, 0, 1, 1, 2, 5),
  conditional: fc.boolean(),
  minor: fc.boolean(),
});

/** Clauses no two of which are equal, so that a proof is known by its clauses' text. */
export const smallWorld: fc.Arbitrary<SmallWorld> = fc.record({
  clauses: fc.uniqueArray(drawn, { maxLength: 16, selector: (c) => textOf(c) }),
  held: fc.uniqueArray(fc.constantFrom(...FACTS), { maxLength: 2 }),
});

export const textOf = ({ head, body, cost, conditional, minor }: Drawn): string =>
  `${head} <- ${[...body].sort().join(' ')} @${cost}${conditional ? '?' : ''}${minor ? '-' : ''}`;

/** The set of a world's clauses; every fact of FACTS has an id, whatever the clauses name. */
export function setOf(clauses: readonly Drawn[]): ClauseSet<number> {
  const set = makeClauseSet<number>();
  clauses.forEach(({ head, body, cost, conditional, minor }, label) =>
    set.add({ head, body, cost, conditions: conditional ? MAYBE : [], minor, label }),
  );
  // Of a fact that nobody can have.
  for (const fact of FACTS) set.add({ head: 'end', body: [fact, 'never'], cost: 0, conditions: [], label: -1 });
  return set;
}

export const idOf = (set: ClauseSet<number>, key: string): number => {
  const id = set.factId(key);
  if (id === undefined) throw new Error(`no fact ${key}`);
  return id;
};

/** What can be had, by applying clauses round and round. */
export function naiveFixpoint(clauses: readonly Drawn[], held: readonly string[]): Set<string> {
  const known = new Set(held);
  for (let before = -1; before !== known.size; ) {
    before = known.size;
    for (const { head, body } of clauses) if (body.every((fact) => known.has(fact))) known.add(head);
  }
  return known;
}

/** What can be had, by walking over sets of facts: from each set, one clause at a time. */
export function searchedFixpoint(clauses: readonly Drawn[], held: readonly string[]): Set<string> {
  const start = [...held].sort().join(' ');
  const sets = new Set([start]);
  const ever = new Set(held);
  for (const set of sets) {
    const facts = new Set(set === '' ? [] : set.split(' '));
    for (const { head, body } of clauses) {
      if (facts.has(head) || !body.every((fact) => facts.has(fact))) continue;
      ever.add(head);
      sets.add([...facts, head].sort().join(' '));
    }
  }
  return ever;
}

/** A proof found by trying everything. */
export interface FoundProof {
  readonly conditional: number;
  readonly cost: number;
  readonly steps: number;
  /** Its clauses as sorted text. */
  readonly text: string;
}

/** Every proof of a fact that has one clause a fact and no circle, best first; gives up (`undefined`) beyond `limit`. */
export function everyProof(
  clauses: readonly Drawn[],
  held: readonly string[],
  target: string,
  limit: number,
): FoundProof[] | undefined {
  const found: FoundProof[] = [];
  let tries = 0;
  const go = (chosen: ReadonlyMap<string, Drawn>, open: readonly string[]): void => {
    if (++tries > limit) return;
    const [fact, ...rest] = open;
    if (fact === undefined) {
      const proof = measure(chosen, held, target);
      if (proof !== undefined) found.push(proof);
      return;
    }
    if (held.includes(fact) || chosen.has(fact)) return go(chosen, rest);
    for (const clause of clauses) {
      if (clause.head === fact) go(new Map(chosen).set(fact, clause), [...rest, ...clause.body]);
    }
  };
  go(new Map(), [target]);
  if (tries > limit) return undefined;
  return found.sort((a, b) => a.conditional - b.conditional || a.cost - b.cost || a.steps - b.steps);
}

function measure(chosen: ReadonlyMap<string, Drawn>, held: readonly string[], target: string): FoundProof | undefined {
  const walk = (fact: string, above: readonly string[]): Omit<FoundProof, 'text'> | undefined => {
    if (held.includes(fact)) return { conditional: 0, cost: 0, steps: 0 };
    if (above.includes(fact)) return undefined;
    const clause = chosen.get(fact)!;
    const sum = { conditional: clause.conditional ? 1 : 0, cost: clause.cost, steps: clause.minor ? MINOR_STEP : 1 };
    for (const premise of clause.body) {
      const part = walk(premise, [...above, fact]);
      if (part === undefined) return undefined;
      sum.conditional += part.conditional;
      sum.cost += part.cost;
      sum.steps += part.steps;
    }
    return sum;
  };
  const value = walk(target, []);
  return value && { ...value, text: [...chosen.values()].map(textOf).sort().join('; ') };
}
