import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ComparedReport } from '../../src/findings/index.js';
import { type Miniature, miniature, roleArn } from '../techniques/miniature.js';
import { runCli } from './run-cli.js';

let folder: string;

/** A host that the internet enters, whose role becomes any of several readers of a bucket. */
const readers = ['one', 'two', 'three', 'four', 'five', 'six'];
const world: Miniature = {
  roles: {
    web: { profile: true, says: readers.map((name) => `sts:AssumeRole on ${roleArn(name)}`) },
    ...Object.fromEntries(readers.map((name) => [name, { trust: 'role/web', says: ['s3:GetObject'] }])),
  },
  instances: { 'i-web': { role: 'web', open: true } },
  answers: { 'global/s3/ListBuckets': { Buckets: [{ Name: 'ledger' }] }, 's3/GetBucketLocation': { ledger: {} } },
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trespass-pairs-'));
  for (const { source, body } of miniature(world).everyAnswer) {
    const path = join(folder, source);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(body));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a reference is asked for as many paths as the snapshot that is checked: none of them is new in itself', async () => {
  const args = ['check', folder, '--reference', folder, '--allow-gaps', '--format', 'json'];
  const { code, out } = await runCli([...args, '--paths-per-pair', String(readers.length)]);
  const { comparison } = JSON.parse(out) as ComparedReport;
  expect(comparison.paths.map(({ state }) => state)).toEqual(readers.map(() => 'unchanged'));
  expect(code).toBe(0);
});
