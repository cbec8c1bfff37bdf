import { describe, expect, it } from 'vitest';
import { type Clause, makeAttackEngine, makeClauseSet } from '../../src/attack/index.js';
import { unknown } from '../../src/model/index.js';

type Given = Partial<Omit<Clause<string>, 'label' | 'head' | 'body'>>;

/** Clauses written as `head <- premise & premise`; the label is the text itself. */
function engineOf(lines: readonly (readonly [string, Given?])[]) {
  const set = makeClauseSet<string>();
  for (const [line, given] of lines) {
    const [head = '', body = ''] = line.split('<-').map((part) => part.trim());
    const premises = body === '' ? [] : body.split('&').map((part) => part.trim());
    set.add({ head, body: premises, cost: 1, conditions: [], label: line, ...given });
  }
  const id = (key: string): number => set.factId(key) ?? -1;
  const engine = makeAttackEngine(set);
  return {
    set,
    id,
    engine,
    steps: (held: string[], target: string): string[] | undefined =>
      engine
        .derive(held.map(id))
        .bestProof(id(target))
        ?.clauses.map((c) => set.clause(c).label),
  };
}

const MAYBE = [unknown('the key policy', 'it was not collected')];

describe('attack engine', () => {
  it('needs every premise of a clause', () => {
    const both = [['data <- connection & password'], ['connection <- host'], ['password <- secret']] as const;
    const { steps } = engineOf(both);
    expect(steps(['host'], 'data')).toBeUndefined();
    expect(steps(['host', 'secret'], 'data')).toEqual([
      'connection <- host',
      'password <- secret',
      'data <- connection & password',
    ]);
  });

  it('puts a shared part of a proof once, and counts it as often as it is used', () => {
    const { engine, id, steps } = engineOf([
      ['role <- host', { cost: 5 }],
      ['snapshot <- role'],
      ['key <- role'],
      ['data <- snapshot & key'],
    ]);
    expect(steps(['host'], 'data')).toEqual([
      'role <- host',
      'key <- role',
      'snapshot <- role',
      'data <- snapshot & key',
    ]);
    expect(engine.derive([id('host')]).bestProof(id('data'))?.cost).toBe(13);
  });

  it('counts the steps of a proof, not the parts that they are put together of', () => {
    const { steps } = engineOf([
      ['data <- role', { cost: 2 }],
      ['role <- a permission', { cost: 0, minor: true }],
      ['a permission <- its holders', { cost: 0, minor: true }],
      ['its holders <- host', { cost: 0, minor: true }],
      ['data <- a copy'],
      ['a copy <- host'],
    ]);
    expect(steps(['host'], 'data')?.at(-1)).toBe('data <- role');
  });

  it('prefers a dear certain proof to a cheap one with conditions, also inside a proof that has conditions anyway', () => {
    const { engine, id, steps } = engineOf([
      ['role <- host', { cost: 1, conditions: MAYBE }],
      ['role <- host', { cost: 9 }],
      ['key <- role', { conditions: MAYBE }],
    ]);
    const derivation = engine.derive([id('host')]);
    expect(derivation.bestProof(id('role'))).toMatchObject({ cost: 9, certain: true, clauses: [1] });
    expect(derivation.bestProof(id('key'))).toMatchObject({ cost: 10, certain: false, clauses: [1, 2] });
    expect(derivation.isCertain(id('role'))).toBe(true);
    expect(derivation.isCertain(id('key'))).toBe(false);
    expect(derivation.isDerived(id('key'))).toBe(true);
    expect(derivation.bestProofs(id('role'), 5).map((p) => [p.cost, p.certain])).toEqual([
      [9, true],
      [1, false],
    ]);
    expect(steps(['host'], 'host')).toEqual([]);
  });

  it('is not led round a circle that costs nothing', () => {
    const { engine, id, steps } = engineOf([
      ['a <- b', { cost: 0 }],
      ['b <- a', { cost: 0 }],
      ['b <- start', { cost: 0 }],
      ['a <- a', { cost: 0 }],
    ]);
    expect(steps([], 'a')).toBeUndefined();
    expect(steps(['start'], 'a')).toEqual(['b <- start', 'a <- b']);
    expect(engine.derive([id('start')]).bestProofs(id('b'), 9)).toHaveLength(1);
  });

  it('finds the second proof where the best of a premise leads back to the target', () => {
    const { engine, set, id } = engineOf([
      ['target <- near', { cost: 1 }],
      ['near <- start', { cost: 0 }],
      ['target <- far', { cost: 1 }],
      ['far <- target', { cost: 1 }],
      ['far <- start', { cost: 50 }],
    ]);
    const proofs = engine.derive([id('start')]).bestProofs(id('target'), 9);
    expect(proofs.map((p) => [p.cost, p.clauses.map((c) => set.clause(c).label)])).toEqual([
      [1, ['near <- start', 'target <- near']],
      [51, ['far <- start', 'target <- far']],
    ]);
  });

  it('decides between equal clauses by their tie-break, whichever was added first', () => {
    const two = [
      ['role <- host', { tieBreak: 'imds-v2' }],
      ['role <- host', { tieBreak: 'imds-v1' }],
    ] as const;
    for (const clauses of [two, [...two].reverse()]) {
      const { engine, set, id } = engineOf(clauses);
      const [clause] = engine.derive([id('host')]).bestProof(id('role'))!.clauses;
      expect(set.clause(clause!).tieBreak).toBe('imds-v1');
    }
  });

  it('gives clauses without premises to everybody, and their removal is a removal', () => {
    const { engine, id } = engineOf([['open-bucket <-'], ['data <- open-bucket']]);
    const data = id('data');
    expect(engine.derive([]).bestProof(data)?.clauses).toEqual([0, 1]);
    expect(engine.fixpoint([])[data]).toBe(1);
    expect(
      engine.survivors([{}, { clauses: [0] }, { facts: [id('open-bucket')] }, { clauses: [7] }])([], [data]),
    ).toEqual([[data], [], [], [data]]);
  });

  it('finds a fact essential that no dominator of single premises shows', () => {
    // Either way to the key needs the role, though neither clause of `data` names it.
    const { engine, id, set } = engineOf([
      ['data <- copy & key-1'],
      ['data <- copy & key-2'],
      ['copy <- host'],
      ['key-1 <- role & grant'],
      ['key-2 <- role & policy'],
      ['role <- host & token'],
    ]);
    const held = ['host', 'token', 'grant', 'policy'].map(id);
    expect(engine.essentialFacts(held, id('data')).map((f) => set.factKey(f))).toEqual([
      'host',
      'token',
      'copy',
      'role',
    ]);
    expect(engine.essentialFacts([], id('data'))).toEqual([]);
    expect(engine.essentialFacts(held, id('host'))).toEqual([]);
  });

  it('sees clauses that are added between questions, and a derivation made before does not change', () => {
    const { engine, set, id } = engineOf([['role <- host']]);
    const before = engine.derive([id('host')]);
    set.add({ head: 'data', body: ['role'], cost: 1, conditions: [], label: 'late' });
    expect(before.isDerived(id('data'))).toBe(false);
    expect(engine.derive([id('host')]).isDerived(id('data'))).toBe(true);
  });

  it('derives a chain of ten thousand steps and a tower whose tree has two to the hundredth clauses', () => {
    const chain = Array.from({ length: 10_000 }, (_, i) => [`f${i + 1} <- f${i}`] as const);
    expect(engineOf(chain).steps(['f0'], 'f10000')).toHaveLength(10_000);
    const tower = Array.from({ length: 100 }, (_, i) => [
      [`g${i + 1} <- l${i} & r${i}`] as const,
      [`l${i} <- g${i}`] as const,
      [`r${i} <- g${i}`] as const,
    ]).flat();
    expect(engineOf(tower).steps(['g0'], 'g100')).toHaveLength(300);
  });
});

describe('clause set', () => {
  it('gives back what was added, with the body sorted and each premise once', () => {
    const set = makeClauseSet<{ n: number }>();
    const label = { n: 1 };
    const id = set.add({ head: 'h', body: ['z', 'a', 'z'], cost: 2.5, conditions: MAYBE, label, tieBreak: 't' });
    expect(set.clause(id)).toEqual({ head: 'h', body: ['a', 'z'], cost: 2.5, conditions: MAYBE, label, tieBreak: 't' });
    expect(set.clause(id).label).toBe(label);
    expect([set.clauseCount, set.factCount]).toEqual([1, 3]);
    expect(set.factId('__proto__')).toBeUndefined();
    expect(set.factId('constructor')).toBeUndefined();
  });

  it('refuses a cost that is negative or no number, and ids that it did not give', () => {
    const set = makeClauseSet<null>();
    for (const cost of [-1, Number.NaN, Infinity]) {
      expect(() => set.add({ head: 'h', body: [], cost, conditions: [], label: null })).toThrow(RangeError);
    }
    expect(() => set.clause(0)).toThrow(RangeError);
    expect(() => set.factKey(0)).toThrow(RangeError);
  });

  it('keeps every clause while it grows', () => {
    const set = makeClauseSet<number>();
    for (let i = 0; i < 5000; i++) {
      set.add({ head: `h${i}`, body: [`a${i % 7}`, `b${i}`], cost: i, conditions: [], label: i });
    }
    for (const i of [0, 63, 64, 127, 128, 4999]) {
      expect(set.clause(i)).toMatchObject({ head: `h${i}`, body: [`a${i % 7}`, `b${i}`], cost: i, label: i });
    }
  });
});
