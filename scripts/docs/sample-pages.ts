import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { planFixes } from '../../src/main/index.js';
import { openSnapshotFile } from '../../src/main/open-snapshot.js';
import { renderFixPlan } from '../../src/reporters/answers/plan.js';
import { renderTable } from '../../src/reporters/table.js';

const ROOT = new URL('../../', import.meta.url);
const FIXTURE = 'fixtures/web-shop';
const SAMPLE = /(<!-- sample: .* -->\n```console\n\$ .*\n)[\s\S]*?(```\n)/;
const WIDTH = { color: false, width: 100 };

const open = async () =>
  (await openSnapshotFile(fileURLToPath(new URL(FIXTURE, ROOT)), { toolVersion: '0.0.0' })).analysis;

/** The README with what the program really prints for its fixture between the marks of the sample. */
export const readmePage = async (): Promise<string> =>
  fillSample('README.md', renderTable((await open()).report(), { ...WIDTH, snapshot: FIXTURE }));

/** The page on fixes with the best one of the same fixture. */
export const fixesPage = async (): Promise<string> =>
  fillSample('docs/fixes.md', renderFixPlan(planFixes(await open(), { toolVersion: '0.0.0', limit: 1 }), WIDTH));

function fillSample(page: string, output: string): string {
  const content = readFileSync(new URL(page, ROOT), 'utf8');
  if (!SAMPLE.test(content)) throw new Error(`${page} has no sample to fill`);
  return content.replace(SAMPLE, (_, before: string, after: string) => `${before}${output}${after}`);
}
