import type { AttackEngine, ClauseId, ClauseSet, FactId } from '../attack/index.js';
import { groupBy } from '../model/index.js';
import { readFact } from './read-fact.js';
import type { ReportStep } from './report.js';

/** What is taken away: steps by their keys, with the clauses that make them. */
export interface StepRemoval {
  readonly clauses: readonly ClauseId[];
  readonly steps: ReadonlySet<string>;
}

/** A path as a question: from having entered, can one of the goals be had. */
export interface PathQuestion {
  readonly start: FactId;
  /** The key of the step by which the entry is entered. */
  readonly entering: string;
  readonly goals: readonly FactId[];
}

/** A technique used to get to an asset, whatever clauses make it possible. */
export const keyOfStep = (step: Pick<ReportStep, 'technique' | 'to'>): string => `${step.technique} ${step.to}`;

/**
 * For each path the removals after which it is still there, a bit each.
 * @param removals at most 32
 */
export function askSurvival(
  engine: Pick<AttackEngine<unknown>, 'survivingWorlds'>,
  removals: readonly StepRemoval[],
): (paths: readonly PathQuestion[]) => Int32Array {
  const survive = engine.survivingWorlds(removals);
  const closing = new Map<string, number>();
  removals.forEach(({ steps }, world) => {
    for (const key of steps) closing.set(key, (closing.get(key) ?? 0) | (1 << world));
  });
  const closedBy = (entering: string): number => closing.get(entering) ?? 0;
  return (paths) => {
    const left = new Int32Array(paths.length);
    const byStart = groupBy([...paths.keys()], (at) => (paths[at] as PathQuestion).start);
    for (const [start, own] of byStart) {
      const questions = own.map((at) => paths[at] as PathQuestion);
      const worlds = survive(
        [start],
        questions.flatMap(({ goals }) => goals),
      );
      let next = 0;
      questions.forEach(({ entering, goals }, i) => {
        let bits = 0;
        for (const _ of goals) bits |= worlds[next++] as number;
        left[own[i] as number] = bits & ~closedBy(entering);
      });
    }
    return left;
  };
}

/** What a clause says of the step that it makes. */
export interface StepName {
  readonly technique: { readonly id: string };
  readonly to?: string;
  readonly inner?: boolean;
}

/** For each of the steps, the clauses that make it. */
export function clausesOfSteps(
  clauses: ClauseSet<StepName>,
  steps: readonly Pick<ReportStep, 'technique' | 'to'>[],
): readonly (readonly ClauseId[])[] {
  const found = steps.map((): ClauseId[] => []);
  const byTechnique = new Map<string, Map<string, ClauseId[]>>();
  steps.forEach(({ technique, to }, at) => {
    const byAsset = byTechnique.get(technique) ?? new Map<string, ClauseId[]>();
    byTechnique.set(technique, byAsset.set(to, found[at] as ClauseId[]));
  });
  const { head } = clauses.columns();
  const groups = clauses.groups();
  for (let group = 0; group < groups.count; group++) {
    const { inner, technique, to } = groups.label(group);
    const byAsset = inner === true ? undefined : byTechnique.get(technique.id);
    if (!byAsset) continue;
    for (let id = groups.start[group] as number; id < (groups.start[group + 1] as number); id++)
      byAsset.get(to ?? readFact(clauses, head[id] as number).id)?.push(id);
  }
  return found;
}

/** The keys of the facts that mean having a path's target with its access. */
export const goalsOf = (target: { readonly id: string; readonly access: string }): readonly string[] =>
  (target.access === 'admin' ? ['admin'] : ['data-read', 'data-write']).map((kind) => `${kind} ${target.id}`);
