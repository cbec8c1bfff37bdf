import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeEstate } from './estate.js';
import type { Measure, Measured } from './measure.js';
import { bundleMeasure } from './program.js';
import { megabytes, milliseconds, printTable, ratio } from './table.js';

/** Measures in a process of its own, so that memory, garbage and compiled code of one run do not serve or weigh on the next. */
export function measureApart(what: Measure, folder: string, measure: string): Promise<readonly Measured[]> {
  return new Promise((done, failed) => {
    const child = fork(measure, [what, folder], { execArgv: [] });
    let measured: readonly Measured[] | undefined;
    child.on('message', (message) => {
      measured = message as readonly Measured[];
    });
    child.on('error', failed);
    child.on('exit', (code) => {
      if (measured === undefined) failed(new Error(`measuring ${what} ended with ${code}`));
      else done(measured);
    });
  });
}

/** Runs of the floor, of the whole, of writing it, and of the whole where it was worked out beforehand, in turns. */
interface Runs {
  readonly floor: Measured[];
  readonly whole: Measured[];
  readonly writing: Measured[];
  readonly prepared: Measured[];
}

async function measureRuns(folder: string, measure: string, count: number): Promise<Runs> {
  const runs: Runs = { floor: [], whole: [], writing: [], prepared: [] };
  await measureApart('prepare', folder, measure);
  for (let run = 0; run < count; run++) {
    const [floor] = await measureApart('parse', folder, measure);
    const [whole, writing] = await measureApart('analyze', folder, measure);
    const [prepared] = await measureApart('analyze-prepared', folder, measure);
    if (floor && whole && writing && prepared) {
      runs.floor.push(floor);
      runs.whole.push(whole);
      runs.writing.push(writing);
      runs.prepared.push(prepared);
    }
  }
  return runs;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

export const medianOf = (runs: readonly Measured[], read: (run: Measured) => number): number => median(runs.map(read));

/** The median time of each stage, in order. */
const stagesOf = (runs: readonly Measured[]): readonly (readonly [string, number])[] =>
  (runs[0]?.stages ?? []).map(([name], at) => [name, medianOf(runs, ({ stages }) => stages[at]?.[1] ?? 0)]);

export const count = (value: number): string => value.toLocaleString('en');

/** What one size measured, to be compared with the next. */
interface Sized {
  readonly assets: number;
  readonly bytes: number;
  readonly floor: number;
  readonly wall: number;
  readonly peak: number;
}

/**
 * Analyzes generated accounts of so many instances with the program as it is shipped, beside `JSON.parse` of the same files: medians of `runs` runs, each in a process
 * of its own.
 */
export async function benchAnalyze(sizes: readonly number[], runs: number): Promise<void> {
  const measure = await bundleMeasure();
  const rows: string[][] = [];
  const stages: string[][] = [];
  const sized: Sized[] = [];
  for (const size of sizes) {
    const parent = mkdtempSync(join(tmpdir(), 'trespass-bench-'));
    const folder = join(parent, 'snapshot');
    try {
      const bytes = writeEstate(folder, size);
      const { floor, whole, writing, prepared } = await measureRuns(folder, measure, runs);
      const { assets = 0, relationships = 0, exposed = 0, paths = 0 } = whole[0]?.counts ?? {};
      const [floorWall, wall] = [medianOf(floor, (m) => m.wall), medianOf(whole, (m) => m.wall)];
      const peak = medianOf(whole, (m) => m.peak);
      rows.push([
        count(size),
        megabytes(bytes),
        ...[assets, relationships, exposed, paths].map(count),
        ...[floorWall, wall].map(milliseconds),
        ratio(wall, floorWall),
        ratio(
          medianOf(prepared, (m) => m.wall),
          floorWall,
        ),
        ratio(
          medianOf(whole, (m) => m.main ?? 0),
          medianOf(floor, (m) => m.main ?? 0),
        ),
        ratio(
          medianOf(whole, (m) => m.processor),
          medianOf(floor, (m) => m.processor),
        ),
        ...[medianOf(floor, (m) => m.peak), peak].map((most) => (most / 2 ** 20).toFixed(0)),
      ]);
      const apart = [
        ...stagesOf(writing).map(([name, time]) => [`(${name})`, time] as const),
        ...stagesOf(prepared).map(([name, time]) => [`(prepared: ${name})`, time] as const),
      ];
      for (const [stage, time] of [...stagesOf(whole), ...apart])
        stages.push([`${count(size)} ${stage}`, milliseconds(time), ratio(time, floorWall)]);
      sized.push({ assets, bytes, floor: floorWall, wall, peak });
    } finally {
      rmSync(parent, { recursive: true, force: true });
    }
  }
  printTable(
    `Whole analysis of generated accounts (the program as it is shipped, medians of ${runs})`,
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
      'prepared',
      'main thread',
      'all threads',
      'parse peak MB',
      'peak MB',
    ],
    rows,
  );
  printTable(
    'Its stages; apart from it, the report as text and of what was worked out beforehand',
    ['instances, stage', 'ms', ': JSON.parse'],
    stages,
  );
  if (sized.length > 1)
    printTable(
      'Growth from each size to the next, in times',
      ['instances', 'assets', 'MB', 'JSON.parse', 'analyze', 'peak'],
      sized.slice(1).map((now, at) => {
        const before = sized[at] as Sized;
        const keys = ['assets', 'bytes', 'floor', 'wall', 'peak'] as const;
        return [
          `${count(sizes[at] ?? 0)} to ${count(sizes[at + 1] ?? 0)}`,
          ...keys.map((k) => ratio(now[k], before[k])),
        ];
      }),
    );
}
