import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AttackEngine, type FactId, makeAttackEngine } from '../../src/attack/index.js';
import { FACTS, idOf, setOf, smallWorld } from './small-worlds.js';

const some = fc.subarray(FACTS, { minLength: 1 });

/** What an engine says of targets, from each start after the other. */
const told = (engine: AttackEngine<number>, starts: readonly FactId[][], targets: readonly FactId[]) =>
  starts.map((start) => {
    const derivation = engine.derive(start);
    return targets.map((target) => ({
      proofs: derivation.bestProofs(target, 3),
      best: derivation.bestProof(target),
      isDerived: derivation.isDerived(target),
      isCertain: derivation.isCertain(target),
      last: derivation.lastClause(target),
      essential: engine.essentialFacts(start, target),
      isListed: derivation.derived.includes(target),
    }));
  });

describe('attack engine that is narrowed to targets', () => {
  it('says of them what the whole engine says, from one start after the other', () => {
    fc.assert(
      fc.property(
        smallWorld,
        some,
        fc.array(fc.subarray(FACTS, { maxLength: 3 }), { minLength: 1, maxLength: 6 }),
        fc.array(fc.record({ facts: fc.subarray(FACTS, { maxLength: 2 }) }), { minLength: 1, maxLength: 40 }),
        ({ clauses }, wanted, held, taken) => {
          const set = setOf(clauses);
          const ids = (keys: readonly string[]): FactId[] => keys.map((key) => idOf(set, key));
          const whole = makeAttackEngine(set);
          const narrowed = whole.towards(ids(wanted));
          const starts = held.map(ids);
          expect(told(narrowed, starts, ids(wanted))).toEqual(told(whole, starts, ids(wanted)));
          const removals = taken.map(({ facts }) => ({ facts: ids(facts) }));
          const [one, other] = [narrowed.survivors(removals), whole.survivors(removals)];
          const [few, same] = [removals.slice(0, 32), removals.slice(0, 32)];
          const [bits, sameBits] = [narrowed.survivingWorlds(few), whole.survivingWorlds(same)];
          for (const start of starts) {
            expect(one(start, ids(wanted))).toEqual(other(start, ids(wanted)));
            expect(bits(start, ids(wanted))).toEqual(sameBits(start, ids(wanted)));
          }
        },
      ),
      { seed: 20240607, numRuns: 1500 },
    );
  });

  it('says of them, where some facts cannot be had, what an engine says that has no clauses for these', () => {
    fc.assert(
      fc.property(
        smallWorld,
        some,
        fc.subarray(FACTS, { minLength: 1, maxLength: 3 }),
        fc.subarray(FACTS, { maxLength: 3 }),
        ({ clauses }, wanted, barred, held) => {
          const set = setOf(clauses);
          const left = setOf(clauses.filter(({ head }) => !barred.includes(head)));
          const ids = (keys: readonly string[]): FactId[] => keys.map((key) => idOf(set, key));
          const narrowed = makeAttackEngine(set).towards(ids(wanted), ids(barred)).derive(ids(held));
          const known = held.flatMap((key) => left.factId(key) ?? []);
          const whole = makeAttackEngine(left).derive(known);
          for (const key of wanted) {
            const id = left.factId(key);
            if (id !== undefined) expect([key, narrowed.cost(idOf(set, key))]).toEqual([key, whole.cost(id)]);
            else expect(narrowed.isDerived(idOf(set, key))).toBe(held.includes(key));
          }
        },
      ),
      { seed: 20240608, numRuns: 1000 },
    );
  });

  it('knows nothing of what no proof of a target uses', () => {
    const set = setOf([
      { head: 'b', body: ['a'], cost: 1, conditional: false, minor: false },
      { head: 'c', body: ['b'], cost: 1, conditional: false, minor: false },
      { head: 'd', body: ['a'], cost: 1, conditional: false, minor: false },
    ]);
    const derivation = makeAttackEngine(set)
      .towards([idOf(set, 'c')])
      .derive([idOf(set, 'a')]);
    expect(derivation.isDerived(idOf(set, 'b'))).toBe(true);
    expect(derivation.isDerived(idOf(set, 'd'))).toBe(false);
  });
});
