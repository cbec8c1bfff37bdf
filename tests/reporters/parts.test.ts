import { describe, expect, it } from 'vitest';
import { REPORTERS } from '../../src/reporters/index.js';
import { PLAIN, renderWith } from './render.js';
import { hostileReport, reportOf, SAMPLE, samplePath } from './sample-report.js';

const IN_PARTS = REPORTERS.filter(({ loadInParts }) => loadInParts !== undefined);

describe.each(IN_PARTS.map((reporter) => [reporter.name, reporter] as const))('%s in parts', (name, reporter) => {
  it('is the same text', async () => {
    const render = await reporter.loadInParts?.();
    for (const report of [SAMPLE, reportOf([]), hostileReport()])
      expect([...(render?.(report, PLAIN) ?? [])].join('')).toBe(await renderWith(name, report));
  });

  it('has no part that grows with the number of paths', async () => {
    const render = await reporter.loadInParts?.();
    const [step] = samplePath({}).steps;
    if (!step) throw new RangeError('the sample has no step');
    const long = samplePath({ steps: [{ ...step, text: 'x'.repeat(40_000), fix: 'y'.repeat(40_000) }] });
    // A finding of Security Hub is cut at some thousand characters.
    const parts = [
      ...(render?.(reportOf(Array.from({ length: name === 'asff' ? 1500 : 60 }, () => long)), PLAIN) ?? []),
    ];
    expect(parts.length).toBeGreaterThan(2);
    for (const part of parts) expect(part.length).toBeLessThan(1_500_000);
  });
});

it('all formats that list every path for programs are written in parts', () => {
  expect(IN_PARTS.map(({ name }) => name)).toEqual(['json', 'junit', 'csv', 'asff']);
});
