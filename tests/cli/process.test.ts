import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, spawnCli, WEB_SHOP } from './run-cli.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };

describe('as a process', () => {
  it('ends quietly when its reader has had enough', async () => {
    const bin = join(ROOT, 'src/cli/bin.ts');
    const script = `"${process.execPath}" --import tsx "${bin}" analyze "${WEB_SHOP}" --format json | head -c 100`;
    const { code, out, err } = await collect(spawn('bash', ['-o', 'pipefail', '-c', script], { cwd: ROOT }));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toHaveLength(100);
  });

  it.skipIf(!existsSync('/dev/full'))('says so where its result cannot be written: that is no verdict', async () => {
    const bin = join(ROOT, 'src/cli/bin.ts');
    const run = (to: string) =>
      collect(spawn('bash', ['-c', `"${process.execPath}" --import tsx "${bin}" analyze ${to}`], { cwd: ROOT }));
    const { code, err } = await run(`"${WEB_SHOP}" > /dev/full`);
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringMatching(/^trespass: cannot write the result: ENOSPC.*\n$/),
    });
    expect((await run('/nowhere/at/all 2> /dev/full')).code).toBe(3);
  });

  it('gives the exit code of a mistake, and no stack', async () => {
    const { code, out, err } = await spawnCli(['analyze', '/nowhere/at/all'], { TRESPASS_DEBUG: '1' });
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toMatch(/^trespass: .*nothing there/m);
    expect(err).not.toMatch(/^\s+at /m);
  });
});

const npm = (args: readonly string[], cwd: string): string =>
  execFileSync('npm', [...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

const best = (file: string, args: readonly string[]): number =>
  Math.min(
    ...[1, 2, 3, 4, 5].map(() => {
      const start = performance.now();
      execFileSync(file, [...args]);
      return performance.now() - start;
    }),
  );

describe('the package', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'trespass-pack-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('installs from its tarball and starts at once', { timeout: 600_000 }, () => {
    npm(['pack', '--pack-destination', folder], ROOT);
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
    npm(['init', '-y'], folder);
    npm(['install', '--no-audit', '--no-fund', '--prefer-offline', '--omit=dev', join(folder, tarball)], folder);
    const installed = join(folder, 'node_modules/.bin/trespass');
    expect(execFileSync(installed, ['--version'], { encoding: 'utf8' })).toBe(`${version}\n`);
    expect(execFileSync(installed, ['analyze', WEB_SHOP], { encoding: 'utf8' })).toContain('Attack paths');
    // Starting takes what Node takes and a little more: nothing heavy is loaded for it. A ratio holds on a busy machine too.
    expect(best(installed, ['--version']) / best(process.execPath, ['-e', '0'])).toBeLessThan(2.5);
  });
});
