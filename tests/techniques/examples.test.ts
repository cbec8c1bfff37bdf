import { describe, expect, test } from 'vitest';
import { changedLines } from '../../scripts/docs/line-diff.js';
import { worldLines } from '../../scripts/docs/world-lines.js';
import { conditionText } from '../../src/reporters/condition-text.js';
import { TECHNIQUES } from '../../src/techniques/index.js';
import { askExample, type ExampleAnswer } from './examples/ask.js';
import { EXAMPLES } from './examples/index.js';
import { PENDING } from './examples/pending.js';

const ids = TECHNIQUES.map((technique) => technique.id);

/** What a test compares: whether there is a way by the technique, and how sure it is. */
const said = ({ way }: ExampleAnswer) => way?.confidence ?? 'no way';

test('every technique has examples, and no example is of something else', () => {
  expect([...EXAMPLES.keys(), ...PENDING].sort()).toEqual([...ids].sort());
});

test('no two examples say the same sentence of the same technique', () => {
  for (const [id, { works, fails, alsoFails = [], unknown }] of EXAMPLES) {
    const sentences = [works, fails, ...alsoFails, unknown].map((example) => example.why);
    expect(new Set(sentences).size, id).toBe(sentences.length);
  }
});

/** As many lines as one fact takes. */
const MOST_CHANGED = 8;

test('what fails and what is unknown differ in one thing from what works', () => {
  for (const [id, { works, fails, alsoFails = [], unknown }] of EXAMPLES) {
    for (const { why, world } of [fails, ...alsoFails, unknown]) {
      const changed = changedLines(worldLines(works.world), worldLines(world));
      expect(changed, `${id}: ${why}`).toBeGreaterThan(0);
      expect(changed, `${id}: ${why}`).toBeLessThanOrEqual(MOST_CHANGED);
    }
  }
});

describe.each([...EXAMPLES])('%s', (id, examples) => {
  const { works, fails, alsoFails = [], unknown } = examples;

  test(`works: ${works.why}`, () => {
    expect(said(askExample(id, examples, works.world))).toBe('confirmed');
  });

  test.each([fails, ...alsoFails])('fails: $why', ({ world }) => {
    expect(said(askExample(id, examples, world))).toBe('no way');
  });

  test(`unknown: ${unknown.why}`, () => {
    const answer = askExample(id, examples, unknown.world);
    expect(said(answer)).toBe('conditional');
    expect(answer.way?.conditions.map(conditionText).join('\n')).toContain(unknown.because);
  });
});
