import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeEstate } from './estate.js';
import type { Measured } from './measure.js';
import { megabytes, milliseconds, printTable, ratio } from './table.js';

/** Measures in a process of its own, so that memory and garbage of one size do not weigh on the next. */
function measureApart(what: 'parse' | 'analyze', folder: string): Promise<Measured> {
  return new Promise((done, failed) => {
    const child = fork(new URL('./measure.ts', import.meta.url), [what, folder]);
    let measured: Measured | undefined;
    child.on('message', (message) => {
      measured = message as Measured;
    });
    child.on('error', failed);
    child.on('exit', (code) => {
      if (measured === undefined) failed(new Error(`measuring ${what} ended with ${code}`));
      else done(measured);
    });
  });
}

const count = (value: number): string => value.toLocaleString('en');

/** Analyzes generated estates of so many instances, beside `JSON.parse` of the same files in the same run. */
export async function benchAnalyze(sizes: readonly number[]): Promise<void> {
  const rows: string[][] = [];
  const stages: string[][] = [];
  for (const size of sizes) {
    const folder = mkdtempSync(join(tmpdir(), 'trespass-bench-'));
    try {
      const bytes = writeEstate(folder, size);
      const floor = await measureApart('parse', folder);
      const whole = await measureApart('analyze', folder);
      const { assets = 0, relationships = 0, exposed = 0, paths = 0 } = whole.counts;
      rows.push([
        count(size),
        megabytes(bytes),
        ...[assets, relationships, exposed, paths].map(count),
        ...[floor.wall, whole.wall].map(milliseconds),
        ratio(whole.wall, floor.wall),
        ratio(whole.processor, floor.processor),
        ...[floor.peak, whole.peak].map((peak) => (peak / 2 ** 20).toFixed(0)),
      ]);
      for (const [stage, time] of whole.stages) {
        stages.push([`${count(size)} ${stage}`, milliseconds(time), ratio(time, floor.wall)]);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  printTable(
    'Whole analysis of generated accounts',
    [
      'instances',
      'MB',
      'assets',
      'relations',
      'exposed',
      'paths',
      'JSON.parse ms',
      'analyze ms',
      'ratio',
      'CPU ratio',
      'parse peak MB',
      'peak MB',
    ],
    rows,
  );
  printTable('Its stages', ['instances, stage', 'ms', ': JSON.parse'], stages);
}
