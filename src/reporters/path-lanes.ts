import type { ReportStep } from '../findings/report.js';

/** What the intruder has before any step. */
const START = -1;

/** A row of the drawing: what stands before its text, a glyph for each lane. */
export type LaneRow =
  /** Where lanes part or meet; it has no text. */
  | { readonly kind: 'join'; readonly lanes: string }
  /** What is had: the start, or what step `step` gives. */
  | { readonly kind: 'station'; readonly lanes: string; readonly step: number }
  /** Step `step` itself; each of its lines has these lanes before it. */
  | { readonly kind: 'step'; readonly lanes: string; readonly step: number };

/**
 * Lays out a path as lanes from top to bottom, as histories of branches are drawn. What several steps use stays on its lane while a new one begins
 * beside it; a step that needs several things brings their lanes together.
 */
export function layOutPath(steps: readonly ReportStep[]): readonly LaneRow[] {
  const premises = premisesOf(steps);
  const left = new Map<number, number>();
  for (const own of premises) for (const premise of own) left.set(premise, (left.get(premise) ?? 0) + 1);
  const lanes: (number | undefined)[] = [START];
  const rows: LaneRow[] = [{ kind: 'station', lanes: glyphs(lanes, 0, '●'), step: START }];
  for (const [step, own] of premises.entries()) {
    const used = [...own]
      .map((premise) => lanes.indexOf(premise))
      .filter((lane) => lane >= 0)
      .sort((a, b) => a - b);
    for (const premise of own) left.set(premise, (left.get(premise) ?? 0) - 1);
    const ending = used.filter((lane) => left.get(lanes[lane] ?? START) === 0);
    const [first, ...joined] = ending;
    let lane: number;
    if (first === undefined) {
      const from = used[0] ?? 0;
      lane = freeRightOf(lanes, from);
      rows.push({ kind: 'join', lanes: joinGlyphs(lanes, from, [lane], '┐') });
    } else {
      lane = first;
      if (joined.length > 0) rows.push({ kind: 'join', lanes: joinGlyphs(lanes, first, joined, '┘') });
      for (const other of joined) lanes[other] = undefined;
    }
    lanes[lane] = step;
    while (lanes.at(-1) === undefined && lanes.length > 1) lanes.pop();
    rows.push({ kind: 'step', lanes: glyphs(lanes, lane, '│'), step });
    rows.push({ kind: 'station', lanes: glyphs(lanes, lane, '●'), step });
  }
  return rows;
}

/**
 * For each step the earlier steps whose gain it uses. A step names the assets that it needs something from; what was had of such an asset and nobody has used
 * yet is meant first, all of it, and else what was had of it last.
 */
function premisesOf(steps: readonly ReportStep[]): readonly ReadonlySet<number>[] {
  const unused = new Set<number>();
  const premises = steps.map((step, at) => {
    const own = new Set<number>();
    for (const id of new Set([step.from, ...step.requires])) {
      const given = steps.flatMap((other, index) => (index < at && other.to === id ? [index] : []));
      const fresh = given.filter((index) => unused.has(index));
      for (const index of fresh.length > 0 ? fresh : given.slice(-1)) own.add(index);
    }
    if (own.size === 0) own.add(START);
    for (const index of own) unused.delete(index);
    unused.add(at);
    return own;
  });
  const last = premises.at(-1);
  if (last) for (const index of unused) if (index !== steps.length - 1) last.add(index);
  return premises;
}

function freeRightOf(lanes: readonly (number | undefined)[], from: number): number {
  const free = lanes.findIndex((lane, at) => at > from && lane === undefined);
  return free < 0 ? lanes.length : free;
}

const glyphs = (lanes: readonly (number | undefined)[], own: number, glyph: string): string =>
  lanes.map((lane, at) => (at === own ? glyph : lane === undefined ? ' ' : '│')).join(' ');

/** A line from one lane to others on its right. */
function joinGlyphs(
  lanes: readonly (number | undefined)[],
  from: number,
  to: readonly number[],
  end: '┐' | '┘',
): string {
  const last = Math.max(...to);
  const wide = Math.max(lanes.length, last + 1);
  let text = '';
  for (let at = 0; at < wide; at++) {
    const between = at > from && at < last;
    if (at === from) text += '├';
    else if (at === last) text += end;
    else if (between && to.includes(at)) text += '┴';
    else if (between) text += lanes[at] === undefined ? '─' : '┼';
    else text += lanes[at] === undefined ? ' ' : '│';
    if (at < wide - 1) text += at >= from && at < last ? '─' : ' ';
  }
  return text;
}
