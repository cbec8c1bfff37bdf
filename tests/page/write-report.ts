import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { openSnapshotFile } from '../../src/main/open-snapshot.js';
import { runCli } from '../cli/run-cli.js';

const FOLDER = new URL('../../fixtures/', import.meta.url);

export const FIXTURES = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

export const fixturePath = (name: string): string => fileURLToPath(new URL(name, FOLDER));

/** Writes the report of a snapshot as `trespass analyze` does, and gives its file. */
export async function writeReport(snapshot: string, folder: string, ...flags: readonly string[]): Promise<string> {
  const file = join(folder, 'report.html');
  const { code, err } = await runCli(['analyze', snapshot, '--format', 'html', '--output', file, ...flags]);
  expect(err).toBe('');
  expect(code).toBe(0);
  return file;
}

export const openFixture = async (name: string) =>
  (await openSnapshotFile(fixturePath(name), { toolVersion: '0.0.0' })).analysis;
