import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from 'sarif';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ComparedReport } from '../../src/findings/index.js';
import { type Outcome, runCli, WEB_SHOP } from './run-cli.js';

const CONFIG = `never:
  - from: internet
    to: { name: orders }
  - to: { name: nothing-is-called-so }
only:
  - to: { type: 's3:bucket' }
    from: [{ name: catalog }]
`;

let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trespass-guardrails-'));
  writeFileSync(at('trespass.config.yaml'), CONFIG);
  await runCli(['baseline', WEB_SHOP, '--out', at('baseline.json')]);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Everything that is there is accepted, so that only guardrails can fail. */
const check = (format: string): Promise<Outcome> =>
  runCli([
    'check',
    WEB_SHOP,
    '--baseline',
    at('baseline.json'),
    '--format',
    format,
    '--config',
    at('trespass.config.yaml'),
  ]);
const reportOf = async (): Promise<ComparedReport> => JSON.parse((await check('json')).out) as ComparedReport;
const toOrders = async (): Promise<string> =>
  (await reportOf()).paths.find(({ target }) => target.name === 'orders')?.id ?? 'none';

describe('guardrails of the configuration', () => {
  it('fail a check of accepted paths, each with what it says and what breaks it', async () => {
    const { code, err } = await check('json');
    expect(code).toBe(1);
    const { guardrails, comparison, paths } = await reportOf();
    expect(comparison.counts.new).toBe(0);
    expect(comparison.verdict).toBe('failed');
    const bucketNotOverCatalog = paths.filter(
      ({ target, entry }) => target.type === 's3:bucket' && entry.name !== 'catalog',
    );
    expect(bucketNotOverCatalog).toHaveLength(1);
    expect(guardrails).toEqual([
      {
        kind: 'never',
        text: 'no path may lead from the internet to assets named orders',
        place: 'trespass.config.yaml:2:5',
        paths: [await toOrders()],
      },
      {
        kind: 'never',
        text: 'no path may lead from the internet to assets named nothing-is-called-so',
        place: 'trespass.config.yaml:4:5',
        paths: [],
      },
      {
        kind: 'only',
        text: 'no path may lead to s3:bucket but from assets named catalog',
        place: 'trespass.config.yaml:6:5',
        paths: bucketNotOverCatalog.map(({ id }) => id),
      },
    ]);
    expect(err).toContain(`${at('trespass.config.yaml')}:2:5: the guardrail "never" is broken by ${await toOrders()}`);
  });

  it('pass where they hold, and say that they were judged', async () => {
    writeFileSync(at('held.yaml'), 'never: { to: { name: nothing-is-called-so } }\n');
    const args = ['check', WEB_SHOP, '--baseline', at('baseline.json'), '--config', at('held.yaml')];
    const { code, out } = await runCli(args);
    expect(code).toBe(0);
    expect(out).toContain('Guardrails: 1 guardrail held');
    const { out: markdown } = await runCli([...args, '--format', 'markdown']);
    expect(markdown).toContain('## trespass: no new attack path');
    expect(markdown).toContain('- guardrail `held.yaml:1:8`: no path may lead from the internet');
    expect(markdown).toMatch(/named nothing-is-called-so\S* holds$/m);
  });

  it('are not judged where there are none', async () => {
    const { out } = await runCli(['analyze', WEB_SHOP, '--format', 'json']);
    expect(JSON.parse(out)).not.toHaveProperty('guardrails');
  });

  it('stand first on the terminal, with the paths that break them', async () => {
    const { out } = await check('table');
    expect(out).toContain('Check failed: 0 new');
    expect(out).toContain('Guardrails broken: 2 of 3');
    expect(out).toContain(
      `trespass.config.yaml:2:5: no path may lead from the internet to assets named orders: broken by`,
    );
    expect(out).toContain('breaks the guardrail at trespass.config.yaml:2:5');
  });

  it('head the Markdown, and each path that breaks one is drawn', async () => {
    const { out } = await check('markdown');
    const [title = ''] = out.split('\n');
    expect(title).toBe('## trespass: 2 guardrails broken');
    expect(out).toContain(
      'guardrail `trespass.config.yaml:2:5`: no path may lead from the internet to assets named orders',
    );
    expect(out).toContain('breaks the guardrail `trespass.config.yaml:2:5`');
    expect(out.match(/```mermaid/g)).toHaveLength(2);
  });

  it('make a result of SARIF an error that says so, accepted as it is', async () => {
    const log = JSON.parse((await check('sarif')).out) as Log;
    const [run] = log.runs;
    const breaking = run?.results?.filter(({ message }) => message.text?.includes('It breaks the guardrail'));
    expect(breaking?.map(({ level, baselineState }) => [level, baselineState])).toEqual([
      ['error', 'unchanged'],
      ['error', 'unchanged'],
    ]);
    const said = run?.invocations?.[0]?.toolExecutionNotifications?.filter(({ level }) => level === 'error');
    expect(said?.map(({ message }) => message.text)).toEqual([
      expect.stringContaining(
        'guardrail trespass.config.yaml:2:5: no path may lead from the internet to assets named orders',
      ),
      expect.stringContaining('guardrail trespass.config.yaml:6:5'),
    ]);
  });

  it('are tests of JUnit, those that hold among them', async () => {
    const { out } = await check('junit');
    expect(out.match(/<testcase classname="trespass" name="guardrail never /g)).toHaveLength(2);
    expect(out.match(/<failure /g)).toHaveLength(2);
    expect(out).toContain('failures="2"');
  });

  it('keep a finding of Security Hub open, and stand in the table for spreadsheets', async () => {
    const id = await toOrders();
    const { Findings } = JSON.parse((await check('asff')).out) as {
      Findings: { Id: string; Workflow: { Status: string }; ProductFields: Record<string, string> }[];
    };
    const finding = Findings.find(({ Id }) => Id === `trespass/${id}`);
    expect(finding?.Workflow.Status).toBe('NEW');
    expect(finding?.ProductFields['trespass/Guardrails']).toBe('trespass.config.yaml:2:5');
    expect(Findings.filter(({ Workflow }) => Workflow.Status === 'SUPPRESSED').length).toBeGreaterThan(0);
    const row = (await check('csv')).out.split('\r\n').find((line) => line.startsWith(id));
    expect(row).toMatch(/,trespass\.config\.yaml:2:5: no path may lead from the internet to assets named orders$/);
  });
});
