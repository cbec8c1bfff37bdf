import { expect, test } from 'vitest';
import { CATALOGUE, TECHNIQUES } from '../../src/techniques/index.js';

const ids = new Set(TECHNIQUES.map((technique) => technique.id));
const rows = CATALOGUE.flatMap((family) => family.rows);

test('every technique is named by some way, and no other is', () => {
  const named = new Set(rows.flatMap(([, by]) => by));
  expect([...named].filter((id) => !ids.has(id))).toEqual([]);
  expect([...ids].filter((id) => !named.has(id))).toEqual([]);
});

test('a way that no technique covers says why', () => {
  for (const [what, by, lacks] of rows) {
    if (by.length === 0) expect(lacks, what).toMatch(/^.{10,}\.$/);
    expect(new Set(by).size, what).toBe(by.length);
  }
});

test('a way is told once in its family', () => {
  for (const { title, rows: own } of CATALOGUE) expect(new Set(own.map(([what]) => what)).size, title).toBe(own.length);
});

/** How many ways are known of each kind; a row that is dropped is missed. */
test('no way is dropped', () => {
  expect(CATALOGUE.map((family) => family.rows.length)).toEqual([45, 35, 26, 47, 24, 7, 64, 72, 18, 17, 11, 10, 24]);
});

test('every id of pathfinding.cloud is covered', () => {
  const covered = new Set(
    TECHNIQUES.flatMap(({ references }) =>
      references.flatMap((r) => (r.startsWith('pathfinding.cloud:') ? [r.slice('pathfinding.cloud:'.length)] : [])),
    ),
  );
  expect(covered.size).toBe(104);
});
