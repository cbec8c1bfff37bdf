import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli, WEB_SHOP } from './run-cli.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trespass-bad-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A snapshot of files by path. */
function snapshotOf(name: string, files: Readonly<Record<string, string>>): string {
  const root = join(folder, name);
  mkdirSync(root, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

const INSTANCES = '111122223333/us-east-1/ec2/DescribeInstances.json';

describe('the command line', () => {
  it.each([
    [['--nosuch']],
    [['nosuch']],
    [['analyze']],
    [['analyze', WEB_SHOP, '--nosuch']],
    [['analyze', WEB_SHOP, '--format', 'pdf']],
    [['analyze', WEB_SHOP, '--fail-on', 'awful']],
    [['analyze', WEB_SHOP, '--paths-per-pair', '0']],
    [['analyze', WEB_SHOP, 'surplus']],
    [['can', WEB_SHOP, 'shop-web', 's3:GetObject', '--context', 'no-equals-sign']],
    [[]],
  ])('%j is wrong: 2', async (args) => {
    const { code, out, err } = await runCli(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).not.toMatch(/^\s+at /m);
    expect(err.length).toBeGreaterThan(10);
  });

  it.each([
    [['analyze', WEB_SHOP, '--output', ''], '--output'],
    [['check', WEB_SHOP, '--baseline', ''], '--baseline'],
    [['analyze', WEB_SHOP, '--vulnerabilities', 'x', '--vulnerabilities', ''], '--vulnerabilities'],
    [['collect', '--profile', ''], '--profile'],
  ])('%j is that of a variable that was not set', async (args, flag) => {
    expect(await runCli(args)).toEqual({ code: 2, out: '', err: `trespass: ${flag} is empty\n` });
  });

  it.each([[['--help']], [['--version']], [['help', 'check']]])('%j is fine: 0', async (args) => {
    expect((await runCli(args)).code).toBe(0);
  });
});

const expectUnreadable = async (path: string, ...words: (string | RegExp)[]): Promise<void> => {
  const { code, out, err } = await runCli(['analyze', path]);
  expect({ code, out }).toEqual({ code: 3, out: '' });
  for (const word of words) expect(err).toMatch(word);
  expect(err).not.toMatch(/^\s+at /m);
};

describe('a snapshot that cannot be read', () => {
  it('is not there', () => expectUnreadable(join(folder, 'none'), /nothing there/));
  it('is an empty folder', () => expectUnreadable(snapshotOf('empty', {}), /not a snapshot/));
  it('is some other folder', () => expectUnreadable(snapshotOf('other', { 'notes.txt': 'x' }), /not a snapshot/));
  it('is some other file', async () => {
    snapshotOf('file', { 'a.txt': 'x' });
    await expectUnreadable(join(folder, 'file', 'a.txt'), /no snapshot/);
  });
  it('is torn, which is told with file and line', () =>
    expectUnreadable(
      snapshotOf('torn', { [INSTANCES]: '{\n  "Reservations": [\n    {"Inst' }),
      /DescribeInstances\.json/,
      /3/,
    ));
  it('is of another version', () =>
    expectUnreadable(snapshotOf('version', { 'manifest.json': '{"schemaVersion": 99}' }), /schemaVersion 99/));
});

const instance = (id: string): object => ({
  InstanceId: id,
  State: { Name: 'running' },
  Tags: [{ Key: 'Name', Value: '\u001B[2Jgone\u202E' }],
});

describe('files that an editor of Windows wrote', () => {
  it('are read without their byte order mark', async () => {
    const marked = (name: string, content: string): string =>
      join(snapshotOf('marked', { [name]: `\uFEFF${content}` }), name);
    const { out: accepted } = await runCli(['baseline', WEB_SHOP]);
    const check = await runCli(['check', WEB_SHOP, '--baseline', marked('baseline.json', accepted)]);
    expect(check.code, check.err).toBe(0);
    const question = '{"principal": "shop-web", "action": "s3:GetObject"}';
    for (const file of [marked('questions', question), '-']) {
      const { out } = await runCli(['can', WEB_SHOP, '--batch', file], {}, [`\uFEFF${question}`]);
      expect(JSON.parse(out)).toMatchObject({ question: { principal: 'shop-web' }, verdict: 'implicit-deny' });
    }
  });
});

it('an asset that is named twice, in two ways, is one', async () => {
  const { out } = await runCli(['blast-radius', WEB_SHOP, 'web', 'i-0b0f7307b0f4a81c0', '--format', 'json']);
  expect(JSON.parse(out)).toMatchObject({ from: ['arn:aws:ec2:us-east-1:111122223333:instance/i-0b0f7307b0f4a81c0'] });
  const both = await runCli(['who-can-reach', WEB_SHOP, 'web', 'orders', '--format', 'json']);
  expect((JSON.parse(both.out) as { to: string[] }).to).toHaveLength(2);
});

it('a batch that is not there is an input that cannot be read', async () => {
  const { code, err } = await runCli(['reach', WEB_SHOP, '--batch', join(folder, 'none')]);
  expect({ code, err }).toEqual({
    code: 3,
    err: `trespass: cannot read ${join(folder, 'none')}: there is no such file\n`,
  });
});

describe('odd data in a snapshot', () => {
  it('says so where it is of no account', async () => {
    const { out } = await runCli(['analyze', snapshotOf('nobody', { 'manifest.json': '{"schemaVersion": 1}' })]);
    expect(out).toContain('no account, 0 regions: 1 asset');
  });

  it('nested ever so deeply ends in a message or a report, never in a stack', async () => {
    const deep = `${'{"a":['.repeat(200_000)}${']}'.repeat(200_000)}`;
    const { code, err } = await runCli(['analyze', snapshotOf('deep', { [INSTANCES]: deep }), '--format', 'json']);
    expect([0, 3]).toContain(code);
    expect(err).not.toMatch(/^\s+at /m);
  });

  it.each([
    'null',
    '[]',
    '7',
    '"text"',
    '{}',
    '{"Reservations": 7}',
    '{"Reservations": [null, 7, {"Instances": [{"InstanceId": 7}]}]}',
  ])('%s instead of instances is no crash', async (content) => {
    const { code } = await runCli([
      'analyze',
      snapshotOf(`odd-${content.length}`, { [INSTANCES]: content }),
      '--format',
      'json',
    ]);
    expect([0, 3]).toContain(code);
  });

  it('with ids such as __proto__ and names that steer a terminal is told without either', async () => {
    const body = { Reservations: [{ Instances: ['__proto__', 'constructor', 'toString'].map(instance) }] };
    const path = snapshotOf('proto', { [INSTANCES]: JSON.stringify(body) });
    const { code, out } = await runCli(['analyze', path, '--format', 'json']);
    expect(code).toBe(0);
    const { summary } = JSON.parse(out) as { summary: { assets: number } };
    expect(summary.assets).toBeGreaterThanOrEqual(3);
    const text = await runCli(['blast-radius', path, '__proto__']);
    expect(text.code).toBe(0);
    expect(/(?!\n)[\p{Cc}\p{Cf}]/u.test(text.out)).toBe(false);
  });
});

describe('a configuration', () => {
  it.each([
    ['failOn: awful', ':1:9: "awful" is none of critical'],
    ['baseline: [', ':1:'],
    ['nosuch: 1', ':1:1: unknown key "nosuch"'],
    ['sensitivity:\n  - severity: high', ':2:5: a rule of sensitivity needs a target'],
    ['classification: {tag: [data]}', ':1:18: unknown key "tag"; classification has tags'],
    ['classification:\n  names: customers', ':2:10: names should be a list'],
    ['never:\n  - from: internet\n    to: {tags: {a: b}}', ':3:10: unknown key "tags"'],
    ['- a', ':1:1: the configuration should be a mapping'],
    ['a: &a [*a, *a]\nb: *c', ':'],
  ])('%j is wrong, and told with its place', async (content, message) => {
    const file = join(folder, 'trespass.config.yaml');
    writeFileSync(file, content);
    const { code, err } = await runCli(['analyze', WEB_SHOP, '--config', file]);
    expect(code).toBe(2);
    expect(err).toContain(`${file}${message}`);
  });

  it('says which tags and names classify data', async () => {
    const file = join(folder, 'classes.yaml');
    writeFileSync(file, 'classification: {tags: [Team], sensitive: [payments], harmless: [], names: [orders]}\n');
    const factorsOf = async (args: readonly string[]) => {
      const { out } = await runCli(['analyze', WEB_SHOP, '--format', 'json', ...args]);
      const { paths } = JSON.parse(out) as { paths: { factors: string[]; target: { name?: string } }[] };
      return paths.filter(({ target }) => target.name === 'orders').flatMap(({ factors }) => factors);
    };
    expect(await factorsOf([])).not.toContain('+5: its name says orders');
    expect(await factorsOf(['--config', file])).toContain('+5: its name says orders');
  });

  it('rates targets and breaks guardrails', async () => {
    const file = join(folder, 'good.yaml');
    writeFileSync(
      file,
      'sensitivity:\n  - {target: {type: "s3:bucket"}, severity: low}\nnever:\n  - {from: internet, to: {name: orders}}\n',
    );
    const { code, out, err } = await runCli(['analyze', WEB_SHOP, '--format', 'json', '--config', file]);
    expect(code).toBe(1);
    expect(err).toContain('the guardrail "never" is broken by p-');
    const { paths } = JSON.parse(out) as { paths: { severity: string; target: { type: string } }[] };
    const buckets = paths.filter(({ target }) => target.type === 's3:bucket');
    expect(buckets.length).toBeGreaterThan(0);
    expect(new Set(buckets.map(({ severity }) => severity))).toEqual(new Set(['low']));
  });
});
