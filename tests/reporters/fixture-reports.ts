import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Report } from '../../src/findings/index.js';
import { openSnapshotFile } from '../../src/main/open-snapshot.js';

const FIXTURES = new URL('../../fixtures/', import.meta.url);

/** The miniature accounts, by the names of their folders. */
export const FIXTURE_NAMES: readonly string[] = readdirSync(FIXTURES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

/** The report of a miniature account. */
export async function reportOfFixture(name: string): Promise<Report> {
  const path = fileURLToPath(new URL(name, FIXTURES));
  return (await openSnapshotFile(path, { toolVersion: '0.0.0' })).analysis.report();
}
