import type { ReportPath } from '../../findings/report.js';
import { askSurvival, clausesOfSteps } from '../../findings/surviving-paths.js';
import type { PageEngine } from '../data/page-attack.js';
import type { Switch } from './switches.js';

/** What is left of the paths when some steps cannot be taken any more. */
export interface Outcome {
  /** Paths whose target is out of reach of their entry. */
  readonly gone: readonly ReportPath[];
  /** Paths whose target can still be had from their entry, by the same steps or by others. */
  readonly left: readonly ReportPath[];
}

/** Asks the attack graph, with all of the steps taken away at once, what each entry still reaches. */
export function switchOff({ engine, questions }: PageEngine, switches: readonly Switch[]): Outcome {
  const removal = {
    clauses: clausesOfSteps(engine.clauses, switches).flat(),
    steps: new Set(switches.map(({ key }) => key)),
  };
  const paths = [...questions.keys()];
  const left = askSurvival(engine, [removal])([...questions.values()]);
  return { gone: paths.filter((_, at) => left[at] === 0), left: paths.filter((_, at) => left[at] !== 0) };
}
