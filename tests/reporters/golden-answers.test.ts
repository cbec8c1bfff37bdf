import { fileURLToPath } from 'node:url';
import { beforeAll, describe, it } from 'vitest';
import { openAnalysis } from '../../src/main/analyze.js';
import type { Analysis } from '../../src/main/analysis.js';
import { planFixes } from '../../src/main/plan-changes.js';
import { renderBlastRadius } from '../../src/reporters/answers/blast-radius.js';
import { renderFixPlan } from '../../src/reporters/answers/plan.js';
import { explainPath } from '../../src/reporters/explain.js';
import { readSnapshot } from '../../src/snapshot/index.js';
import { FIXTURE_NAMES } from './fixture-reports.js';
import { expectGolden } from './golden-file.js';
import { PLAIN } from './render.js';

const OPTIONS = { toolVersion: '0.0.0' };

/** Pages beside the reports: of each account its worst path, the first hour on the host where that begins, and the first fixes. */
describe.each(FIXTURE_NAMES)('the pages of %s', (fixture) => {
  let analysis: Analysis;
  beforeAll(async () => {
    const path = fileURLToPath(new URL(`../../fixtures/${fixture}`, import.meta.url));
    analysis = openAnalysis(await readSnapshot(path), OPTIONS);
  });

  it('explain', async () => {
    const report = analysis.report();
    const [worst] = report.paths;
    if (!worst) throw new Error(`${fixture} has no path`);
    expectGolden(`${fixture}.explain.txt`, await explainPath(report, worst, 'table', PLAIN));
  });

  it('blast-radius', () => {
    const entry = analysis.report().paths[0]?.entry.id ?? '';
    expectGolden(`${fixture}.blast-radius.txt`, renderBlastRadius(analysis.blastRadius([entry]), PLAIN));
  });

  it('fix', () => {
    expectGolden(`${fixture}.fix.txt`, renderFixPlan(planFixes(analysis, { ...OPTIONS, limit: 3 }), PLAIN));
  });
});
