import { hash } from 'node:crypto';
import type { ProofLine } from './proof-lines.js';
import type { ReportStep } from './report.js';

const ID_DIGITS = 16;

/** What an asset counts as from one day to the next. */
type LogicalId = (asset: string) => string;

/**
 * Makes the identities of paths: of their technique ids and the logical identity of their assets, so that replacing an instance of a group by its
 * twin, reordering answers or renaming tags gives the same path. Paths share steps and whole beginnings, so what these add is put into words once.
 */
export function makePathIds(logicalId: LogicalId): PathIds {
  const words = new Map<ReportStep, string>();
  const wordsOfLines = new WeakMap<ProofLine, string>();
  const wordsOf = (step: ReportStep): string => {
    const known = words.get(step) ?? describe(step, logicalId);
    words.set(step, known);
    return known;
  };
  /** Words of a line that others go on from, which are kept. */
  const wordsBefore = (line: ProofLine): string => {
    const known = wordsOfLines.get(line) ?? wordsOfLine(line);
    wordsOfLines.set(line, known);
    return known;
  };
  const wordsOfLine = ({ steps, before }: ProofLine): string => {
    let told = before === undefined ? '' : wordsBefore(before);
    for (let at = before?.steps.length ?? 0; at < steps.length; at++) told += wordsOf(steps[at] as ReportStep);
    return told;
  };
  return (entering, line, target, counts) => {
    const told =
      counts === undefined
        ? wordsOf(entering) + wordsOfLine(line)
        : [entering, ...line.steps]
            .map((step) =>
              step.from === target || step.to === target
                ? describe(step, (asset) => (asset === target ? counts : logicalId(asset)))
                : wordsOf(step),
            )
            .join('');
    return `p-${hash('sha256', told + (counts ?? logicalId(target))).slice(0, ID_DIGITS)}`;
  };
}

/**
 * @param entering the step by which the entry is entered
 * @param counts what the target counts as, where that is not its own logical identity
 */
export type PathIds = (entering: ReportStep, line: ProofLine, target: string, counts: string | undefined) => string;

const describe = ({ technique, from, to }: ReportStep, logicalId: LogicalId): string =>
  `${technique}\n${logicalId(from)}\n${logicalId(to)}\n`;
