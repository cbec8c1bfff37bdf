import { beforeAll, describe, it } from 'vitest';
import { compareWithBaseline, type Report } from '../../src/findings/index.js';
import { takeBaseline } from '../../src/main/baseline.js';
import type { Reportable } from '../../src/reporters/index.js';
import { FIXTURE_NAMES, reportOfFixture } from './fixture-reports.js';
import { expectGolden } from './golden-file.js';
import { renderWith } from './render.js';

/** What people and CI read of a check; the other formats say the same of each path as without one. */
const READ = ['table', 'markdown', 'junit', 'csv'];

/** The worst path is new, the next one's acceptance has ended, one that was accepted is gone, and a guardrail forbids the last. */
function checked(report: Report): Reportable {
  const [, ended, ...known] = report.paths;
  const { paths, ...baseline } = takeBaseline({ ...report, paths: report.paths.slice(1) }, { acceptGaps: true });
  const [first] = paths;
  const accepted = paths.map((path) => ({
    ...path,
    ...(path.id === ended?.id && { reason: 'until the move', owner: 'ann', expires: '2026-05-31' }),
  }));
  const gone = first && { ...first, id: 'p-0000000000000000', reason: 'a honeypot', owner: 'bob' };
  const comparison = compareWithBaseline(
    report,
    { ...baseline, paths: gone ? [gone, ...accepted] : accepted },
    { now: new Date('2026-06-01T00:00:00Z'), allowGaps: true },
  );
  const last = known.at(-1);
  const guardrails = [
    {
      kind: 'never' as const,
      text: `no path may lead from the internet to ${last?.target.id ?? 'nothing'}`,
      place: 'trespass.config.yaml:2:5',
      paths: last ? [last.id] : [],
    },
    { kind: 'only' as const, text: 'no path may lead to nothing', place: 'trespass.config.yaml:5:5', paths: [] },
  ];
  return { ...report, comparison, guardrails };
}

describe.each(FIXTURE_NAMES)('the check of %s', (fixture) => {
  let report: Reportable;
  beforeAll(async () => {
    report = checked(await reportOfFixture(fixture));
  });
  it.each(READ)('as %s', async (name) => {
    expectGolden(`${fixture}.check-${name}.txt`, await renderWith(name, report, { snapshot: `fixtures/${fixture}` }));
  });
});
