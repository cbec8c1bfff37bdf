import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostsOf } from '../../src/cli/serve/page-server.js';
import { signatureOf, watchFiles } from '../../src/cli/serve/watch-files.js';
import { formatBaseline } from '../../src/findings/index.js';
import { takeBaseline } from '../../src/main/baseline.js';
import { openSnapshotFile } from '../../src/main/open-snapshot.js';
import { fixturePath, openFixture } from './write-report.js';

const BIN = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trespass-changes-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Resolves when the watch tells of a change. */
const changed = (seen: string | undefined): Promise<void> =>
  new Promise((resolve) => {
    const watch = watchFiles(folder, seen, () => {
      watch.stop();
      resolve();
      return Promise.resolve();
    });
  });

describe('the watch over a snapshot', () => {
  it('tells of what was written before it began and after the files were read', async () => {
    writeFileSync(join(folder, 'a.json'), '{}');
    const seen = await signatureOf(folder);
    writeFileSync(join(folder, 'a.json'), '{"more": 1}');
    await changed(seen);
  });

  it('goes on where a link leads nowhere, and tells when it leads somewhere', async () => {
    symlinkSync(join(folder, 'nowhere'), join(folder, 'link.json'));
    writeFileSync(join(folder, 'a.json'), '{}');
    const seen = await signatureOf(folder);
    expect(seen).toBeDefined();
    expect(await signatureOf(folder)).toBe(seen);
    const told = changed(seen);
    writeFileSync(join(folder, 'b.json'), '{}');
    await told;
    renameSync(join(folder, 'b.json'), join(folder, 'nowhere'));
    const found = await signatureOf(folder);
    unlinkSync(join(folder, 'link.json'));
    expect(found).not.toBe(seen);
    expect(await signatureOf(folder)).not.toBe(found);
  });

  it('knows nothing of a folder that is not there', async () => {
    expect(await signatureOf(join(folder, 'none'))).toBeUndefined();
  });
});

describe('the host of a request', () => {
  it('has no port where it is the one of HTTP, which browsers leave out', () => {
    expect([...hostsOf(80)].sort()).toEqual(['127.0.0.1', '127.0.0.1:80', 'localhost', 'localhost:80']);
    expect([...hostsOf(8080)].sort()).toEqual(['127.0.0.1:8080', 'localhost:8080']);
  });
});

describe('trespass serve', () => {
  let program: ChildProcess | undefined;
  afterEach(() => program?.kill('SIGKILL'));

  it('sees what is written while its first report is made', { timeout: 120_000 }, async () => {
    const snapshot = join(folder, 'snapshot');
    cpSync(fixturePath('web-shop'), snapshot, { recursive: true });
    // A pipe in place of the baseline: whoever opens it to write waits until the program reads it, which it does once the snapshot is read.
    const pipe = join(folder, 'baseline.json');
    execFileSync('mkfifo', [pipe]);
    const baseline = formatBaseline(takeBaseline((await openFixture('web-shop')).report(), { acceptGaps: true }));
    program = spawn(process.execPath, ['--import', 'tsx', BIN, 'serve', snapshot, '--baseline', pipe, '--quiet']);
    const first = await open(pipe, 'w');
    writeFileSync(join(snapshot, 'written-meanwhile.json'), '{}');
    await first.writeFile(baseline);
    await first.close();
    // It is read a second time only for a second report.
    const second = await open(pipe, 'w');
    await second.writeFile(baseline);
    await second.close();
    expect(program.exitCode).toBeNull();
  });

  it.each([
    ['leaves a check undecided that depends on what could not be seen', [], 'gaps'],
    ['lets gaps be where it is told to', ['--allow-gaps'], 'passed'],
  ])('%s', { timeout: 120_000 }, async (_, flags, verdict) => {
    const account = '111122223333';
    const gap = { account, region: 'us-east-1', service: 'ec2', operation: 'DescribeInstances', error: 'AccessDenied' };
    const manifest = {
      schemaVersion: 1,
      accounts: [{ id: account, regions: ['us-east-1'] }],
      gaps: [{ ...gap, message: 'not allowed' }],
    };
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
    const { analysis } = await openSnapshotFile(folder, { toolVersion: '0.0.0' });
    const baseline = join(folder, 'baseline.json');
    writeFileSync(baseline, formatBaseline(takeBaseline(analysis.report())));
    const started = spawn(process.execPath, [
      '--import',
      'tsx',
      BIN,
      'serve',
      folder,
      '--baseline',
      baseline,
      ...flags,
    ]);
    program = started;
    const url = await new Promise<string>((resolve) =>
      started.stdout.once('data', (text) => resolve(String(text).trim())),
    );
    expect(await (await fetch(url)).text()).toContain(`"comparison":{"verdict":"${verdict}"`);
  });
});
