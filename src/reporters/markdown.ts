import type { ComparedPath, ReportPath } from '../findings/index.js';
import { type AssetNames, namesOf } from './asset-names.js';
import { bestFixes } from './best-fix.js';
import { conditionText } from './condition-text.js';
import { count, coverageLines, shortList } from './coverage-text.js';
import { codeSpan, escapeMarkdown } from './escape/markdown.js';
import { drawPath } from './mermaid.js';
import { noteText } from './note-text.js';
import { stationsOf, straighten } from './path-line.js';
import type { Reportable, RenderOptions } from './reporter.js';

/** A comment on a pull request ends at 65,536 characters; a path with its drawing takes about 2,500. */
const MOST_PATHS = 20;
const MOST_LETTERS = 60_000;

/** The report as a comment or a job summary: what is new first, each path with a drawing. */
export function renderMarkdown(report: Reportable, options: RenderOptions): string {
  const names = namesOf(report);
  const fixes = bestFixes(report.paths);
  const states = new Map((report.comparison?.paths ?? []).map((path) => [path.id, path]));
  const isFailing = ({ id }: ReportPath): boolean => ['new', 'expired'].includes(states.get(id)?.state ?? '');
  // In a check only what is new is worth a drawing; the rest is accepted and counted.
  const told = report.comparison ? report.paths.filter(isFailing) : report.paths;
  const head = [
    `## ${headline(report)}`,
    ...checkParagraphs(report),
    coverageLines(report).map(escapeMarkdown).join('  \n'),
  ];
  const shown: string[] = [];
  let letters = head.join('').length;
  for (const path of options.all === true ? told : told.slice(0, MOST_PATHS)) {
    const section = pathSection(path, names, fixes, states.get(path.id));
    letters += section.length + 2;
    if (options.all !== true && letters > MOST_LETTERS) break;
    shown.push(section);
  }
  const left = told.length - shown.length;
  return [
    ...head,
    ...shown,
    ...(left > 0 ? [`${count(left, 'more path')} of this kind: see the JSON report.`] : []),
    '',
  ].join('\n\n');
}

function headline({ comparison, paths, summary }: Reportable): string {
  if (comparison) {
    const { counts, verdict } = comparison;
    if (verdict === 'failed')
      return `trespass: ${count(counts.new + counts.expired, 'attack path')} that the baseline does not accept`;
    if (verdict === 'gaps') return 'trespass: undecided, since the check could not see what it depends on';
    return 'trespass: no new attack path';
  }
  if (paths.length === 0) return 'trespass: no attack path was found';
  const worst = (['critical', 'high', 'medium', 'low'] as const)
    .filter((severity) => summary.bySeverity[severity] > 0)
    .map((severity) => `${summary.bySeverity[severity]} ${severity}`);
  return `trespass: ${count(paths.length, 'attack path')} (${worst.join(', ')})`;
}

function checkParagraphs({ comparison }: Reportable): string[] {
  if (!comparison) return [];
  const { counts, missing, gaps } = comparison;
  const paragraphs = [
    `${counts.new} new, ${counts.expired} expired, ${counts['newly-seen']} seen only by this version, ${counts.unchanged} unchanged, ` +
      `${counts.absent} absent, ${counts.unverified} unverified`,
  ];
  const unverified = missing.filter((path) => path.state === 'unverified');
  if (unverified.length > 0) {
    paragraphs.push(
      shortened(
        unverified.map((path) => `- unverified ${codeSpan(path.id)}: ${escapeMarkdown(shortList(path.unseen, 5))}`),
      ),
    );
  }
  const unused = missing.filter(({ state, reason, owner }) => state === 'absent' && (reason ?? owner) !== undefined);
  if (unused.length > 0)
    paragraphs.push(shortened(unused.map(({ id }) => `- unused acceptance of ${codeSpan(id)}: the path is gone`)));
  if (gaps.length > 0) paragraphs.push(shortened(gaps.map((gap) => `- gap: ${codeSpan(gap)}`)));
  return paragraphs;
}

const MOST_ITEMS = 50;

/** The first items of a list, and how many more there are. */
const shortened = (items: readonly string[]): string =>
  [
    ...items.slice(0, MOST_ITEMS),
    ...(items.length > MOST_ITEMS ? [`- … ${(items.length - MOST_ITEMS).toLocaleString('en-US')} more`] : []),
  ].join('\n');

function pathSection(
  path: ReportPath,
  names: AssetNames,
  fixes: ReadonlyMap<string, string>,
  state: ComparedPath | undefined,
): string {
  const chain = stationsOf(straighten(path)).map(names.labelOf).join(' → ');
  const steps = path.steps.map((step, at) => {
    const facts = step.evidence.map((fact) => `   - ${escapeMarkdown(fact.fact)} (${codeSpan(fact.source)})`);
    return [`${at + 1}. ${escapeMarkdown(step.text)}`, ...facts].join('\n');
  });
  const notes = [
    ...(state?.because ?? []).map((reason) => `- why: ${escapeMarkdown(reason)}`),
    ...path.conditions.map((condition) => `- if: ${escapeMarkdown(conditionText(condition))}`),
    `- fix: ${escapeMarkdown(fixes.get(path.id) ?? '')}`,
    ...path.notes.map((note) => `- note: ${escapeMarkdown(noteText(note, names))}`),
  ];
  return [
    `### ${path.severity} ${path.score}: ${escapeMarkdown(chain)} (${path.target.access})`,
    `${codeSpan(path.id)}${state ? `, ${state.state}` : ''}, ${path.confidence}`,
    `\`\`\`mermaid\n${drawPath(path, names)}\`\`\``,
    notes.join('\n'),
    `<details><summary>Steps and evidence</summary>\n\n${steps.join('\n')}\n\n</details>`,
  ].join('\n\n');
}
