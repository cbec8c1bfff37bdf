import { describe, expect, it } from 'vitest';
import { renderJson, renderJsonInParts } from '../../src/reporters/json.js';
import type { Reportable } from '../../src/reporters/index.js';
import { reportOf, SAMPLE, samplePath } from './sample-report.js';

const joined = (report: Reportable): string => [...renderJsonInParts(report)].join('');

describe('JSON in parts', () => {
  it('is the same text, whatever stands in the report', () => {
    const odd = {
      absent: undefined,
      nothing: [],
      empty: {},
      'a "key"\u0007': [null, undefined, 'a\u0001\nb', [[]], {}],
      line: '\u2028',
      nested: [[1, [2]]],
    };
    for (const report of [SAMPLE, odd as unknown as Reportable]) {
      expect(joined(report)).toBe(renderJson(report));
      JSON.parse(joined(report));
    }
  });

  it('has no part that grows with the number of paths', () => {
    const text = 'x'.repeat(100_000);
    const paths = Array.from({ length: 50 }, () => samplePath({ factors: [text] }));
    const parts = [...renderJsonInParts(reportOf(paths))];
    expect(parts.length).toBeGreaterThan(3);
    expect(Math.max(...parts.map((part) => part.length))).toBeLessThan(1_500_000);
    expect(parts.join('')).toBe(renderJson(reportOf(paths)));
  });
});
