import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { applyChanges } from '../../src/changes/index.js';
import { openAnalysis } from '../../src/main/analyze.js';
import { planFixes } from '../../src/main/plan-changes.js';
import { readSnapshot } from '../../src/snapshot/index.js';

const FIXTURES = join(import.meta.dirname, '../../fixtures');
const OPTIONS = { toolVersion: '0.0.0' };

const fixtures = readdirSync(FIXTURES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

describe.each(fixtures)('the fixes of %s', (fixture) => {
  test('end exactly the paths that they claim, one after the other', async () => {
    const analysis = openAnalysis(await readSnapshot(join(FIXTURES, fixture)), OPTIONS);
    const plan = planFixes(analysis, { ...OPTIONS, limit: 10 });
    expect(plan.fixes.length).toBeGreaterThan(0);
    let current = analysis.snapshot;
    let paths = analysis.report().paths.map(({ id }) => id);
    expect(plan.pathsBefore).toBe(paths.length);
    for (const { changes, outcome } of plan.fixes) {
      current = applyChanges(
        current,
        changes.map(({ change }) => change),
      );
      const after = openAnalysis(current, OPTIONS)
        .report()
        .paths.map(({ id }) => id);
      const claimed = [...outcome.gone, ...outcome.anotherWay].map(({ id }) => id);
      expect(claimed.toSorted()).toEqual(paths.filter((id) => !after.includes(id)).toSorted());
      expect(outcome.gone.length).toBeGreaterThan(0);
      expect(outcome.left).toBe(after.length);
      paths = after;
    }
    expect(plan.left).toEqual(paths);
    expect(plan.pathsAfter).toBe(paths.length);
  });

  test('say what else uses the thing that is taken away, and give a command for each', async () => {
    const analysis = openAnalysis(await readSnapshot(join(FIXTURES, fixture)), OPTIONS);
    const plan = planFixes(analysis, { ...OPTIONS, limit: 10 });
    for (const { command, terraform, alsoUsedBy } of plan.fixes.flatMap(({ changes }) => changes)) {
      expect(command).toMatch(/^aws [a-z0-9]+ [a-z-]+ /);
      expect(terraform).not.toBe('');
      for (const id of alsoUsedBy) expect(analysis.graph.asset(id), id).toBeDefined();
    }
  });

  test('are no more than asked for', async () => {
    const analysis = openAnalysis(await readSnapshot(join(FIXTURES, fixture)), OPTIONS);
    expect(planFixes(analysis, { ...OPTIONS, limit: 1 }).fixes).toHaveLength(1);
  });
});
