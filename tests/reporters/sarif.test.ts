import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { gzipSync } from 'node:zlib';
import type { Log, ReportingDescriptor, Result } from 'sarif';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ComparedReport, ReportPath } from '../../src/findings/index.js';
import { FIXTURE_NAMES, reportOfFixture } from './fixture-reports.js';
import { renderWith } from './render.js';
import { hostileReport, reportOf, samplePath, SAMPLE, step } from './sample-report.js';

/**
 * The schema of SARIF 2.1.0-rtm.5 as OASIS published it and `@microsoft/jest-sarif` carries it. It says draft-04, of which it uses nothing that draft-07 reads
 * otherwise but the name of `id`.
 */
function loadSchema(): object {
  const url = new URL('schemas/sarif-2.1.0-rtm.5.json', import.meta.url);
  const { $schema: _draft, id, ...schema } = JSON.parse(readFileSync(url, 'utf8')) as Record<string, unknown>;
  return { ...schema, $id: id };
}

let validate: ReturnType<Ajv['compile']>;

beforeAll(() => {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, unicodeRegExp: false });
  validate = ajv.compile(loadSchema());
});

const run = async (report: Parameters<typeof renderWith>[1]): Promise<Log['runs'][number]> => {
  const log = JSON.parse(await renderWith('sarif', report)) as Log;
  void validate(log);
  expect(validate.errors ?? []).toEqual([]);
  return log.runs[0] as Log['runs'][number];
};

/** @see https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support */
function expectWithinLimits(results: readonly Result[], rules: readonly ReportingDescriptor[]): void {
  expect(rules.length).toBeLessThanOrEqual(25_000);
  for (const rule of rules) {
    expect(rule.properties?.tags?.length ?? 0).toBeLessThanOrEqual(10);
    expect(rule.name?.length ?? 0).toBeLessThanOrEqual(255);
    expect(rule.shortDescription?.text.length ?? 0).toBeLessThanOrEqual(1024);
    expect(rule.fullDescription?.text.length ?? 0).toBeLessThanOrEqual(1024);
    expect(rule.help?.text).not.toBe('');
  }
  for (const result of results) {
    expect(result.locations?.length).toBe(1);
    expect(result.codeFlows?.[0]?.threadFlows[0]?.locations.length ?? 0).toBeLessThanOrEqual(1000);
  }
}

describe('sarif', () => {
  it('tells a broken file from a good one', () => {
    expect(validate({ version: '2.1.0', runs: [{ tool: { driver: {} } }] })).toBe(false);
  });

  it('is valid for no paths, some paths and hostile names', async () => {
    expect((await run(reportOf([]))).results).toEqual([]);
    expect((await run(SAMPLE)).results).toHaveLength(1);
    expect((await run(hostileReport())).results).toHaveLength(1);
  });

  it('shows a path as a code flow under the rule of its last technique', async () => {
    const { results, tool } = await run(SAMPLE);
    const [result] = results ?? [];
    expect(result).toMatchObject({
      ruleId: 'rds-master-password',
      level: 'error',
      rank: 97,
      partialFingerprints: { 'trespassPathId/v1': 'p-0000000000000001' },
    });
    expect(result?.codeFlows?.[0]?.threadFlows[0]?.locations).toHaveLength(3);
    const rule = tool.driver.rules?.[result?.ruleIndex ?? -1];
    expect(rule?.id).toBe('rds-master-password');
    expect(rule?.help?.text).toContain('Look for');
    expect(rule?.properties?.['security-severity']).toBe('9.5');
  });

  it('says what is new, and does not claim success over gaps', async () => {
    const report = reportOf([samplePath({}), samplePath({ id: 'p-2', score: 50, severity: 'medium' })]);
    const compared: ComparedReport = {
      ...report,
      comparison: {
        verdict: 'gaps',
        paths: [
          { id: 'p-0000000000000001', state: 'unchanged', because: [] },
          { id: 'p-2', state: 'newly-seen', because: [] },
        ],
        missing: [],
        gaps: ['a gap'],
        allowGaps: false,
        counts: { new: 0, expired: 0, 'newly-seen': 1, unchanged: 1, absent: 0, unverified: 0 },
      },
    };
    const { results, invocations } = await run(compared);
    expect(results?.map((result) => result.baselineState)).toEqual(['unchanged', 'new']);
    expect(invocations?.[0]?.executionSuccessful).toBe(false);
  });

  it('says why a path is new, and what somebody said who accepted one', async () => {
    const report = reportOf([samplePath({}), samplePath({ id: 'p-2' }), samplePath({ id: 'p-3' })]);
    const accepted = { reason: 'a honeypot', owner: 'ann', expires: '2030-12-31' };
    const compared: ComparedReport = {
      ...report,
      comparison: {
        verdict: 'failed',
        paths: [
          { id: 'p-0000000000000001', state: 'new', because: ['step 3 rests on statement Fresh'] },
          { id: 'p-2', state: 'unchanged', because: [], ...accepted },
          { id: 'p-3', state: 'unchanged', because: [] },
        ],
        missing: [],
        gaps: [],
        allowGaps: false,
        counts: { new: 1, expired: 0, 'newly-seen': 0, unchanged: 2, absent: 0, unverified: 0 },
      },
    };
    const of = async (one: ComparedReport, id: string) =>
      (await run(one)).results?.find((result) => result.partialFingerprints?.['trespassPathId/v1'] === id);
    expect((await of(compared, 'p-0000000000000001'))?.message.text).toContain('Why: step 3 rests on statement Fresh.');
    expect((await of(compared, 'p-2'))?.suppressions).toEqual([
      { kind: 'external', status: 'accepted', justification: 'a honeypot, accepted by ann, until 2030-12-31' },
    ]);
    expect(await of(compared, 'p-3')).not.toHaveProperty('suppressions');
    const paths = compared.comparison.paths.map((path) => ({ ...path, state: 'expired' as const }));
    const ended = { ...compared, comparison: { ...compared.comparison, paths } };
    expect(await of(ended, 'p-2')).not.toHaveProperty('suppressions');
    const guardrails = [{ kind: 'never' as const, text: 'no path', place: 'c.yaml:1:1', paths: ['p-2'] }];
    expect(await of({ ...compared, guardrails }, 'p-2')).not.toHaveProperty('suppressions');
  });

  it.each(FIXTURE_NAMES)('is valid for %s, and says of every path the same as the report', async (fixture) => {
    const report = await reportOfFixture(fixture);
    const { results = [], tool } = await run(report);
    expect(results.map((result) => result.partialFingerprints?.['trespassPathId/v1'])).toEqual(
      report.paths.map(({ id }) => id),
    );
    for (const [at, result] of results.entries()) {
      const places = result.codeFlows?.[0]?.threadFlows[0]?.locations ?? [];
      expect(places.map(({ kinds }) => kinds?.[0])).toEqual(report.paths[at]?.steps.map(({ technique }) => technique));
      expect(tool.driver.rules?.[result.ruleIndex ?? -1]?.id).toBe(result.ruleId);
    }
    expectWithinLimits(results, tool.driver.rules ?? []);
  });

  it('stays under the size that code scanning takes, whatever the texts', async () => {
    // Letters that do not compress.
    let seed = 0;
    const noise = (): string => Array.from({ length: 24 }, () => hash('sha512', String(seed++), 'base64')).join('');
    const paths = Array.from({ length: 5000 }, (_, at) =>
      samplePath({ id: `p-${at}`, steps: [step({ text: noise(), evidence: [] }), step({ text: noise() })] }),
    );
    const text = await renderWith('sarif', reportOf(paths));
    const { results, invocations } = (JSON.parse(text) as Log).runs[0] as Log['runs'][number];
    expect(gzipSync(text).length).toBeLessThan(10_000_000);
    expect(results?.length).toBeLessThan(5000);
    expect(results?.length).toBeGreaterThan(2000);
    const told = invocations?.[0]?.toolExecutionNotifications?.map(({ message }) => message.text) ?? [];
    expect(told).toContain(
      `${(5000 - (results?.length ?? 0)).toLocaleString('en-US')} more paths not listed: see the JSON report`,
    );
  });

  it('stays under it with five thousand paths of a real account, without leaving one out', async () => {
    const real = await reportOfFixture('market-hall');
    const paths = Array.from({ length: 5000 }, (_, at) => {
      const path = real.paths[at % real.paths.length] as ReportPath;
      return { ...path, id: `p-${at}` };
    });
    const text = await renderWith('sarif', { ...real, paths });
    expect(gzipSync(text).length).toBeLessThan(10_000_000);
    const { results = [], tool } = (JSON.parse(text) as Log).runs[0] as Log['runs'][number];
    expect(results).toHaveLength(5000);
    expectWithinLimits(results, tool.driver.rules ?? []);
  });

  it('stays under the number of results that code scanning takes, and counts the rest', async () => {
    const paths = Array.from({ length: 5003 }, (_, at) => samplePath({ id: `p-${at}`, score: 90 }));
    const { results, invocations } = await run(reportOf(paths));
    expect(results).toHaveLength(5000);
    const told = invocations?.[0]?.toolExecutionNotifications?.map(({ message }) => message.text) ?? [];
    expect(told).toContain('3 more paths not listed: see the JSON report');
  });
});
