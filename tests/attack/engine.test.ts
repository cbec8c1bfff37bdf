import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClauseSet, makeAttackEngine, type Proof } from '../../src/attack/index.js';
import {
  type Drawn,
  everyProof,
  FACTS,
  idOf,
  naiveFixpoint,
  searchedFixpoint,
  setOf,
  smallWorld,
  textOf,
} from './small-worlds.js';

const RUNS = { seed: 20240607, numRuns: 400 };
const LIMIT = 3000;

const textOfProof = (clauses: readonly Drawn[], set: ClauseSet<number>, proof: Proof): string =>
  proof.clauses
    .map((id) => textOf(clauses[set.clause(id).label]!))
    .sort()
    .join('; ');

/** Fails unless every premise stands before its use, each fact is derived once, and the last clause gives the target. */
function expectValid(set: ClauseSet<number>, proof: Proof, held: readonly string[]): void {
  const known = new Set(held);
  for (const id of proof.clauses) {
    const { head, body } = set.clause(id);
    expect(body.filter((fact) => !known.has(fact))).toEqual([]);
    expect(known.has(head)).toBe(false);
    known.add(head);
  }
  expect(known.has(set.factKey(proof.target))).toBe(true);
  const last = proof.clauses.at(-1);
  if (last !== undefined) expect(set.clause(last).head).toBe(set.factKey(proof.target));
}

/** Proofs in order and essential facts of every fact, as text. */
function answers(clauses: readonly Drawn[], held: readonly string[]): unknown {
  const set = setOf(clauses);
  const engine = makeAttackEngine(set);
  const start = held.map((fact) => idOf(set, fact));
  const derivation = engine.derive(start);
  const inOrder = (proof: Proof): string[] => proof.clauses.map((id) => textOf(clauses[set.clause(id).label]!));
  return FACTS.map((fact) => ({
    fact,
    proofs: derivation.bestProofs(idOf(set, fact), 6).map(inOrder),
    essential: engine.essentialFacts(start, idOf(set, fact)).map((id) => set.factKey(id)),
  }));
}

describe('attack engine on random small worlds', () => {
  it('derives what a naive fixpoint and a search over sets of facts derive', () => {
    fc.assert(
      fc.property(smallWorld, ({ clauses, held }) => {
        const set = setOf(clauses);
        const engine = makeAttackEngine(set);
        const start = held.map((fact) => idOf(set, fact));
        const naive = naiveFixpoint(clauses, held);
        expect(searchedFixpoint(clauses, held)).toEqual(naive);
        const certain = naiveFixpoint(
          clauses.filter((c) => !c.conditional),
          held,
        );
        const derived = engine.fixpoint(start);
        const derivation = engine.derive(start);
        for (const fact of FACTS) {
          const id = idOf(set, fact);
          expect([fact, derived[id]]).toEqual([fact, naive.has(fact) ? 1 : 0]);
          expect([fact, derivation.isDerived(id)]).toEqual([fact, naive.has(fact)]);
          expect([fact, derivation.isCertain(id)]).toEqual([fact, certain.has(fact)]);
          expect(derivation.bestProof(id)?.certain).toBe(naive.has(fact) ? certain.has(fact) : undefined);
        }
      }),
      RUNS,
    );
  });

  it('finds proofs that hold and that no other proof beats, and all of them in order', () => {
    let compared = 0;
    fc.assert(
      fc.property(smallWorld, fc.integer({ min: 1, max: 12 }), ({ clauses, held }, k) => {
        const set = setOf(clauses);
        const derivation = makeAttackEngine(set).derive(held.map((fact) => idOf(set, fact)));
        for (const fact of FACTS) {
          const all = everyProof(clauses, held, fact, LIMIT);
          if (all === undefined) continue;
          compared++;
          const best = derivation.bestProof(idOf(set, fact));
          const proofs = derivation.bestProofs(idOf(set, fact), k);
          expect(best?.cost).toBe(all[0]?.cost);
          expect(proofs[0]).toEqual(best);
          expect(proofs.map((p) => [!p.certain, p.cost])).toEqual(
            all.slice(0, k).map((p) => [p.conditional > 0, p.cost]),
          );
          const texts = proofs.map((proof) => textOfProof(clauses, set, proof));
          expect(new Set(texts).size).toBe(texts.length);
          const values = new Map(all.map((p) => [p.text, [p.conditional, p.cost, p.steps]]));
          expect(texts.map((text) => values.get(text))).toEqual(
            all.slice(0, k).map((p) => [p.conditional, p.cost, p.steps]),
          );
          for (const proof of proofs) expectValid(set, proof, held);
        }
      }),
      RUNS,
    );
    expect(compared).toBeGreaterThan(2000);
  });

  it('gives the same proofs whatever the order in which clauses and held facts come', () => {
    const shuffled = smallWorld.chain((world) =>
      fc.tuple(
        fc.constant(world),
        fc.shuffledSubarray([...world.clauses], { minLength: world.clauses.length }),
        fc.shuffledSubarray([...world.held], { minLength: world.held.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([world, clauses, held]) => {
        expect(answers(clauses, held)).toEqual(answers(world.clauses, world.held));
      }),
      RUNS,
    );
  });

  it('tells of each removal what survives, as running again without it does', () => {
    const removal = fc.record({
      clauses: fc.array(fc.nat(15), { maxLength: 3 }),
      facts: fc.array(fc.constantFrom(...FACTS), { maxLength: 2 }),
    });
    fc.assert(
      // More than 32 and more than 64 removals, to have several passes.
      fc.property(smallWorld, fc.array(removal, { minLength: 1, maxLength: 70 }), ({ clauses, held }, removals) => {
        const set = setOf(clauses);
        const engine = makeAttackEngine(set);
        const taken = removals.map((r) => ({
          clauses: r.clauses.filter((c) => c < clauses.length),
          facts: r.facts.map((fact) => idOf(set, fact)),
        }));
        const search = engine.survivors(taken);
        // What another start left behind must not show.
        search([idOf(set, 'a'), idOf(set, 'b')], []);
        const start = held.map((fact) => idOf(set, fact));
        const all = FACTS.map((fact) => idOf(set, fact));
        const survivors = search(start, all);
        const worlds = engine.survivingWorlds(taken.slice(0, 32))(start, all);
        const again = removals.map((r) => {
          const left = clauses.filter((c, i) => !r.clauses.includes(i) && !r.facts.includes(c.head));
          const known = naiveFixpoint(
            left,
            held.filter((fact) => !r.facts.includes(fact)),
          );
          return FACTS.filter((fact) => known.has(fact));
        });
        expect(survivors.map((targets) => targets.map((id) => set.factKey(id)))).toEqual(again);
        const bits = (fact: string): number =>
          again.slice(0, 32).reduce((sum, left, i) => sum | (Number(left.includes(fact)) << i), 0);
        expect([...worlds]).toEqual(FACTS.map(bits));
      }),
      { ...RUNS, numRuns: 150 },
    );
  });

  it('tries no more removals at once than there are bits', () => {
    const engine = makeAttackEngine(setOf([]));
    expect(() => engine.survivingWorlds(Array.from({ length: 33 }, () => ({})))).toThrow(RangeError);
  });

  it('calls a fact essential exactly when the target cannot be had without it', () => {
    fc.assert(
      fc.property(smallWorld, ({ clauses, held }) => {
        const set = setOf(clauses);
        const engine = makeAttackEngine(set);
        const start = held.map((fact) => idOf(set, fact));
        const known = naiveFixpoint(clauses, held);
        for (const target of FACTS) {
          const essential = engine.essentialFacts(start, idOf(set, target)).map((id) => set.factKey(id));
          const expected = FACTS.filter((fact) => {
            if (fact === target || !known.has(target)) return false;
            const left = clauses.filter((c) => c.head !== fact);
            return !naiveFixpoint(
              left,
              held.filter((h) => h !== fact),
            ).has(target);
          });
          expect([...essential].sort()).toEqual(expected);
        }
      }),
      RUNS,
    );
  });
});
