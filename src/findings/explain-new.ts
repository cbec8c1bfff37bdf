import { factText } from './baseline.js';
import type { Report, ReportPath, ReportStep } from './report.js';

/** What an earlier state of the same accounts knew. */
export interface ReferenceView {
  readonly report: Report;
  /** The keys of every step of its paths. */
  readonly shownSteps: ReadonlySet<string>;
  hasAsset(id: string): boolean;
  /** Whether a path was possible and not told, since an easier one led between the same ends. */
  hadOtherWay(id: string): boolean;
  /** Every step that an intruder who holds `asset` could take there. */
  stepsFrom(asset: string): readonly ReportStep[];
}

/**
 * Why a path is new: the first of its steps that could not be taken in the reference, and which of its facts were not there.
 * A step is the same when its technique and both its ends are; facts are compared as they are worded.
 */
export function explainNew(path: ReportPath, reference: ReferenceView): readonly string[] {
  if (reference.hadOtherWay(path.id))
    return ['it was possible in the reference too, behind an easier way between the same ends that is gone'];
  const [index, before] = firstNewStep(path, reference);
  const step = path.steps[index];
  if (!step) return ['every step of it was possible before; together they were not found'];
  const appeared = [step.from, step.to].filter((id) => isAsset(id) && !reference.hasAsset(id));
  if (appeared.length > 0)
    return [`step ${index + 1} is new: ${appeared.join(' and ')} did not exist in the reference`];
  const known = new Set(before.map((fact) => `${fact.asset}\n${fact.fact}`));
  const fresh = step.evidence.filter((fact) => !known.has(`${fact.asset}\n${fact.fact}`));
  return [`step ${index + 1} is new: ${step.text}`, ...(fresh.length > 0 ? fresh : step.evidence).map(factText)];
}

type Facts = ReportStep['evidence'];

/** The position of the first step that the reference lacks, and the facts that were known about its ends. */
function firstNewStep(path: ReportPath, reference: ReferenceView): readonly [number, Facts] {
  for (const [index, step] of path.steps.entries()) {
    if (reference.shownSteps.has(stepKey(step))) continue;
    const possible = isAsset(step.from) && reference.hasAsset(step.from) ? reference.stepsFrom(step.from) : [];
    if (possible.some((other) => stepKey(other) === stepKey(step))) continue;
    const shown = reference.report.paths.flatMap((other) => other.steps);
    const related = [...shown, ...possible].filter((other) => other.to === step.to || other.from === step.from);
    const exposures = reference.report.exposures.filter((exposure) => exposure.asset === step.to);
    return [index, [...related, ...exposures].flatMap((thing) => thing.evidence)];
  }
  return [path.steps.length, []];
}

/** What makes two steps the same. */
export const stepKey = ({ technique, from, to }: ReportStep): string => `${technique}\n${from}\n${to}`;

/** What has an ARN is there or not; the internet and being administrator always are. */
const isAsset = (id: string): boolean => id.startsWith('arn:');
