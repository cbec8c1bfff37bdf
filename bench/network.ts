import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { buildNetwork } from '../src/network/index.js';
import { snapshotOf } from '../tests/network/oracle/cloud.js';
import { comparePair, newTally } from '../tests/network/oracle/compare.js';
import { hostPairs } from '../tests/network/oracle/pairs.js';
import { drawFromSeed } from '../tests/network/oracle/draw.js';
import { drawNetwork } from '../tests/network/oracle/network-arbitrary.js';
import { readRecords } from '../tests/network/oracle/records.js';
import { makeNetworkEstate } from './network-estate.js';
import { randomFrom } from './random.js';
import { megabytes, milliseconds, printTable, ratio } from './table.js';

const QUESTIONS = 200;

/** Time and memory of one size; times in milliseconds, memory in bytes. */
interface Row {
  readonly size: number;
  readonly build: number;
  readonly exposures: number;
  readonly links: number;
  readonly reach: number;
  readonly memory: number;
  readonly counts: readonly [exposures: number, links: number];
}

function timed<T>(work: () => T): { readonly result: T; readonly took: number } {
  const start = performance.now();
  const result = work();
  return { result, took: performance.now() - start };
}

/** Collects garbage, so that what is left is what is held. */
function heldMemory(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

function measure(size: number, groups: 'shared' | 'own'): Row {
  const { snapshot, instances } = makeNetworkEstate(size, groups);
  const before = heldMemory();
  const { result: network, took: build } = timed(() => buildNetwork(snapshot));
  const { result: exposures, took: exposing } = timed(() => network.exposures());
  const { result: links, took: linking } = timed(() => network.links());
  const memory = heldMemory() - before;
  const random = randomFrom(3);
  const questions = Array.from({ length: QUESTIONS }, (_, n) => ({
    from: n % 2 === 0 ? 'internet' : random.pick(instances),
    to: random.pick(instances),
  }));
  const { took: reach } = timed(() => questions.forEach((question) => network.reach(question)));
  const counts = [exposures.length, links.length] as const;
  return { size, build, exposures: exposing, links: linking, reach, memory, counts };
}

/**
 * Each size's time and memory an interface, as a multiple of the smallest size's: 1.0 throughout is linear growth, and less
 * means that what does not depend on the size is spread over more.
 */
function printGrowth(title: string, rows: readonly Row[]): void {
  const [first] = rows;
  const growth = (row: Row, of: (row: Row) => number): string =>
    ratio(of(row) / row.size, first ? of(first) / first.size : 0);
  printTable(
    title,
    [
      'interfaces',
      'build',
      '×',
      'exposures',
      '×',
      'links',
      '×',
      'memory (MB)',
      '×',
      `reach, each of ${QUESTIONS}`,
      'exposed',
      'links',
    ],
    rows.map((row) => [
      row.size.toLocaleString('en'),
      milliseconds(row.build),
      growth(row, (r) => r.build),
      milliseconds(row.exposures),
      growth(row, (r) => r.exposures),
      milliseconds(row.links),
      growth(row, (r) => r.links),
      megabytes(row.memory),
      growth(row, (r) => r.memory),
      milliseconds(row.reach / QUESTIONS),
      ...row.counts.map((n) => n.toLocaleString('en')),
    ]),
  );
}

/** Whole sets against single packets on the networks of the property tests: how many of each fit into the same second. */
function printContest(networks: number): void {
  const draw = drawFromSeed(1);
  let questions = 0;
  let engineTime = 0;
  let packets = 0;
  let oracleTime = 0;
  for (let n = 0; n < networks; n++) {
    const snapshot = snapshotOf(drawNetwork(draw).answers);
    const records = readRecords(snapshot);
    const pairs = hostPairs(records).slice(0, 10);
    const { result: answers, took } = timed(() => {
      const network = buildNetwork(snapshot);
      return pairs.map((pair) => network.reach(pair));
    });
    engineTime += took;
    questions += answers.length;
    const tally = newTally();
    for (const [i, pair] of pairs.entries()) {
      const answer = answers[i];
      if (!answer) continue;
      oracleTime += timed(() => comparePair(records, { reach: () => answer }, draw, pair, 100, tally)).took;
    }
    packets += tally.packets;
  }
  const asked = (1000 * questions) / engineTime;
  const walked = (1000 * packets) / oracleTime;
  printTable(
    `Sets against packets on ${networks} random networks (building the engine's network included)`,
    ['', 'a second', 'ratio'],
    [
      ['packets of the oracle', walked.toFixed(0), '1.0'],
      ['questions of the engine, each over all packets', asked.toFixed(0), (asked / walked).toFixed(3)],
    ],
  );
}

/** The sections of the network engine: against the oracle, with shared groups, with a group for each interface. */
export function benchNetwork(sizes: readonly number[] = [1_000, 10_000, 100_000]): void {
  printContest(30);
  measure(500, 'shared');
  printGrowth(
    'Network, a few hundred shared groups (ms)',
    sizes.map((size) => measure(size, 'shared')),
  );
  printGrowth(
    'Network, the worst case: every interface has its own group (ms)',
    sizes.map((size) => measure(size, 'own')),
  );
}
