import type { ReportStep } from '../../findings/report.js';

/** What a path is drawn as: a card for where it starts, one for what each step gives, and a line for each thing that a step needs. */
export interface PathFlow {
  /** Assets that steps need and that no step gives: where the path starts. */
  readonly origins: readonly string[];
  readonly steps: readonly FlowStep[];
}

export interface FlowStep {
  /** Place of the step in the path. */
  readonly at: number;
  /** Where what it needs comes from: places of steps, or origins as `-1` and down. */
  readonly needs: readonly number[];
}

/**
 * Joins each step to the steps that gave what it needs. What several steps gave at one asset (a connection and a password) is needed together by the
 * next step there, and stands for all of it from then on.
 */
export function flowOf(steps: readonly ReportStep[]): PathFlow {
  const origins: string[] = [];
  const givers = new Map<string, number[]>();
  const flow = steps.map(({ requires, to }, at): FlowStep => {
    const needs = requires.flatMap((asset) => givers.get(asset) ?? [originOf(origins, asset)]);
    if (requires.includes(to)) givers.set(to, [at]);
    else givers.set(to, [...(givers.get(to) ?? []), at]);
    return { at, needs: [...new Set(needs)] };
  });
  return { origins, steps: flow };
}

function originOf(origins: string[], asset: string): number {
  const known = origins.indexOf(asset);
  return known >= 0 ? -1 - known : -origins.push(asset);
}
