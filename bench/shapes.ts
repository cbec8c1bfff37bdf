import { openAnalysis } from '../src/main/analyze.js';
import { SHAPES, type Shape } from './shape-estates.js';
import { milliseconds, printTable, ratio } from './table.js';

/** Large enough that what grows with the square is most of the time, where something does. */
const COUNT = 500;
const RUNS = 2;
/** Of `2N : N`: linear is 2, what grows with the square tends to 4. */
const STRAIGHT = 2.6;

/** Processor time of this process in milliseconds: unlike the clock it is not stretched by other processes. */
function timed(work: () => unknown): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** The least of a few runs, each on a snapshot of its own: what was kept of one must not help the next. */
function measure({ estate }: Shape, count: number): { readonly parse: number; readonly analyze: number } {
  const { everyAnswer } = estate(count);
  const texts = everyAnswer.map(({ body }) => JSON.stringify(body));
  const runs = Array.from({ length: RUNS }, () => {
    const snapshot = estate(count);
    return timed(() => openAnalysis(snapshot, { toolVersion: 'bench' }).report());
  });
  const parses = Array.from({ length: RUNS }, () => timed(() => texts.map((text) => JSON.parse(text) as unknown)));
  return { parse: Math.min(...parses), analyze: Math.min(...runs) };
}

/** Whether the time of accounts of every shape grows as they do. */
export function benchShapes(): void {
  const rows = SHAPES.map((shape) => {
    measure(shape, COUNT / 10);
    const [once, twice] = [measure(shape, COUNT), measure(shape, 2 * COUNT)];
    const growth = twice.analyze / once.analyze;
    return [
      shape.title,
      milliseconds(twice.parse),
      milliseconds(once.analyze),
      milliseconds(twice.analyze),
      ratio(twice.analyze, once.analyze),
      growth > STRAIGHT ? 'more than straight' : '',
    ];
  });
  printTable(
    `Accounts of ${COUNT.toLocaleString('en')} and of twice as many, by shape (ms of processor time of a report)`,
    ['shape', 'JSON.parse 2N', 'N', '2N', '2N : N', ''],
    rows,
  );
}
