import { splitArn } from './arn-pattern.js';

const MAX_STATES = 400_000;

/**
 * A pattern whose every text has both forms: the shortest common one, with `*` kept where both have it. `undefined` where no text
 * has both forms (or the patterns are too long to tell).
 */
function intersectGlobs(a: string, b: string): string | undefined {
  if (a === b || b === '*') return a;
  if (a === '*') return b;
  // What both spell out at their ends is the same in every text, or there is none.
  let start = 0;
  for (; start < Math.min(a.length, b.length) && isSpelled(a, start) && isSpelled(b, start); start++)
    if (a[start] !== b[start]) return undefined;
  let tail = 0;
  for (; start + tail < Math.min(a.length, b.length); tail++) {
    const [i, j] = [a.length - 1 - tail, b.length - 1 - tail];
    if (!isSpelled(a, i) || !isSpelled(b, j)) break;
    if (a[i] !== b[j]) return undefined;
  }
  const common = intersectRests(a.slice(start, a.length - tail), b.slice(start, b.length - tail));
  return common === undefined ? undefined : a.slice(0, start) + common + a.slice(a.length - tail);
}

const isSpelled = (pattern: string, at: number): boolean => pattern[at] !== '*' && pattern[at] !== '?';

const REMEMBERED = 4096;
const known = new Map<string, string | undefined>();

/** The same of patterns of which neither end is spelled out by both: few pairs of them come again and again. */
function intersectRests(a: string, b: string): string | undefined {
  if (b === '*') return a;
  if (a === '*') return b;
  // One is at its end: of the other only wildcards that may be nothing are left.
  if (a === '' || b === '') return /^\**$/.test(a + b) ? '' : undefined;
  const pair = `${a}\n${b}`;
  if (known.has(pair)) return known.get(pair);
  if (known.size >= REMEMBERED) known.clear();
  const made = search(a, b);
  known.set(pair, made);
  return made;
}

function search(a: string, b: string): string | undefined {
  const width = b.length + 1;
  const size = (a.length + 1) * width;
  if (size > MAX_STATES) return undefined;
  // Breadth first over the product of both patterns' positions; each step consumes a character, or lets a `*` be empty or go on.
  const cost = new Int32Array(size).fill(-1);
  const from = new Int32Array(size).fill(-1);
  const emitted: string[] = new Array<string>(size).fill('');
  const queue: number[] = [0];
  cost[0] = 0;
  const goal = size - 1;
  for (let head = 0; head < queue.length; head++) {
    const state = queue[head] ?? 0;
    if (state === goal) break;
    const i = Math.floor(state / width);
    const j = state % width;
    const x = a[i];
    const y = b[j];
    const visit = (ni: number, nj: number, text: string): void => {
      const next = ni * width + nj;
      if (cost[next] !== -1) return;
      cost[next] = (cost[state] ?? 0) + 1;
      from[next] = state;
      emitted[next] = text;
      queue.push(next);
    };
    if (x === '*' && y !== undefined && y !== '*') visit(i, j + 1, y);
    if (y === '*' && x !== undefined && x !== '*') visit(i + 1, j, x);
    if (x !== undefined && y !== undefined && x !== '*' && y !== '*') {
      if (x === y || y === '?') visit(i + 1, j + 1, x);
      else if (x === '?') visit(i + 1, j + 1, y);
    }
    if (x === '*') visit(i + 1, j, y === '*' ? '*' : '');
    if (y === '*') visit(i, j + 1, x === '*' ? '*' : '');
  }
  if (cost[goal] === -1) return undefined;
  const parts: string[] = [];
  for (let state = goal; state > 0; state = from[state] ?? 0) parts.push(emitted[state] ?? '');
  return parts.reverse().join('').replaceAll(/\*+/g, '*');
}

/** Intersects two ARN patterns segment by segment; missing segments at the end stand for anything. */
export function intersectArns(a: readonly string[], b: readonly string[]): string[] | undefined {
  const result: string[] = [];
  for (let i = 0; i < 6; i++) {
    const common = intersectGlobs(a[i] ?? '*', b[i] ?? '*');
    if (common === undefined) return undefined;
    result.push(common);
  }
  return result;
}

/** Texts of the form of a pattern, of several lengths: some other pattern of few characters has few of them. */
export const instances = (pattern: string): string[] => [
  ...new Set(['', 'x', 'zz', 'q7vw9kqzqz'].map((filler) => instantiate(pattern, filler))),
];

/** Texts that a pattern is too long for, where anything is: one is empty, one lacks a single character. */
export function shorterThan(pattern: string): string[] {
  const least = pattern.replaceAll('*', '').length;
  return least === 0 ? [] : [...new Set(['', 'q'.repeat(least - 1)])];
}

/** What two patterns have in common, each as a pattern: as texts and, where both are ARNs, segment by segment. */
export function intersections(a: string, b: string): string[] {
  const [left, right] = [splitArn(a), splitArn(b)];
  const isArn = left.length === 6 && right.length === 6;
  const common = isArn ? intersectArns(left, right)?.join(':') : intersectGlobs(a, b);
  return common === undefined ? [] : [common];
}

/** A text of the form of `pattern`: `*` and `?` filled in. */
export const instantiate = (pattern: string, filler: string): string =>
  pattern.replaceAll('*', filler).replaceAll('?', filler.slice(0, 1) || 'x');
