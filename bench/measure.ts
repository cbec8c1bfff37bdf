// A program of its own: `node measure.js parse|analyze|analyze-prepared|prepare|incident|incident-prepared FOLDER`. It is bundled with what it measures, which it loads when it is asked for as `trespass` does, and
// tells its parent what it measured.
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setV8Flags } from '../src/cli/v8-flags.js';
import type { Analysis } from '../src/main/analysis.js';
import type { OpenedAnalysis } from '../src/main/open-snapshot.js';

/** What can be measured. */
export type Measure = 'parse' | 'analyze' | 'analyze-prepared' | 'prepare' | 'incident' | 'incident-prepared';

/** What one measurement in a process of its own sends back. Times in milliseconds, memory in bytes. */
export interface Measured {
  /** Each stage and its wall time, in order. */
  readonly stages: readonly (readonly [name: string, time: number])[];
  /** Wall time of all stages. */
  readonly wall: number;
  /** Processor time of the main thread; `undefined` where the system does not tell it. */
  readonly main?: number;
  /** Processor time of the whole process: that of V8's helper threads (compiler, garbage collector) too. */
  readonly processor: number;
  /** The largest resident memory of the process in its whole life. */
  readonly peak: number;
  /** Counts worth printing. */
  readonly counts: Readonly<Record<string, number>>;
}

/** The floor: `JSON.parse` of every file, with the results held. Reading the files is not in it. */
function measureParse(folder: string): Measured {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
  const texts = names.map((name) => readFileSync(join(folder, name), 'utf8'));
  const clock = startClock();
  clock.stage('JSON.parse');
  const parsed = texts.map((text) => JSON.parse(text) as unknown);
  return clock.stop({ files: parsed.length });
}

/**
 * Everything that `trespass analyze` does between its arguments and a report; loading the program is not in it. Then, as stages after it that do not count into
 * the whole, the report as text in two formats.
 */
async function measureAnalyze(folder: string): Promise<readonly [Measured, Measured]> {
  setV8Flags();
  const { readSnapshot } = await import('../src/snapshot/index.js');
  const { openAnalysis } = await import('../src/main/analyze.js');
  const { REPORTERS } = await import('../src/reporters/index.js');
  const clock = startClock();
  clock.stage('read');
  const snapshot = await readSnapshot(folder);
  const report = openAnalysis(snapshot, { toolVersion: 'bench', onStage: clock.stage }).report();
  const { assets, relationships, exposed, paths } = report.summary;
  const whole = clock.stop({ assets, relationships, exposed, paths });
  const writing = startClock();
  for (const format of ['table', 'json']) {
    const render = await REPORTERS.find(({ name }) => name === format)?.load();
    writing.stage(format);
    try {
      render?.(report, { color: false, width: 100 });
    } catch {
      // More text than one string can hold: the time until then is not worth telling.
      writing.stage(`${format} is too long`);
    }
  }
  return [whole, writing.stop({})];
}

/** The report of a snapshot that was worked out beforehand. */
async function measureAnalyzePrepared(folder: string): Promise<readonly [Measured]> {
  setV8Flags();
  const { openPrepared } = await import('../src/main/prepared/open-prepared.js');
  const clock = startClock();
  clock.stage('open');
  const opened = await openPrepared(folder, preparedOf(folder), { ...OPTIONS, onStage: clock.stage });
  const { assets, relationships, exposed, paths } = requireOpened(opened, folder).report().summary;
  return [clock.stop({ assets, relationships, exposed, paths })];
}

/** Works a snapshot out beforehand, into a file beside it. */
async function measurePrepare(folder: string): Promise<readonly [Measured]> {
  setV8Flags();
  const { prepareSnapshot } = await import('../src/main/prepared/prepare.js');
  const clock = startClock();
  clock.stage('prepare');
  const { assets, steps } = await prepareSnapshot(folder, preparedOf(folder), OPTIONS);
  return [clock.stop({ assets, steps, bytes: statSync(preparedOf(folder)).size })];
}

/**
 * Everything that `trespass blast-radius` does between its arguments and the answer as text; loading the program is not in it. The intruder is on the first of
 * the instances.
 */
async function measureIncident(folder: string, isPrepared: boolean): Promise<readonly [Measured]> {
  setV8Flags();
  const { openSnapshotFile } = await import('../src/main/open-snapshot.js');
  const { openPrepared } = await import('../src/main/prepared/open-prepared.js');
  const { askBlastRadius } = await import('../src/main/ask.js');
  const { renderBlastRadius } = await import('../src/reporters/answers/blast-radius.js');
  const clock = startClock();
  clock.stage('open');
  const opened = isPrepared
    ? await openPrepared(folder, preparedOf(folder), OPTIONS)
    : await openSnapshotFile(folder, OPTIONS);
  const analysis = requireOpened(opened, folder);
  const [host] = analysis.graph.assetsOfType('ec2:instance');
  if (!host) throw new Error(`${folder} has no instance`);
  clock.stage('ask');
  const answer = askBlastRadius(analysis, [host.id]);
  clock.stage('text');
  renderBlastRadius(answer, { color: false, width: 100 });
  return [clock.stop({ reached: answer.reaches.length, measures: answer.containment.length })];
}

function requireOpened(opened: OpenedAnalysis | undefined, folder: string): Analysis {
  if (!opened) throw new Error(`${folder} was not prepared`);
  return opened.analysis;
}

const OPTIONS = { toolVersion: 'bench' };

const preparedOf = (folder: string): string => `${folder}.prepared`;

function startClock() {
  const stages: [string, number][] = [];
  const cpu = process.cpuUsage();
  const main = mainThreadTime();
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
      const now = mainThreadTime();
      const { user, system } = process.cpuUsage(cpu);
      return {
        stages,
        wall: since - start,
        ...(now !== undefined && main !== undefined && { main: now - main }),
        processor: (user + system) / 1000,
        peak: process.resourceUsage().maxRSS * 1024,
        counts,
      };
    },
  };
}

/** On Linux, the time that the first thread ran on a processor. */
function mainThreadTime(): number | undefined {
  try {
    const file = openSync(`/proc/self/task/${process.pid}/schedstat`, 'r');
    const text = Buffer.alloc(64);
    const length = readSync(file, text, 0, 64, 0);
    closeSync(file);
    return Number(text.toString('latin1', 0, length).split(' ')[0]) / 1e6;
  } catch {
    return undefined;
  }
}

const MEASURES: Readonly<Record<Measure, (folder: string) => Promise<readonly Measured[]>>> = {
  parse: (folder) => Promise.resolve([measureParse(folder)]),
  analyze: measureAnalyze,
  'analyze-prepared': measureAnalyzePrepared,
  prepare: measurePrepare,
  incident: (folder) => measureIncident(folder, false),
  'incident-prepared': (folder) => measureIncident(folder, true),
};

const [, , what, folder] = process.argv;
if (process.send !== undefined && folder !== undefined) process.send(await MEASURES[what as Measure](folder));
