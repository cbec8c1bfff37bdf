import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluatePolicies, PolicyCompiler, type PolicyEvaluation } from '../../src/iam/index.js';
import { type ContextKey, type Family, KEYS } from './oracle/alphabet.js';
import { completions, forget } from './oracle/completions.js';
import { toEvaluation } from './oracle/questions.js';
import { drawScene, type Request, type Scene } from './oracle/scene-arbitrary.js';
import { IS_CI, SEED } from './oracle/seed.js';
import { simulate } from './oracle/simulate.js';
import { SIMULATOR_DEFECTS } from './oracle/simulator-defects.js';

const RUNS = Number(process.env['TRESPASS_RUNS'] ?? (IS_CI ? 300 : 60));
/** Every so many completions the simulator is asked too. */
const SAMPLE = 97;

const keysOf = (family: Family): readonly ContextKey[] => [...KEYS, ...family.keys];

/** Keys that some policy of the scene tests or substitutes: the others cannot matter. */
function mentioned(scene: Scene): readonly ContextKey[] {
  const text = JSON.stringify(scene.policies).toLowerCase();
  return keysOf(scene.family).filter(({ name }) => text.includes(name.toLowerCase()));
}

/** A question some of whose keys are taken away, one or two of each class. */
interface Puzzle {
  readonly evaluation: PolicyEvaluation;
  readonly unknown: readonly ContextKey[];
  readonly chosen: readonly ContextKey[];
}

function drawPuzzle(unknown: number, chosen: number): fc.Arbitrary<readonly Puzzle[]> {
  return drawScene(6).chain((scene) => {
    const keys = mentioned(scene);
    const shuffled = fc.shuffledSubarray([...keys], { minLength: Math.min(keys.length, unknown + chosen) });
    return fc.tuple(...scene.requests.map(() => shuffled)).map((draws) =>
      scene.requests.map((request: Request, index) => {
        const taken = draws[index] ?? [];
        return {
          evaluation: toEvaluation(scene, request),
          unknown: taken.slice(0, unknown),
          chosen: taken.slice(unknown, unknown + chosen),
        };
      }),
    );
  });
}

const names = (keys: readonly ContextKey[]): readonly string[] => keys.map(({ name }) => name);

const show = (puzzle: PolicyEvaluation): string => JSON.stringify(puzzle, undefined, 1);

describe('answers about what is not known', () => {
  const counts = new Map<string, number>();
  const count = (what: string): unknown => counts.set(what, (counts.get(what) ?? 0) + 1);

  it('hold for every completion of keys that nobody knows', { timeout: 1_200_000 }, async () => {
    let asked = 0;
    await fc.assert(
      fc.asyncProperty(drawPuzzle(2, 0), async (puzzles) => {
        for (const { evaluation, unknown } of puzzles) {
          const compiler = new PolicyCompiler();
          const open = { ...forget(evaluation, unknown), unknownKeys: names(unknown) };
          const { verdict } = evaluatePolicies(open, compiler);
          const verdicts = new Set<string>();
          for (const known of completions(open, unknown)) {
            const answer = evaluatePolicies(known, compiler).verdict;
            verdicts.add(answer);
            asked += 1;
            if (asked % SAMPLE === 0) {
              const theirs = await simulate(known);
              if (!SIMULATOR_DEFECTS.some((defect) => defect.explains(known, answer, theirs)))
                expect(answer, show(known)).toBe(theirs);
            }
          }
          count(verdict);
          const context = `${verdict} but ${[...verdicts].join(', ')}: ${show(open)}`;
          if (verdict === 'allowed') expect([...verdicts], context).toEqual(['allowed']);
          else if (verdict === 'depends') {
            expect(verdicts.has('allowed'), context).toBe(true);
            expect(verdicts.size, context).toBeGreaterThan(1);
          } else {
            // Explicit: whatever would allow it, a statement denies. Where nothing allows it either, a completion may be an implicit denial.
            expect(verdicts.has('allowed'), context).toBe(false);
            expect(verdicts.has(verdict), context).toBe(true);
          }
        }
      }),
      { seed: SEED, numRuns: RUNS },
    );
    process.stderr.write(
      `TRESPASS_SEED=${SEED}: ${asked} completions of ${JSON.stringify(Object.fromEntries(counts))}\n`,
    );
    for (const verdict of ['allowed', 'depends', 'implicit-deny', 'explicit-deny'])
      expect(counts.get(verdict) ?? 0, verdict).toBeGreaterThan(RUNS / 30);
  });

  it('are the best of keys that the principal chooses', { timeout: 1_200_000 }, () => {
    fc.assert(
      fc.property(drawPuzzle(0, 2), (puzzles) => {
        for (const { evaluation, chosen } of puzzles) {
          const compiler = new PolicyCompiler();
          const open = { ...forget(evaluation, chosen), chosenKeys: names(chosen) };
          const { verdict } = evaluatePolicies(open, compiler);
          // A role's session has some name, which is not for the principal to choose.
          const winnable = [...completions(open, [])].map((session) =>
            [...completions(session, chosen)].some((known) => evaluatePolicies(known, compiler).verdict === 'allowed'),
          );
          const context = `${verdict} but ${winnable.join(', ')}: ${show(open)}`;
          expect(verdict === 'allowed', context).toBe(!winnable.includes(false));
          expect(verdict === 'depends', context).toBe(winnable.includes(false) && winnable.includes(true));
        }
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('quantify rightly where one key is chosen and another unknown', { timeout: 1_200_000 }, () => {
    fc.assert(
      fc.property(drawPuzzle(1, 1), (puzzles) => {
        for (const { evaluation, unknown, chosen } of puzzles) {
          const compiler = new PolicyCompiler();
          const open = {
            ...forget(evaluation, [...unknown, ...chosen]),
            unknownKeys: names(unknown),
            chosenKeys: names(chosen),
          };
          const { verdict } = evaluatePolicies(open, compiler);
          // For every value of the unknown key: is there a choice with which the request is allowed?
          const winnable = [...completions(open, unknown)].map((half) =>
            [...completions(half, chosen)].some((known) => evaluatePolicies(known, compiler).verdict === 'allowed'),
          );
          const context = `${verdict} but ${winnable.join(', ')}: ${show(open)}`;
          if (verdict === 'allowed') expect(winnable, context).not.toContain(false);
          else if (verdict === 'depends') expect(winnable, context).toContain(true);
          else expect(winnable, context).not.toContain(true);
        }
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });
});
