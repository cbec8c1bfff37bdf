import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openSnapshotFile } from '../../src/main/open-snapshot.js';
import { renderTable } from '../../src/reporters/table.js';

const README = fileURLToPath(new URL('../../README.md', import.meta.url));
const SAMPLE = /(<!-- sample: .* -->\n```console\n\$ .*\n)[\s\S]*?(```\n)/;

/** The README with what the program really prints for its fixture between the marks of the sample. */
export async function readmePage(): Promise<string> {
  const fixture = fileURLToPath(new URL('../../fixtures/web-shop', import.meta.url));
  const { analysis } = await openSnapshotFile(fixture, { toolVersion: '0.0.0' });
  const output = renderTable(analysis.report(), { color: false, width: 100, snapshot: 'fixtures/web-shop' });
  const readme = readFileSync(README, 'utf8');
  if (!SAMPLE.test(readme)) throw new Error('README.md has no sample to fill');
  return readme.replace(SAMPLE, (_, before: string, after: string) => `${before}${output}${after}`);
}
