import type { FixPlan, Outcome, PathEnds, PlannedChange, WhatIf } from '../../changes/index.js';
import { makeNames } from '../asset-names.js';
import { makeColors } from '../colors.js';
import { hang } from '../display-width.js';
import { printable } from '../printable.js';
import type { RenderOptions } from '../reporter.js';

const LISTED = 5;

const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;

/** The plan of `fix`, for a terminal. */
export function renderFixPlan(plan: FixPlan, options: RenderOptions): string {
  const paint = makeColors(options.color);
  const { width } = options;
  if (plan.pathsBefore === 0) return 'There is no attack path to end.\n';
  const lines = hang(
    '',
    `Of ${count(plan.pathsBefore, 'attack path')}, ${plan.pathsAfter} would be left after these changes; each was tried on the snapshot.`,
    width,
  );
  plan.fixes.forEach(({ changes, outcome }, at) => {
    lines.push('', paint.bold(`${at + 1}. ends ${count(outcome.gone.length, 'path')}, ${outcome.left} left`));
    for (const change of changes) lines.push(...changeLines(change, width).map((line) => printable(line)));
    lines.push(...outcomeLines(outcome, width));
  });
  if (plan.left.length > 0) {
    const shown = plan.left.slice(0, LISTED).join(', ');
    const more = plan.left.length > LISTED ? ` and ${plan.left.length - LISTED} more` : '';
    lines.push('', ...hang('', printable(`Not ended by this plan: ${shown}${more}.`), width));
  }
  return `${lines.join('\n')}\n`;
}

/** The answer to `what-if`, for a terminal. */
export function renderWhatIf(answer: WhatIf, { color, width }: RenderOptions): string {
  const paint = makeColors(color);
  const lines = [paint.bold(`${answer.pathsBefore} attack paths would become ${answer.pathsAfter}`)];
  for (const change of answer.changes) lines.push(...changeLines(change, width).map((line) => printable(line)));
  lines.push(...outcomeLines(answer.outcome, width));
  return `${lines.join('\n')}\n`;
}

function changeLines({ text, command, terraform, alsoCuts }: PlannedChange, width: number): string[] {
  const more = alsoCuts.length > LISTED ? [`     and ${alsoCuts.length - LISTED} more`] : [];
  return [
    ...hang('   - ', text, width),
    ...(command === '' ? [] : [`     $ ${command}`]),
    ...hang('     ', `Terraform: ${terraform}`, width),
    ...alsoCuts.slice(0, LISTED).flatMap((sentence) => hang('     also cuts: ', sentence, width)),
    ...more,
  ];
}

function outcomeLines({ gone, anotherWay, opened }: Outcome, width: number): string[] {
  return [
    ...pathLines('gone', gone, width),
    ...pathLines('still had, another way', anotherWay, width),
    ...pathLines('OPENED', opened, width),
  ];
}

function pathLines(title: string, paths: readonly PathEnds[], width: number): string[] {
  if (paths.length === 0) return [];
  const shown = paths.slice(0, LISTED).map((path) => {
    const { nameOf } = makeNames((id) => (id === path.entry ? path.entryName : path.targetName));
    return `${path.id} ${path.severity}: ${nameOf(path.entry)} → ${nameOf(path.target)}`;
  });
  return [
    `     ${title}: ${paths.length}`,
    ...shown.flatMap((line) => hang('       ', printable(line), width)),
    ...(paths.length > LISTED ? [`       and ${paths.length - LISTED} more`] : []),
  ];
}
