import {
  type Baseline,
  type ComparedPath,
  type ComparedReport,
  compareWithBaseline,
  explainNew,
  findOtherWays,
  type ReferenceView,
  type Report,
  stepKey,
} from '../findings/index.js';
import { UserError } from '../model/index.js';
import type { Snapshot } from '../snapshot/index.js';
import type { Analysis } from './analysis.js';
import { acceptState } from './baseline.js';

export interface CheckOptions {
  /** What is accepted. Without it, what `reference` shows is. */
  readonly baseline?: Baseline;
  /** An earlier state of the same accounts, to say what is new in it. */
  readonly reference?: Analysis;
  /** The day on which acceptances are judged. */
  readonly now: Date;
  readonly allowGaps?: boolean;
  /** Operations (`service/Operation`) that the analysis read; every one when absent. */
  readonly reads?: ReadonlySet<string>;
}

/** Compares a report with the accepted state, and says of each new path what it was that opened it. */
export function checkReport(report: Report, options: CheckOptions): ComparedReport {
  const { reference, reads } = options;
  const baseline = options.baseline ?? (reference && acceptState(reference, reference.report(), { acceptGaps: false }));
  if (!baseline) throw new RangeError('a check needs a baseline or a reference');
  const comparison = compareWithBaseline(report, baseline, {
    now: options.now,
    ...(options.allowGaps !== undefined && { allowGaps: options.allowGaps }),
    ...(reads && { reads: (operation) => reads.has(operation) }),
  });
  const isBroken = report.guardrails?.some(({ paths }) => paths.length > 0) === true;
  return {
    ...report,
    comparison: {
      ...comparison,
      ...(isBroken && { verdict: 'failed' }),
      ...(reference && {
        paths: explained(report, comparison.paths, viewReference(reference, options.baseline ? undefined : baseline)),
      }),
    },
  };
}

/** With what opened each new path since the reference. */
function explained(report: Report, compared: readonly ComparedPath[], view: ReferenceView): readonly ComparedPath[] {
  const because = explainWorst(report, compared, view);
  return compared.map((path) => ({ ...path, because: because.get(path.id) ?? path.because }));
}

/** Each explanation asks the reference what was possible there; past this many, a person would not read on. */
const MOST_EXPLAINED = 50;

/** Why paths are new, the worst first; those that are not looked into say so. One that is new over further entries alone says so already. */
function explainWorst(
  report: Report,
  compared: readonly ComparedPath[],
  view: ReferenceView,
): ReadonlyMap<string, readonly string[]> {
  const fresh = new Set(compared.filter(({ state, further }) => state === 'new' && !further).map(({ id }) => id));
  const paths = report.paths.filter(({ id }) => fresh.has(id));
  const left = `what opened it was not looked into: more than ${MOST_EXPLAINED} paths are new`;
  return new Map(paths.map((path, at) => [path.id, at < MOST_EXPLAINED ? explainNew(path, view) : [left]]));
}

/**
 * What the reference snapshot knows, asked only as far as new paths need it.
 * @param itself the reference as a baseline, where it was made into one
 */
function viewReference(reference: Analysis, itself: Baseline | undefined): ReferenceView {
  const reached = new Map<string, ReturnType<ReferenceView['stepsFrom']>>();
  const report = reference.report();
  let otherWays: ReadonlySet<string> | undefined;
  return {
    report,
    hadOtherWay: (id) => {
      const ways = () => itself?.otherWays ?? findOtherWays(reference.attack, report.paths, reference.data);
      otherWays ??= new Set(ways().map((way) => way.id));
      return otherWays.has(id);
    },
    shownSteps: new Set(report.paths.flatMap((path) => path.steps.map(stepKey))),
    hasAsset: (id) => reference.graph.asset(id) !== undefined,
    stepsFrom: (asset) => {
      const known = reached.get(asset);
      if (known) return known;
      const steps = askStepsFrom(reference, asset);
      reached.set(asset, steps);
      return steps;
    },
  };
}

function askStepsFrom(reference: Analysis, asset: string): ReturnType<ReferenceView['stepsFrom']> {
  try {
    return reference.blastRadius([asset]).reaches.flatMap((reach) => reach.steps);
  } catch (error) {
    // An asset that nothing can be asked of there is one from which no step was possible.
    if (error instanceof UserError) return [];
    throw error;
  }
}

/** What says how bad a path is, and never whether there is one: a gap there hides nothing. */
const RATES_ONLY = new Set(['macie2/GetFindings']);

/** A snapshot that notes which operations are read from it. */
export function recordReads(snapshot: Snapshot): { readonly snapshot: Snapshot; readonly reads: ReadonlySet<string> } {
  const reads = new Set<string>();
  const note = (service: string, operation: string): void => {
    const name = `${service}/${operation}`;
    if (!RATES_ONLY.has(name)) reads.add(name);
  };
  return {
    reads,
    snapshot: {
      accounts: snapshot.accounts,
      gaps: snapshot.gaps,
      ...(snapshot.collectedAt !== undefined && { collectedAt: snapshot.collectedAt }),
      answers: (service, operation) => {
        note(service, operation);
        return snapshot.answers(service, operation);
      },
      answer: (account, region, service, operation) => {
        note(service, operation);
        return snapshot.answer(account, region, service, operation);
      },
      coverage: (account, region, service, operation) => {
        note(service, operation);
        return snapshot.coverage(account, region, service, operation);
      },
    },
  };
}
