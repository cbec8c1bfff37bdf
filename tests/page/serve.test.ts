import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../cli/run-cli.js';
import { formatBaseline } from '../../src/findings/index.js';
import { takeBaseline } from '../../src/main/baseline.js';
import { openSnapshotFile } from '../../src/main/open-snapshot.js';
import { launchChromium } from '../../scripts/chromium.js';
import { fixturePath } from './write-report.js';

const BIN = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url));
const GROUPS = '111122223333/us-east-1/ec2/DescribeSecurityGroups.json';

let browser: Browser;
let folder: string;
let snapshot: string;
let program: ChildProcess;
let said = '';
let url: URL;
beforeAll(async () => {
  browser = await launchChromium();
  folder = mkdtempSync(join(tmpdir(), 'trespass-serve-'));
  snapshot = join(folder, 'snapshot');
  cpSync(fixturePath('web-shop'), snapshot, { recursive: true });
  const { analysis } = await openSnapshotFile(snapshot, { toolVersion: '0.0.0' });
  const report = analysis.report();
  const baseline = join(folder, 'baseline.json');
  writeFileSync(
    baseline,
    formatBaseline(takeBaseline({ ...report, paths: report.paths.slice(1) }, { acceptGaps: true })),
  );
  program = spawn(process.execPath, ['--import', 'tsx', BIN, 'serve', snapshot, '--baseline', baseline], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  program.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
  url = new URL(await firstLine(program));
});
afterAll(async () => {
  program?.kill('SIGKILL');
  await browser?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

const firstLine = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (more: string) => {
      text += more;
      if (text.includes('\n')) resolve(text.trim());
    });
    child.on('close', () => reject(new Error(`it ended: ${said}`)));
  });

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const ask = (path: string, host: string = url.host, method = 'GET'): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: url.port, path, method, headers: { Host: host } };
    get(options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (more: string) => (text += more));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
    }).on('error', reject);
  });

describe('trespass serve', () => {
  it('listens on 127.0.0.1 alone, at an address nobody can guess', async () => {
    expect(url.hostname).toBe('127.0.0.1');
    expect(url.pathname).toMatch(/^\/[\w-]{32}\/$/);
    const others = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal)
      .map(({ address }) => address);
    for (const host of [...others, '::1', '127.0.0.2']) {
      const isOpen = await new Promise<boolean>((resolve) => {
        const socket = connect({ host, port: Number(url.port), timeout: 2000 });
        socket
          .on('connect', () => resolve(true))
          .on('error', () => resolve(false))
          .on('timeout', () => resolve(false));
      });
      expect(isOpen, host).toBe(false);
    }
  });

  it('shows the page to who knows the token, and forbids to keep or frame it', async () => {
    const { status, headers, text } = await ask(url.pathname);
    expect(status).toBe(200);
    expect(text).toContain('<title>Attack paths of 111122223333</title>');
    expect(text).toContain("connect-src 'self'");
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it('refuses other tokens, other hosts and other methods', async () => {
    const token = url.pathname.slice(1, -1);
    for (const path of [
      '/',
      '/events',
      `/${token.slice(0, -1)}/`,
      `/${token}x/`,
      `/${'a'.repeat(32)}/`,
      `/${token}/other`,
      `/${token}/../etc/passwd`,
    ]) {
      const { status, text } = await ask(path);
      expect(status, path).toBe(404);
      expect(text).not.toContain('111122223333');
    }
    for (const host of [
      'evil.example',
      `evil.example:${url.port}`,
      '127.0.0.1',
      `127.0.0.1.evil.example:${url.port}`,
    ]) {
      const { status, text } = await ask(url.pathname, host);
      expect(status, host).toBe(421);
      expect(text).not.toContain('111122223333');
    }
    expect((await ask(url.pathname, url.host, 'POST')).status).toBe(405);
  });

  it('loads the page anew when the snapshot changed, and keeps it when it cannot be read', async () => {
    const page = await browser.newPage();
    const errors: string[] = [];
    const hosts = new Set<string>();
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('request', (request) => hosts.add(new URL(request.url()).host));
    await page.goto(url.href);
    expect(await page.locator('h1').textContent()).toContain('6 attack paths');
    expect(await page.locator('section', { hasText: 'Since the baseline' }).first().textContent()).toContain('1 new');
    const file = join(snapshot, GROUPS);
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, before.replaceAll('0.0.0.0/0', '198.51.100.7/32'));
    await page.locator('h1', { hasText: /^[1-5] attack path/ }).waitFor();
    writeFileSync(file, '{');
    await expect.poll(() => said, { timeout: 15_000 }).toContain('cannot be shown');
    expect((await ask(url.pathname)).status).toBe(200);
    writeFileSync(file, before);
    await page.locator('h1', { hasText: '6 attack paths' }).waitFor();
    expect(errors).toEqual([]);
    expect([...hosts]).toEqual([url.host]);
    await page.close();
  });

  it('says so where the port is taken, and ends well when it is told to', async () => {
    const { code, err } = await runCli(['serve', snapshot, '--port', url.port]);
    expect(code).toBe(2);
    expect(err).toContain(`cannot listen on port ${url.port}`);
    expect(err).not.toContain('    at ');
    const ended = new Promise<number | null>((resolve) => program.on('exit', resolve));
    program.kill('SIGINT');
    expect(await ended).toBe(0);
  });
});
