import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ComparedReport, Report } from '../../src/findings/index.js';
import { runCli, WEB_SHOP } from './run-cli.js';

let folder: string;
let report: Report;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trespass-cli-'));
  report = JSON.parse((await runCli(['analyze', WEB_SHOP, '--format', 'json'])).out) as Report;
});
afterAll(() => rmSync(folder, { recursive: true }));

const color = async (io: object, ...flags: string[]): Promise<boolean> =>
  (await runCli(['analyze', WEB_SHOP, ...flags], io)).out.includes('\u001B[');

describe('analyze', () => {
  it('prints the JSON document and nothing else, the same bytes each time', async () => {
    const { code, out, err } = await runCli(['analyze', WEB_SHOP, '--format', 'json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toEqual(report);
    expect(report.paths.length).toBeGreaterThan(0);
  });

  it('fails from the named severity on', async () => {
    const worst = report.paths[0]?.severity ?? 'low';
    const failed = await runCli(['analyze', WEB_SHOP, '--fail-on', worst]);
    expect(failed.code).toBe(1);
    expect(failed.err).toBe(`trespass: path ${report.paths[0]?.id} is critical, so this fails\n`);
    expect((await runCli(['analyze', WEB_SHOP, '--fail-on', 'high', '--quiet'])).err).toBe(
      'trespass: 6 paths are high or worse, so this fails\n',
    );
    expect(await runCli(['analyze', WEB_SHOP])).toMatchObject({ code: 0, err: '' });
  });

  it('writes a file that its owner alone may read', async () => {
    const file = join(folder, 'report.json');
    const { code, out } = await runCli(['analyze', WEB_SHOP, '--format', 'json', '--output', file]);
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(report);
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  it('draws in colours on a terminal alone, and never over NO_COLOR', async () => {
    expect(await color({ outIsTerminal: true })).toBe(true);
    expect(await color({})).toBe(false);
    expect(await color({ outIsTerminal: true, env: { NO_COLOR: '1' } })).toBe(false);
    expect(await color({ outIsTerminal: true }, '--no-color')).toBe(false);
  });
});

describe('explain', () => {
  it('shows each step of a path with its evidence, by the beginning of its id', async () => {
    const path = report.paths[0] as Report['paths'][number];
    const { code, out } = await runCli(['explain', WEB_SHOP, path.id.slice(0, 10)]);
    expect(code).toBe(0);
    for (const step of path.steps) expect(out).toContain(step.technique);
    expect(out).toContain('DescribeSecurityGroups.json');
    const json = await runCli(['explain', WEB_SHOP, path.id, '--format', 'json']);
    expect(JSON.parse(json.out)).toEqual(path);
  });

  it('says that there is no such path', async () => {
    const { code, err } = await runCli(['explain', WEB_SHOP, 'p-none']);
    expect(code).toBe(2);
    expect(err).toContain('there is no path p-none');
  });
});

const write = (name: string, content: object): string => {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(content));
  return file;
};

const check = async (
  file: string,
  ...flags: string[]
): Promise<{ code: number | null; comparison: ComparedReport['comparison'] }> => {
  const { code, out } = await runCli(['check', WEB_SHOP, '--baseline', file, '--format', 'json', ...flags]);
  return { code, comparison: (JSON.parse(out) as ComparedReport).comparison };
};

describe('baseline and check', () => {
  let file: string;
  let baseline: { paths: Record<string, unknown>[] };

  beforeAll(async () => {
    file = join(folder, 'baseline.json');
    expect((await runCli(['baseline', WEB_SHOP, '--out', file])).code).toBe(0);
    baseline = JSON.parse(readFileSync(file, 'utf8')) as typeof baseline;
  });

  it('says which paths are no longer in it, where they could not be looked for, when it is written again', async () => {
    const again = join(folder, 'again.json');
    const LOST = /(\d+) paths that it held could not be looked for, and are no longer in it: p-/;
    const blind = join(folder, 'blind');
    cpSync(WEB_SHOP, blind, { recursive: true });
    rmSync(join(blind, '111122223333', 'us-east-1', 'ec2', 'DescribeInstances.json'));
    expect((await runCli(['baseline', WEB_SHOP, '--out', again])).err).not.toMatch(LOST);
    expect((await runCli(['baseline', WEB_SHOP, '--out', again])).err).not.toMatch(LOST);
    const { err } = await runCli(['baseline', blind, '--out', again]);
    const kept = JSON.parse(readFileSync(again, 'utf8')) as typeof baseline;
    const ids = new Set(kept.paths.map(({ id }) => id));
    const lost = baseline.paths.filter(({ id }) => !ids.has(id));
    expect(lost.length).toBeGreaterThan(0);
    expect(LOST.exec(err)?.[1]).toBe(String(lost.length));
    for (const { id } of lost) expect(err).toContain(id);
  });

  it('accepts what the baseline holds', async () => {
    const { code, comparison } = await check(file);
    expect(code).toBe(0);
    expect(comparison.counts.unchanged).toBe(report.paths.length);
  });

  it('writes further formats of the same result beside it', async () => {
    const [sarif, summary] = ['also.sarif', 'also.md'].map((name) => join(folder, name)) as [string, string];
    const flags = ['--also', `sarif=${sarif}`, '--also', `markdown=${summary}`];
    expect((await check(file, ...flags)).code).toBe(0);
    expect(JSON.parse(readFileSync(sarif, 'utf8'))).toMatchObject({ version: '2.1.0' });
    expect(readFileSync(summary, 'utf8')).toContain('trespass: no new attack path');
  });

  it.each(['sarif', 'sarif=', 'picture=x.png', '=x'])('refuses --also %s before anything is done', async (also) => {
    const { code, out, err } = await runCli(['check', WEB_SHOP, '--baseline', file, '--also', also]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('FORMAT=FILE');
  });

  it('fails on a path that it does not hold', async () => {
    const { code, comparison } = await check(write('less.json', { ...baseline, paths: baseline.paths.slice(1) }));
    expect(code).toBe(1);
    expect(comparison.counts.new).toBe(1);
  });

  it('fails when an acceptance has ended, and keeps what a person wrote when it is written anew', async () => {
    const [first, ...rest] = baseline.paths;
    const note = { reason: 'a migration', owner: 'data team', expires: '2026-05-31' };
    const expired = write('expired.json', { ...baseline, paths: [{ ...first, ...note }, ...rest] });
    expect(await check(expired)).toMatchObject({ code: 1, comparison: { counts: { expired: 1, new: 0 } } });
    await runCli(['baseline', WEB_SHOP, '--out', expired]);
    expect((JSON.parse(readFileSync(expired, 'utf8')) as typeof baseline).paths[0]).toMatchObject(note);
    const today = write('today.json', { ...baseline, paths: [{ ...first, ...note, expires: '2026-06-01' }, ...rest] });
    expect((await check(today)).code).toBe(0);
  });

  it('reports an acceptance whose path is gone', async () => {
    const gone = { ...baseline.paths[0], id: 'p-gone', reason: 'was there' };
    const { code, comparison } = await check(write('more.json', { ...baseline, paths: [...baseline.paths, gone] }));
    expect(code).toBe(0);
    expect(comparison.missing).toMatchObject([{ id: 'p-gone', state: 'absent', reason: 'was there' }]);
  });

  it('needs something to compare with', async () => {
    expect((await runCli(['check', WEB_SHOP])).code).toBe(2);
    const { code, err } = await runCli(['check', WEB_SHOP, '--baseline', join(folder, 'none.json')]);
    expect(code).toBe(3);
    expect(err).toContain('there is no such file');
  });

  it('compares two snapshots without a baseline file', async () => {
    expect((await runCli(['check', WEB_SHOP, '--reference', WEB_SHOP])).code).toBe(0);
  });
});

const json = async (...args: string[]): Promise<Record<string, unknown>> => {
  const { code, out, err } = await runCli([...args, '--format', 'json']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out) as Record<string, unknown>;
};

describe('single questions', () => {
  it('answers reach, can, blast-radius, who-can-reach and connection by short names', async () => {
    const web = report.paths.find((path) => path.entry.name === 'web')?.entry.id ?? '';
    expect(
      await json('reach', WEB_SHOP, '--from', 'internet', '--to', web.split('/')[1] ?? '', '--port', 'tcp/443'),
    ).toMatchObject({
      to: web,
      verdict: 'yes',
    });
    // A security group has that name too, and is no end of a connection.
    expect(await json('reach', WEB_SHOP, '--from', 'web', '--to', 'orders')).toMatchObject({
      from: web,
      verdict: 'yes',
    });
    expect(await json('can', WEB_SHOP, 'shop-web', 'rds:ModifyDBInstance', 'orders')).toMatchObject({
      principal: 'arn:aws:iam::111122223333:role/shop-web',
      resource: 'arn:aws:rds:us-east-1:111122223333:db:orders',
      verdict: 'allowed',
    });
    expect(await json('blast-radius', WEB_SHOP, 'shop-web')).toMatchObject({
      from: ['arn:aws:iam::111122223333:role/shop-web'],
    });
    expect(await json('who-can-reach', WEB_SHOP, 'orders')).toMatchObject({
      to: ['arn:aws:rds:us-east-1:111122223333:db:orders'],
    });
    const { chains } = await json('connection', WEB_SHOP, 'shop-web', 'orders');
    expect(Array.isArray(chains)).toBe(true);
  });

  it('answers a batch line by line, and goes on after what cannot be asked', async () => {
    const lines = [
      '{"from":"internet","to":"orders"}',
      'no json',
      '{"from":"internet"}',
      '{"from":"internet","too":"x"}',
      '{"from":"internet","to":"i-none"}',
      '7',
      '',
      '{"from":"internet","to":"orders","__proto__":1}',
    ];
    const { code, out } = await runCli(['reach', WEB_SHOP, '--batch', '-'], {}, lines);
    expect(code).toBe(0);
    const answers = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { verdict?: string; error?: string; question: unknown });
    expect(answers.map(({ verdict, error }) => verdict ?? error)).toEqual([
      expect.stringMatching(/^(no|yes)$/),
      expect.stringContaining('the line is no JSON'),
      'the question has no "to"',
      'the question has an unknown key "too"; it may have from, to, port',
      expect.stringContaining('i-none'),
      'a question is a JSON object',
      expect.stringContaining('unknown key "__proto__"'),
    ]);
    expect(answers[0]?.question).toEqual({ from: 'internet', to: 'orders' });
  });

  it('refuses a batch beside arguments, and too few arguments', async () => {
    expect((await runCli(['reach', WEB_SHOP, '--batch', '-', '--from', 'internet'])).code).toBe(2);
    expect((await runCli(['reach', WEB_SHOP, '--from', 'internet'])).code).toBe(2);
    expect((await runCli(['can', WEB_SHOP, 'shop-web'])).code).toBe(2);
    expect((await runCli(['blast-radius', WEB_SHOP])).code).toBe(2);
  });
});

describe('techniques and permissions', () => {
  it('lists the techniques, shows one, and knows no other', async () => {
    const { out } = await runCli(['techniques']);
    expect(out).toContain('imds-credential-theft');
    expect(out.slice(out.indexOf('Not covered'))).toContain('Lightsail is not collected.');
    expect((await runCli(['techniques', '--format', 'markdown'])).out).toContain('## What is covered and what is not');
    expect((await runCli(['techniques', 'imds-credential-theft'])).out).toContain('The intruder needs');
    expect((await runCli(['techniques', 'none'])).code).toBe(2);
  });

  it('prints a policy that only reads', async () => {
    const policy = JSON.parse((await runCli(['permissions'])).out) as { Statement: { Action: string[] }[] };
    const actions = policy.Statement.flatMap((statement) => statement.Action);
    expect(actions.length).toBeGreaterThan(30);
    for (const action of actions) expect(action).toMatch(/^[a-z0-9-]+:(Get|List|Describe|Search|BatchGet|Lookup|GET$)/);
  });
});
