import { type AttackEngine, makeAttackEngine, storedClauseSet } from '../../attack/index.js';
import { goalsOf, type PathQuestion, type StepName } from '../../findings/surviving-paths.js';
import type { PageAttack } from '../../reporters/html/page-data.js';
import type { ReportPath } from '../../findings/report.js';

/** The attack graph, with the same kernels on it that the program runs. */
export interface PageEngine {
  readonly engine: AttackEngine<StepName>;
  /** The paths as questions to it; none for a path that it cannot be asked about. */
  readonly questions: ReadonlyMap<ReportPath, PathQuestion>;
}

/** @param ids of the assets, in the order of the graph's list */
export function openAttack(packed: PageAttack, ids: readonly string[], paths: readonly ReportPath[]): PageEngine {
  const { facts, clauses, groups, factKinds, techniques, conditions, questions } = packed;
  const factKeys = facts.kind.map((kind, fact) => {
    const asset = ids[facts.asset[fact] ?? -1];
    // What only joins other facts has no name of its own; its place tells it apart.
    return `${factKinds[kind]} ${asset ?? `\u0000${fact}`}`;
  });
  const engine = makeAttackEngine<StepName>(
    storedClauseSet({
      factKeys,
      head: Uint32Array.from(clauses.head),
      bodyStart: startsOf(clauses.size),
      body: Uint32Array.from(clauses.body),
      groupStart: startsOf(groups.count),
      groups: groups.technique.map((technique, at) => {
        const to = ids[groups.to[at] ?? -1];
        return {
          label: {
            technique: { id: techniques[technique] ?? '' },
            inner: groups.inner[at] === 1,
            ...(to !== undefined && { to }),
          },
          cost: groups.cost[at] ?? 0,
          conditions: conditions[groups.conditions[at] ?? 0] ?? [],
          rank: technique,
          isMinor: groups.minor[at] === 1,
        };
      }),
    }),
  );
  const asked = paths.flatMap((path, at): [ReportPath, PathQuestion][] => {
    const start = questions.start[at] ?? -1;
    if (start < 0) return [];
    const goals = goalsOf(path.target).flatMap((key) => engine.clauses.factId(key) ?? []);
    return [[path, { start, entering: questions.entering[at] ?? '', goals }]];
  });
  return { engine, questions: new Map(asked) };
}

/** Where each run begins, and the end, of runs of these lengths. */
function startsOf(lengths: readonly number[]): Uint32Array {
  const starts = new Uint32Array(lengths.length + 1);
  lengths.forEach((length, at) => (starts[at + 1] = (starts[at] as number) + length));
  return starts;
}
