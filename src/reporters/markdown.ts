import type { ComparedPath, JudgedGuardrail, ReportPath } from '../findings/index.js';
import { type AssetNames, namesOf } from './asset-names.js';
import { bestFixes } from './best-fix.js';
import { conditionText } from './condition-text.js';
import { count, coverageLines, shortList } from './coverage-text.js';
import { codeSpan, escapeMarkdown } from './escape/markdown.js';
import { brokenBy, brokenOf, failing, guardrailText } from './guardrails.js';
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
  // In a check only what fails it is worth a drawing; the rest is accepted and counted.
  const told = report.comparison ? report.paths.filter(failing(report)) : report.paths;
  const guardrailsOf = brokenBy(report);
  const head = [
    `## ${headline(report)}`,
    ...checkParagraphs(report),
    ...guardrailParagraphs(report),
    coverageLines(report).map(escapeMarkdown).join('  \n'),
  ];
  const shown: string[] = [];
  let letters = head.join('').length;
  for (const path of options.all === true ? told : told.slice(0, MOST_PATHS)) {
    const section = pathSection(path, names, {
      fix: fixes.get(path.id) ?? '',
      state: states.get(path.id),
      breaks: guardrailsOf(path),
    });
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

function headline(report: Reportable): string {
  const { comparison, paths, summary } = report;
  const broken = brokenOf(report).length;
  const guardrails = broken > 0 ? [`${count(broken, 'guardrail')} broken`] : [];
  if (comparison) {
    const { counts, verdict } = comparison;
    if (verdict === 'failed') {
      const failed = counts.new + counts.expired;
      const fresh = failed > 0 ? [`${count(failed, 'attack path')} that the baseline does not accept`] : [];
      return `trespass: ${[...fresh, ...guardrails].join(', ')}`;
    }
    if (verdict === 'gaps') return 'trespass: undecided, since the check could not see what it depends on';
    return 'trespass: no new attack path';
  }
  if (paths.length === 0) return 'trespass: no attack path was found';
  const worst = (['critical', 'high', 'medium', 'low'] as const)
    .filter((severity) => summary.bySeverity[severity] > 0)
    .map((severity) => `${summary.bySeverity[severity]} ${severity}`);
  return `trespass: ${[`${count(paths.length, 'attack path')} (${worst.join(', ')})`, ...guardrails].join(', ')}`;
}

function guardrailParagraphs({ guardrails = [] }: Reportable): string[] {
  if (guardrails.length === 0) return [];
  return [
    shortened(guardrails.map((one) => `- guardrail ${codeSpan(one.place)}: ${escapeMarkdown(guardrailText(one))}`)),
  ];
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

/** What is said of a path besides itself. */
interface Told {
  readonly fix: string;
  readonly state: ComparedPath | undefined;
  readonly breaks: readonly JudgedGuardrail[];
}

function pathSection(path: ReportPath, names: AssetNames, { fix, state, breaks }: Told): string {
  const chain = stationsOf(straighten(path)).map(names.labelOf).join(' → ');
  const steps = path.steps.map((step, at) => {
    const facts = step.evidence.map((fact) => `   - ${escapeMarkdown(fact.fact)} (${codeSpan(fact.source)})`);
    return [`${at + 1}. ${escapeMarkdown(step.text)}`, ...facts].join('\n');
  });
  const notes = [
    ...breaks.map(({ place, text }) => `- breaks the guardrail ${codeSpan(place)}: ${escapeMarkdown(text)}`),
    ...(state?.because ?? []).map((reason) => `- why: ${escapeMarkdown(reason)}`),
    ...path.conditions.map((condition) => `- if: ${escapeMarkdown(conditionText(condition))}`),
    `- fix: ${escapeMarkdown(fix)}`,
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
