import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

/** What one measurement in a process of its own sends back. Times in milliseconds, memory in bytes. */
export interface Measured {
  /** Each stage and its time, in order. */
  readonly stages: readonly (readonly [name: string, time: number])[];
  /** Wall time of all stages, and processor time of the process over them (its helper threads too). */
  readonly wall: number;
  readonly processor: number;
  /** The largest resident memory of the process in its whole life. */
  readonly peak: number;
  /** Counts worth printing. */
  readonly counts: Readonly<Record<string, number>>;
}

/** The floor: `JSON.parse` of every file, with the results held. Reading the files is not in it. */
export function measureParse(folder: string): Measured {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
  const texts = names.map((name) => readFileSync(join(folder, name), 'utf8'));
  const clock = startClock();
  clock.stage('JSON.parse');
  const parsed = texts.map((text) => JSON.parse(text) as unknown);
  return clock.stop({ files: parsed.length });
}

/** Everything that `trespass analyze` does between its arguments and its output; loading the program is not in it. */
export async function measureAnalyze(folder: string): Promise<Measured> {
  const { readSnapshot } = await import('../src/snapshot/index.js');
  const { analyzeSnapshot } = await import('../src/main/analyze.js');
  const clock = startClock();
  clock.stage('read');
  const snapshot = await readSnapshot(folder);
  const { summary } = analyzeSnapshot(snapshot, { toolVersion: 'bench', onStage: clock.stage });
  const { assets, relationships, exposed, paths } = summary;
  return clock.stop({ assets, relationships, exposed, paths });
}

function startClock() {
  const stages: [string, number][] = [];
  const cpu = process.cpuUsage();
  const start = performance.now();
  let since = start;
  const endStage = (): void => {
    const now = performance.now();
    const last = stages.at(-1);
    if (last !== undefined) last[1] += now - since;
    since = now;
  };
  return {
    stage: (name: string): void => {
      endStage();
      stages.push([name, 0]);
    },
    stop: (counts: Measured['counts']): Measured => {
      endStage();
      const { user, system } = process.cpuUsage(cpu);
      const peak = process.resourceUsage().maxRSS * 1024;
      return { stages, wall: since - start, processor: (user + system) / 1000, peak, counts };
    },
  };
}

// As a process of its own, forked by the bench: `measure.ts parse|analyze FOLDER`.
const [, , what, folder] = process.argv;
if (process.send !== undefined && folder !== undefined) {
  process.send(what === 'parse' ? measureParse(folder) : await measureAnalyze(folder));
}
