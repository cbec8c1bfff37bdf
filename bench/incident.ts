import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { count, measureApart, medianOf } from './analyze.js';
import { writeEstate } from './estate.js';
import type { Measure, Measured } from './measure.js';
import { bundleMeasure } from './program.js';
import { megabytes, milliseconds, printTable, ratio } from './table.js';

const ASKED: readonly Measure[] = ['parse', 'incident', 'incident-prepared'];

/**
 * Asks what an intruder on a host of generated accounts can reach, with and without what was worked out beforehand, beside `JSON.parse` of the same files:
 * medians of `runs` runs in turns, each in a process of its own.
 */
export async function benchIncident(sizes: readonly number[], runs: number): Promise<void> {
  const measure = await bundleMeasure();
  const rows: string[][] = [];
  for (const size of sizes) {
    const parent = mkdtempSync(join(tmpdir(), 'trespass-bench-'));
    const folder = join(parent, 'snapshot');
    try {
      writeEstate(folder, size);
      const [prepared] = await measureApart('prepare', folder, measure);
      const measured = new Map<Measure, Measured[]>(ASKED.map((what) => [what, []]));
      for (let run = 0; run < runs; run++)
        for (const what of ASKED) measured.get(what)?.push(...(await measureApart(what, folder, measure)));
      const [floor = 0, plain = 0, sooner = 0] = ASKED.map((what) => medianOf(measured.get(what) ?? [], (m) => m.wall));
      rows.push([
        count(size),
        count(measured.get('incident')?.[0]?.counts['reached'] ?? 0),
        ...[floor, plain, sooner].map(milliseconds),
        ratio(plain, floor),
        ratio(sooner, floor),
        milliseconds(prepared?.wall ?? 0),
        megabytes(prepared?.counts['bytes'] ?? 0),
      ]);
    } finally {
      rmSync(parent, { recursive: true, force: true });
    }
  }
  printTable(
    `What an intruder on a host can reach (medians of ${runs})`,
    [
      'instances',
      'reached',
      'JSON.parse ms',
      'ms',
      'prepared ms',
      'ratio',
      'prepared ratio',
      'preparing ms',
      'prepared MB',
    ],
    rows,
  );
}
