import { describe, expect, test } from 'vitest';
import { changedLines } from '../../scripts/docs/line-diff.js';
import { worldLines } from '../../scripts/docs/world-lines.js';
import { conditionText } from '../../src/reporters/condition-text.js';
import type { WholeSnapshot } from '../../src/snapshot/index.js';
import { TECHNIQUES } from '../../src/techniques/index.js';
import { askExample, type ExampleAnswer } from './examples/ask.js';
import { EXAMPLES } from './examples/index.js';
import { COMMERCIAL, narrowed, type Partition, PARTITIONS, snapshotIn, textIn } from './examples/in-partition.js';
import { miniature } from './miniature.js';

const ids = TECHNIQUES.map((technique) => technique.id);

/** What a test compares: whether there is a way by the technique, and how sure it is. */
const said = ({ way }: ExampleAnswer) => way?.confidence ?? 'no way';

const conditionsOf = ({ way }: ExampleAnswer): readonly string[] => (way?.conditions ?? []).map(conditionText);

test('every technique has examples, and no example is of something else', () => {
  expect([...EXAMPLES.keys()].sort()).toEqual([...ids].sort());
});

test('no two examples say the same sentence of the same technique', () => {
  for (const [id, { works, fails, alsoFails = [], unknown }] of EXAMPLES) {
    const sentences = [works, fails, ...alsoFails, unknown].map((example) => example.why);
    expect(new Set(sentences).size, id).toBe(sentences.length);
  }
});

/** As many lines as one fact takes. */
const MOST_CHANGED = 12;

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

  const isOther = (text: string): boolean => works.depends === undefined || !text.includes(works.depends);

  test(`works: ${works.why}`, () => {
    const answer = askExample(id, examples, works.world);
    expect(said(answer)).toBe(works.depends === undefined ? 'confirmed' : 'conditional');
    expect(conditionsOf(answer).filter(isOther)).toEqual([]);
  });

  test.each([fails, ...alsoFails])('fails: $why', ({ world }) => {
    expect(said(askExample(id, examples, world))).toBe('no way');
  });

  test(`unknown: ${unknown.why}`, () => {
    const answer = askExample(id, { ...examples, from: unknown.from ?? examples.from }, unknown.world);
    expect(said(answer)).toBe('conditional');
    expect(conditionsOf(answer).filter(isOther).join('\n')).toContain(unknown.because);
  });
});

describe.each([...EXAMPLES])('%s in other partitions', (id, { from, reaches, access, works }) => {
  const inPartition = (partition: Partition, snapshot: WholeSnapshot): string => {
    const ends = { from: textIn(partition, from), reaches: textIn(partition, reaches), access };
    return said(askExample(id, ends, snapshotIn(partition, snapshot)));
  };

  test.each(PARTITIONS)('works in $id', (partition) => {
    expect(inPartition(partition, miniature(works.world))).toBe(
      works.depends === undefined ? 'confirmed' : 'conditional',
    );
  });

  test('asks about the ARNs of its partition', () => {
    const narrow = narrowed(miniature(works.world));
    expect(inPartition(PARTITIONS[0], narrow)).toBe(inPartition(COMMERCIAL, narrow));
  });
});
