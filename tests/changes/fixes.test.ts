import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { applyChanges, type Change, compareReports, type FixPlan, proposeChanges } from '../../src/changes/index.js';
import type { Report, ReportPath } from '../../src/findings/index.js';
import type { Analysis } from '../../src/main/analysis.js';
import { openAnalysis } from '../../src/main/analyze.js';
import { planFixes } from '../../src/main/plan-changes.js';
import { readSnapshot, type Snapshot } from '../../src/snapshot/index.js';

const FIXTURES = join(import.meta.dirname, '../../fixtures');
const OPTIONS = { toolVersion: '0.0.0' };

const fixtures = readdirSync(FIXTURES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

const riskOf = (paths: readonly { readonly score: number }[]): number =>
  paths.reduce((sum, { score }) => sum + score, 0);

const reportAfter = (snapshot: Snapshot, changes: readonly Change[]): Report =>
  openAnalysis(applyChanges(snapshot, changes), OPTIONS).report();

const idsOf = (paths: readonly { readonly id: string }[]): readonly string[] => paths.map(({ id }) => id).toSorted();

const HOSTS = ['ec2:instance', 'lambda:function', 'ecs:task', 'ecs:service'];

/** Whether the target of a path is had in a report, from where the path has it (what is open to everybody: from anywhere). */
const isHad = ({ entry, target }: ReportPath, { paths }: Report): boolean =>
  paths.some(
    (other) =>
      other.target.members.some((id) => target.members.includes(id)) &&
      (!HOSTS.includes(entry.type) || other.entry.members.some((id) => entry.members.includes(id))),
  );

describe.each(fixtures)('the fixes of %s', (fixture) => {
  let analysis: Analysis;
  let before: Report;
  let plan: FixPlan;
  beforeAll(async () => {
    analysis = openAnalysis(await readSnapshot(join(FIXTURES, fixture)), OPTIONS);
    before = analysis.report();
    plan = planFixes(analysis, { ...OPTIONS, limit: 10 });
  });

  test('end exactly the paths that they claim, one after the other, and each removes risk', () => {
    expect(plan.fixes.length).toBeGreaterThan(0);
    expect(plan.pathsBefore).toBe(before.paths.length);
    let current = analysis.snapshot;
    let { paths } = before;
    for (const { changes, outcome } of plan.fixes) {
      current = applyChanges(
        current,
        changes.map(({ change }) => change),
      );
      const after = openAnalysis(current, OPTIONS).report();
      const now = new Set(after.paths.map(({ id }) => id));
      expect(idsOf([...outcome.gone, ...outcome.anotherWay])).toEqual(idsOf(paths.filter(({ id }) => !now.has(id))));
      expect(outcome.gone.length).toBeGreaterThan(0);
      expect(outcome.opened).toEqual([]);
      expect(outcome.left).toBe(after.paths.length);
      expect(riskOf(after.paths)).toBeLessThan(riskOf(paths));
      paths = after.paths;
    }
    expect(plan.left).toEqual(paths.map(({ id }) => id));
    expect(plan.pathsAfter).toBe(paths.length);
  });

  test('say what else they cut, and give a command for each that can be run as it stands', () => {
    for (const { change, command, terraform, alsoUsedBy, alsoCuts } of plan.fixes.flatMap(({ changes }) => changes)) {
      expect(command).toMatch(/^aws [a-z0-9]+ [a-z-]+ /);
      expect(command).not.toMatch(/POLICY-WITHOUT|STATEMENT-ID/);
      expect(terraform).not.toBe('');
      expect(alsoCuts, JSON.stringify(change)).not.toEqual([]);
      for (const id of alsoUsedBy) expect(analysis.graph.asset(id), id).toBeDefined();
    }
  });

  test('are no more than asked for', () => {
    const { fixes } = planFixes(analysis, { ...OPTIONS, limit: 1 });
    expect(fixes).toEqual(plan.fixes.slice(0, 1));
  });

  test('are tried one by one, every change that there is cause for: each ends what it claims, makes nothing worse, and none is better than the first', () => {
    const proposals = proposeChanges(analysis.graph, before.paths);
    let best = 0;
    for (const { changes } of proposals) {
      const place = JSON.stringify(changes);
      const after = reportAfter(analysis.snapshot, changes);
      const { gone, anotherWay, opened, left } = compareReports(before, after);
      const now = new Set(after.paths.map(({ id }) => id));
      const lost = before.paths.filter(({ id }) => !now.has(id));
      expect(idsOf(gone), place).toEqual(idsOf(lost.filter((path) => !isHad(path, after))));
      expect(idsOf(anotherWay), place).toEqual(idsOf(lost.filter((path) => isHad(path, after))));
      expect(opened, place).toEqual([]);
      expect(left).toBe(after.paths.length);
      // Whatever stays is no worse than it was, and nothing else of the account has changed.
      const scores = new Map(before.paths.map(({ id, score }) => [id, score]));
      const worse = after.paths.filter(({ id, score }) => score > (scores.get(id) ?? 100));
      expect(worse, place).toEqual([]);
      const exposed = new Set(before.exposures.map(({ asset }) => asset));
      expect(
        after.exposures.filter(({ asset }) => !exposed.has(asset)),
        place,
      ).toEqual([]);
      expect(after.snapshot.gaps, place).toEqual(before.snapshot.gaps);
      expect(after.summary.assets, place).toBe(before.summary.assets);
      if (gone.length > 0) best = Math.max(best, (riskOf(before.paths) - riskOf(after.paths)) / changes.length);
    }
    const first = plan.fixes[0]?.changes.map(({ change }) => change) ?? [];
    expect((riskOf(before.paths) - riskOf(reportAfter(analysis.snapshot, first).paths)) / first.length).toBe(best);
  });
});
