import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { reportShape, sameReport, sameShape } from '../../scripts/docs/report-schema.js';
import { renderWith } from './render.js';
import { hostileReport, SAMPLE } from './sample-report.js';

const GOLDEN = new URL('golden/', import.meta.url);

it.each(readdirSync(GOLDEN).filter((name) => name.endsWith('.json.txt')))('%s is what the schema promises', (name) => {
  const report: unknown = JSON.parse(readFileSync(new URL(name, GOLDEN), 'utf8'));
  expect(reportShape.safeParse(report).error?.issues ?? []).toEqual([]);
});

it('holds for a compared report, and not for one with a field more or less', async () => {
  const shape = reportShape.parse(JSON.parse(await renderWith('json', hostileReport())));
  expect(sameShape(shape)).toEqual(hostileReport());
  const { summary: _, ...without } = SAMPLE;
  expect(reportShape.safeParse(sameReport(SAMPLE)).success).toBe(true);
  expect(reportShape.safeParse(without).success).toBe(false);
  expect(reportShape.safeParse({ ...SAMPLE, more: 1 }).success).toBe(false);
});
