import type { ReportPath } from '../../findings/report.js';
import { conditionText } from '../../reporters/condition-text.js';
import { count, coverageLines } from '../../reporters/coverage-text.js';
import { groupByTarget } from '../../reporters/group-paths.js';
import { brokenOf, guardrailText } from '../../reporters/guardrails.js';
import type { PageModel } from '../data/page-report.js';
import { el } from '../dom/element.js';
import { pathDrawing } from '../drawing/path-drawing.js';
import { chain } from '../parts/chain.js';
import { section, table } from '../parts/section.js';
import { severityMark } from '../parts/severity.js';

/** Paths that are told in full; the others stand in the table. */
const MOST_IN_FULL = 30;
const MOST_ROWS = 300;

/** The whole report from top to bottom, for paper. */
export function printView(model: PageModel): HTMLElement {
  const { report, paths, names } = model;
  const groups = groupByTarget(paths);
  const told = groups.slice(0, MOST_IN_FULL).map(({ worst }) => worst);
  return el(
    'div',
    { class: 'print-view' },
    el(
      'div',
      { class: 'beside no-print' },
      el('p', { class: 'note' }, 'The report as it is printed.'),
      el('button', { type: 'button', click: () => window.print() }, 'Print or save as PDF'),
    ),
    el('h1', {}, `Attack paths in ${count(report.snapshot.accounts.length, 'account')}`),
    coverageLines(report).map((line) => el('p', { class: 'lead' }, line)),
    report.comparison !== undefined &&
      el(
        'p',
        {},
        `Since the baseline: ${Object.entries(report.comparison.counts)
          .map(([state, number]) => `${number} ${state}`)
          .join(', ')}.`,
      ),
    brokenOf(report).map((one) => el('p', {}, `Guardrail ${one.place}: ${guardrailText(one)}.`)),
    section(
      'Findings',
      table(
        'Findings',
        ['Severity', 'Target', 'Way', 'Paths'],
        groups
          .slice(0, MOST_ROWS)
          .map(({ worst, paths: own }) => [
            severityMark(worst.severity, worst.score),
            `${names.label(worst.target.id)} (${worst.target.access})`,
            chain(worst, names),
            own.length,
          ]),
      ),
      groups.length > MOST_ROWS &&
        el('p', { class: 'note' }, `${count(groups.length - MOST_ROWS, 'more target')} are not listed.`),
    ),
    section(
      'Best fixes',
      table(
        'Best fixes',
        ['Change', 'Ends'],
        report.chokePoints.map(({ remove, paths: cut }) => [remove.what, `${cut} of ${report.summary.paths}`]),
      ),
    ),
    told.map((path) => inFull(model, path)),
    groups.length > told.length &&
      el(
        'p',
        { class: 'note' },
        `The ${MOST_IN_FULL} worst are told in full; ${count(groups.length - told.length, 'target')} stand in the table alone.`,
      ),
  );
}

const inFull = ({ names }: PageModel, path: ReportPath): HTMLElement =>
  el(
    'section',
    { class: 'panel in-full' },
    el(
      'h2',
      {},
      severityMark(path.severity, path.score),
      ' ',
      el('bdi', {}, names.label(path.target.id)),
      ` (${path.target.access})`,
    ),
    el('p', { class: 'note' }, `${path.id}, ${path.confidence}. `, path.factors.join(' ')),
    pathDrawing(path, names),
    path.conditions.length > 0 && el('p', {}, el('b', {}, 'If '), path.conditions.map(conditionText).join('; ')),
    el(
      'ol',
      { class: 'in-full-steps' },
      path.steps.map(({ technique, text, evidence, assumptions, attack, fix }) =>
        el(
          'li',
          {},
          el(
            'p',
            {},
            el('b', {}, text),
            ' ',
            el('code', {}, technique),
            attack.length > 0 && ` (${attack.join(', ')})`,
          ),
          el('p', { class: 'note' }, evidence.map(({ asset, fact }) => `${names.full(asset)}: ${fact}`).join('; ')),
          assumptions.length > 0 &&
            el('p', { class: 'note' }, el('b', {}, 'Taken for granted '), assumptions.join(' ')),
          fix !== '' && el('p', { class: 'fix' }, el('b', {}, 'Fix '), fix),
        ),
      ),
    ),
  );
