import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { buildAssets } from '../../src/assets/index.js';
import { buildAssetGraph } from '../../src/graph/index.js';
import { readSnapshot } from '../../src/snapshot/index.js';

const root = fileURLToPath(new URL('../../fixtures/', import.meta.url));
const themes = readdirSync(root).filter((name) => statSync(`${root}${name}`).isDirectory());

type Pairs = readonly (readonly [string, string])[];
interface StatedPaths {
  readonly must: Pairs;
  readonly conditional: Pairs;
  readonly mustNot: Pairs;
}

/** The block ```` ```json paths ```` of a fixture's README. */
function statedPaths(theme: string): StatedPaths {
  const readme = readFileSync(`${root}${theme}/README.md`, 'utf8');
  return JSON.parse(/```json paths\n([\s\S]*?)\n```/.exec(readme)?.[1] ?? '') as StatedPaths;
}

describe.each(themes)('fixture %s', (theme) => {
  it('is a whole snapshot: every answer is read and every record is an asset', async () => {
    const snapshot = await readSnapshot(`${root}${theme}`);
    const { assets, relationships, gaps } = buildAssets(snapshot);
    expect([...snapshot.gaps, ...gaps]).toEqual([]);
    expect(buildAssetGraph(assets, relationships).size).toBeGreaterThan(50);
  });

  it('names entries and targets that are there', async () => {
    const snapshot = await readSnapshot(`${root}${theme}`);
    const { assets, relationships } = buildAssets(snapshot);
    const graph = buildAssetGraph(assets, relationships);
    const { must, conditional, mustNot } = statedPaths(theme);
    expect(must.length).toBeGreaterThan(2);
    expect(mustNot.length).toBeGreaterThan(2);
    for (const [entry, target] of [...must, ...conditional, ...mustNot]) {
      expect(graph.asset(entry)?.source, entry).toMatch(/\.json$/);
      const account = target.split('aws:admin/')[1];
      if (account === undefined) expect(graph.asset(target)?.source, target).toMatch(/\.json$/);
      else expect(snapshot.accounts.map(({ id }) => id)).toContain(account);
    }
    const pairs = [...must, ...conditional, ...mustNot].map((pair) => pair.join(' '));
    expect(new Set(pairs).size).toBe(pairs.length);
  });
});
