import type { ReportPath, ReportStep } from '../findings/report.js';

/** A path's steps as one line from the entry to the target, and those that stand beside it: what a step of the line needs as well. */
export interface PathLine {
  readonly line: readonly ReportStep[];
  readonly beside: readonly ReportStep[];
}

/** Follows the steps back from the last one, each to the step that gave it the place it starts from. */
export function straighten({ steps }: Pick<ReportPath, 'steps'>): PathLine {
  const line: ReportStep[] = [];
  const taken = new Set<ReportStep>();
  let position = steps.length - 1;
  while (position >= 0) {
    const step = steps[position] as ReportStep;
    line.unshift(step);
    taken.add(step);
    const before = position;
    position = steps.findLastIndex((other, at) => at < before && other.to === step.from && !taken.has(other));
  }
  return { line, beside: steps.filter((step) => !taken.has(step)) };
}

/** The assets that a line passes, the entry first; a step that stays where it is adds none. */
export function stationsOf({ line }: PathLine): readonly string[] {
  const stations: string[] = [];
  for (const { from, to } of line) {
    for (const id of [from, to]) if (stations.at(-1) !== id) stations.push(id);
  }
  return stations;
}
