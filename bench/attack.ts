import { performance } from 'node:perf_hooks';
import { type ClauseSet, makeAttackEngine, makeClauseSet } from '../src/attack/index.js';
import { randomFrom } from './random.js';
import { milliseconds, printTable, ratio } from './table.js';

const CLAUSES_PER_FACT = 3;

/**
 * A random hypergraph in the proportions of an account: 70 % of the clauses have one premise, 25 % two, 5 % three; most premises
 * lie near their conclusion, some are hubs; a tenth has conditions. Fact 0 is held.
 */
function randomClauses(facts: number, seed: number): ClauseSet<undefined> {
  const random = randomFrom(seed);
  const keys = Array.from({ length: facts }, (_, i) => `exec arn:aws:ec2:us-east-1:111122223333:instance/i-${i}`);
  const set = makeClauseSet<undefined>();
  const premise = (head: number): number => {
    const kind = random.next();
    if (kind < 0.15) return Math.floor(facts * random.next() ** 4);
    if (kind < 0.25) return random.below(facts);
    return Math.max(0, Math.min(facts - 1, head + random.below(2000) - 1400));
  };
  for (let i = 0; i < facts * CLAUSES_PER_FACT; i++) {
    const head = i % facts;
    const kind = random.next();
    const size = kind < 0.7 ? 1 : kind < 0.95 ? 2 : 3;
    set.add({
      head: keys[head]!,
      body: Array.from({ length: size }, () => keys[premise(head)]!),
      cost: 1 + random.below(9),
      conditions:
        random.next() < 0.1 ? [{ key: 'aws:MultiFactorAuthPresent', operator: 'Bool', values: ['true'] }] : [],
      label: undefined,
    });
  }
  return set;
}

function timed<T>(work: () => T): { readonly result: T; readonly took: number } {
  const start = performance.now();
  const result = work();
  return { result, took: performance.now() - start };
}

/** The time to read as many random places of memory as the clauses have literals: what no fixpoint can do without. */
function gatherTime(facts: number, literals: number): number {
  const random = randomFrom(7);
  const at = Uint32Array.from({ length: literals }, () => random.below(facts));
  const values = new Uint8Array(facts).fill(1);
  return timed(() => {
    let sum = 0;
    for (let i = 0; i < at.length; i++) sum += values[at[i]!]!;
    return sum;
  }).took;
}

/** Times the kernels on random clauses: the table's last column compares the fixpoint with reading memory at random. */
export function benchAttack(sizes: readonly number[] = [1_000, 10_000, 100_000, 1_000_000]): void {
  const rows = sizes.map((facts) => {
    const { result: set, took: adding } = timed(() => randomClauses(facts, 1));
    const engine = makeAttackEngine(set);
    const start = set.factId('exec arn:aws:ec2:us-east-1:111122223333:instance/i-0')!;
    const { took: indexing } = timed(() => engine.survivors([])([start], []));
    const { result: derived, took: closing } = timed(() => engine.fixpoint([start]));
    const { result: derivation, took: deriving } = timed(() => engine.derive([start]));
    const reached = [...derived.keys()].filter((fact) => derived[fact] === 1);
    const targets = reached.filter((_, i) => i % Math.ceil(reached.length / 100) === 0);
    const { took: enumerating } = timed(() => targets.forEach((target) => derivation.bestProofs(target, 5)));
    const removals = targets.slice(0, 32).map((fact) => ({ facts: [fact] }));
    const { took: removing } = timed(() => engine.survivors(removals)([start], targets));
    const { took: choking } = timed(() => engine.essentialFacts([start], targets.at(-1)!));
    const literals = set.columns().body.length;
    return [
      facts.toLocaleString('en'),
      literals.toLocaleString('en'),
      `${((100 * reached.length) / facts).toFixed(0)} %`,
      ...[adding, indexing, closing, deriving, enumerating, removing, choking].map(milliseconds),
      ratio(closing, gatherTime(facts, literals)),
    ];
  });
  printTable(
    'Attack engine on random clauses (ms)',
    [
      'facts',
      'literals',
      'reached',
      'add',
      'index',
      'fixpoint',
      'derive',
      '5 best × 100',
      '32 removals',
      'essential',
      'fixpoint : gather',
    ],
    rows,
  );
}
