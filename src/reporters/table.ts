import type { ComparedPath, ReportExposure, ReportPath } from '../findings/index.js';
import { type AssetNames, namesOf } from './asset-names.js';
import { bestFixes } from './best-fix.js';
import { type Colors, makeColors } from './colors.js';
import { comparisonLines } from './comparison-text.js';
import { conditionText } from './condition-text.js';
import { count, coverageLines, shortList } from './coverage-text.js';
import { displayWidth, hang, padTo, truncate } from './display-width.js';
import { firstScreen } from './first-screen.js';
import { groupByTarget, type TargetGroup } from './group-paths.js';
import { guardrailLines } from './guardrail-lines.js';
import { brokenBy, failing } from './guardrails.js';
import { stationsOf, straighten } from './path-line.js';
import { printable } from './printable.js';
import type { Reportable, RenderOptions } from './reporter.js';

/** How much of a large account the first screen shows; the rest is counted. */
const MOST_EXPOSURES = 6;
const MOST_TARGETS = 8;
const MOST_FIXES = 3;
/** Columns in which ports and sources are told. */
const LEAST_FOR_PORTS = 32;

interface Page {
  readonly paint: Colors;
  readonly names: AssetNames;
  readonly width: number;
  readonly isWhole: boolean;
}

/** The report for a terminal: what was seen, what is exposed, the worst paths, the fixes that break most. */
export function renderTable(report: Reportable, options: RenderOptions): string {
  const page: Page = {
    paint: makeColors(options.color),
    names: namesOf(report),
    width: options.width,
    isWhole: options.all === true,
  };
  if (isLarge(report) && !page.isWhole)
    return `${firstScreen(report, page, printable(options.snapshot ?? 'SNAPSHOT')).join('\n')}\n`;
  const sections = [
    coverageLines(report).flatMap((line, at) => {
      const lines = hang('', printable(line), page.width);
      return at === 0 ? lines : lines.map((text) => page.paint.warn(text));
    }),
    [...comparisonLines(report, page.paint, page.width), ...guardrailLines(report, page.paint, page.width)],
    exposureLines(report, page),
    pathLines(report, page),
    fixLines(report, page),
    closingLines(report, options),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** Whether telling every target by itself would run off the screen. A check tells what fails it, whatever the size. */
const isLarge = ({ paths, comparison }: Reportable): boolean =>
  comparison === undefined && groupByTarget(paths).length > MOST_TARGETS;

function exposureLines({ exposures }: Reportable, { paint, names, width, isWhole }: Page): string[] {
  const open = exposures.filter(({ grade }) => grade !== 'named');
  const named = exposures.length - open.length;
  const aside = named > 0 ? `, and ${named} to named addresses alone` : '';
  if (open.length === 0) return [`Nothing is exposed to the internet${aside}.`];
  const shown = isWhole ? open : open.slice(0, MOST_EXPOSURES);
  const labels = shown.map((exposure) => truncate(printable(names.labelOf(exposure.asset)), 44));
  const column = Math.max(...labels.map(displayWidth)) + 2;
  return [
    `${paint.bold('Exposed to the internet')}: ${open.length}${aside}`,
    ...shown.flatMap((exposure, at) =>
      // Beside the name, or below it where the screen would cut off what is open.
      column + LEAST_FOR_PORTS <= width
        ? [truncate(`  ${padTo(labels[at] ?? '', column)}${exposureText(exposure)}`, width)]
        : [truncate(`  ${labels[at] ?? ''}`, width), ...hang('    ', exposureText(exposure), width)],
    ),
    ...(open.length > shown.length ? [`  … ${open.length - shown.length} more`] : []),
  ];
}

function exposureText({ ports, grade, sources, confidence }: ReportExposure): string {
  const doubt = confidence === 'conditional' ? ' (on conditions)' : '';
  const from = grade === 'cloudfront' ? 'CloudFront' : shortList(sources, 2);
  return printable(`${shortList(ports, 4)} from ${from}${doubt}`);
}

function pathLines(report: Reportable, page: Page): string[] {
  const { paint, isWhole } = page;
  const { paths, summary } = report;
  if (paths.length === 0) {
    return [
      report.snapshot.gaps.length > 0 ? 'No attack path was found in what could be seen.' : 'No attack path was found.',
    ];
  }
  const states = new Map((report.comparison?.paths ?? []).map((path) => [path.id, path]));
  const isFailing = failing(report);
  const guardrailsOf = brokenBy(report);
  const worth = (group: TargetGroup): number => (group.paths.some(isFailing) ? 0 : 1);
  // What fails a check, and what guardrails forbid, comes first; the sort is stable, so worst first holds within.
  const groups = [...groupByTarget(paths)].sort((a, b) => worth(a) - worth(b));
  const shown = isWhole ? groups : groups.slice(0, MOST_TARGETS);
  const fixes = bestFixes(paths);
  const bySeverity = (['critical', 'high', 'medium', 'low'] as const)
    .filter((severity) => summary.bySeverity[severity] > 0)
    .map((severity) => paint.severity(severity, `${summary.bySeverity[severity]} ${severity}`));
  const targets = count(groups.length, 'target');
  const lines = [`${paint.bold('Attack paths')}: ${paths.length} to ${targets} (${bySeverity.join(', ')})`];
  for (const group of shown) {
    const told = group.paths.find(isFailing) ?? group.worst;
    const broken = guardrailsOf(told).map(({ place }) => place);
    lines.push('', ...groupLines(group, told, { fixes, states, broken }, page));
  }
  const hidden = groups.slice(shown.length);
  if (hidden.length > 0) {
    const more = hidden.reduce((sum, group) => sum + group.paths.length, 0);
    lines.push('', `… ${count(more, 'more path')} to ${count(hidden.length, 'more target')}; --all shows every one`);
  }
  return lines;
}

/** What is said of a path besides itself. */
interface Told {
  readonly fixes: ReadonlyMap<string, string>;
  readonly states: ReadonlyMap<string, ComparedPath>;
  /** Where the guardrails stand that it breaks. */
  readonly broken: readonly string[];
}

function groupLines(
  { paths }: TargetGroup,
  path: ReportPath,
  { fixes, states, broken }: Told,
  { paint, names, width, isWhole }: Page,
): string[] {
  const state = states.get(path.id);
  const doubt = path.confidence === 'conditional' ? paint.warn(' conditional') : '';
  const mark = state && state.state !== 'unchanged' ? ` ${paint.bad(state.state)}` : '';
  const title = `${paint.severity(path.severity, path.severity.toUpperCase())} ${path.score}  ${path.id}${mark}${doubt}`;
  const straight = straighten(path);
  const chain = stationsOf(straight).map((id) => names.labelOf(id));
  const lines = [title, ...hang('  ', printable(`${chain.join(' → ')} (${path.target.access})`), width)];
  lines.push(
    ...hang('  by   ', printable(straight.line.map((step) => step.technique).join(' → ')), width).map((l) =>
      paint.dim(l),
    ),
  );
  for (const step of straight.beside)
    lines.push(...hang('  with ', printable(step.text), width).map((l) => paint.dim(l)));
  for (const condition of path.conditions)
    lines.push(...hang('  if   ', conditionText(condition), width).map((l) => paint.warn(l)));
  if (broken.length > 0)
    lines.push(
      ...hang('  breaks ', printable(`the guardrail at ${broken.join(' and ')}`), width).map((l) => paint.bad(l)),
    );
  for (const reason of state?.because ?? []) lines.push(...hang('  why  ', printable(reason), width));
  lines.push(...hang('  fix  ', printable(fixes.get(path.id) ?? ''), width).map((l) => paint.good(l)));
  const members = path.entry.members.length;
  if (members > 1) lines.push(...hang('  also ', `from ${count(members - 1, 'twin')} of the entry`, width));
  const others = paths.filter((other) => other !== path);
  if (others.length > 0) {
    const from = isWhole
      ? others.map((other) => `${names.nameOf(other.entry.id)} (${other.id})`).join(', ')
      : shortList(
          others.map((other) => names.nameOf(other.entry.id)),
          3,
        );
    lines.push(...hang('  also ', printable(`${count(others.length, 'more path')} to it, from ${from}`), width));
  }
  return lines;
}

function fixLines({ chokePoints }: Reportable, { paint, width, isWhole }: Page): string[] {
  const verified = chokePoints.filter((point) => point.verified);
  if (verified.length === 0) return [];
  const shown = isWhole ? verified : verified.slice(0, MOST_FIXES);
  const lines = [paint.bold('Changes that break most paths')];
  for (const { remove, paths, targets } of shown) {
    const gain = `${count(paths, 'path')}, ${count(targets, 'target')}: `;
    lines.push(...hang('  - ', printable(gain + remove.what), width));
    if (remove.command !== undefined) lines.push(paint.dim(`    $ ${printable(remove.command)}`));
  }
  if (verified.length > shown.length) lines.push(`  … ${verified.length - shown.length} more`);
  return lines;
}

function closingLines({ paths }: Reportable, { snapshot }: RenderOptions): string[] {
  const [worst] = paths;
  return worst
    ? [`trespass explain ${printable(snapshot ?? 'SNAPSHOT')} ${worst.id}   shows a path with its evidence`]
    : [];
}
