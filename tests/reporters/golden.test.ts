import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, it } from 'vitest';
import type { Report } from '../../src/findings/index.js';
import { openSnapshotFile } from '../../src/main/open-snapshot.js';
import { renderWith, TEXT_REPORTERS } from './render.js';
import { expectGolden } from './golden-file.js';
import { SAMPLE } from './sample-report.js';

const FIXTURES = new URL('../../fixtures/', import.meta.url);
describe('golden files', () => {
  it.each(TEXT_REPORTERS)('the sample report as %s', async (name) => {
    expectGolden(`sample.${name}.txt`, await renderWith(name, SAMPLE));
  });

  const fixtures = readdirSync(FIXTURES, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  describe.each(fixtures.map(({ name }) => name).sort())('%s', (fixture) => {
    let report: Report;
    beforeAll(async () => {
      const path = fileURLToPath(new URL(fixture, FIXTURES));
      report = (await openSnapshotFile(path, { toolVersion: '0.0.0' })).analysis.report();
    });
    it.each(TEXT_REPORTERS)('as %s', async (name) => {
      expectGolden(`${fixture}.${name}.txt`, await renderWith(name, report, { snapshot: `fixtures/${fixture}` }));
    });
  });
});
