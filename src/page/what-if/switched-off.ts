import type { ReportPath } from '../../findings/report.js';
import { askSurvival, clausesOfSteps, type PathQuestion, type StepRemoval } from '../../findings/surviving-paths.js';
import { INTERNET_FACT } from '../../techniques/fact.js';
import type { PageEngine } from '../data/page-attack.js';
import type { Switch } from './switches.js';

/** What is left of the paths when some steps cannot be taken any more. */
export interface Outcome {
  /** Paths whose target is out of reach of their entry. */
  readonly gone: readonly ReportPath[];
  /** Those of the gone ones whose target can still be had from the internet, over another entry. */
  readonly hadElsewhere: ReadonlySet<ReportPath>;
  /** Paths whose target can still be had from their entry, by the same steps or by others. */
  readonly left: readonly ReportPath[];
}

/** Asks the attack graph, with all of the steps taken away at once, what each entry still reaches. */
export function switchOff({ engine, questions }: PageEngine, switches: readonly Switch[]): Outcome {
  const removal = {
    clauses: clausesOfSteps(engine.clauses, switches).flat(),
    steps: new Set(switches.map(({ key }) => key)),
  };
  const asked = [...questions];
  const left = askSurvival(engine, [removal])(asked.map(([, question]) => question));
  const gone = asked.filter((_, at) => left[at] === 0);
  return {
    gone: gone.map(([path]) => path),
    hadElsewhere: hadFromTheInternet(engine, removal, gone),
    left: asked.filter((_, at) => left[at] !== 0).map(([path]) => path),
  };
}

/** What is open to everybody is told of that alone, so that a host that has it too has no path of its own: the internet is asked over all entries. */
function hadFromTheInternet(
  engine: PageEngine['engine'],
  removal: StepRemoval,
  paths: readonly (readonly [ReportPath, PathQuestion])[],
): ReadonlySet<ReportPath> {
  const internet = engine.clauses.factId(INTERNET_FACT);
  const goals = paths.flatMap(([path, question]) => question.goals.map((goal) => ({ path, goal })));
  if (internet === undefined || goals.length === 0) return new Set();
  const worlds = engine.survivingWorlds([removal])(
    [internet],
    goals.map(({ goal }) => goal),
  );
  return new Set(goals.filter((_, at) => worlds[at] !== 0).map(({ path }) => path));
}
