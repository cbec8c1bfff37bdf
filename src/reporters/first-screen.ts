import type { ReportPath } from '../findings/index.js';
import { groupBy } from '../model/index.js';
import type { AssetNames } from './asset-names.js';
import type { Colors } from './colors.js';
import { count, coverageLines, shortList } from './coverage-text.js';
import { hang, truncate } from './display-width.js';
import { groupByTarget } from './group-paths.js';
import { guardrailLines } from './guardrail-lines.js';
import { printable } from './printable.js';
import type { Reportable } from './reporter.js';

const MOST_ROWS = 5;
const MOST_FIXES = 3;

interface Page {
  readonly paint: Colors;
  readonly names: AssetNames;
  readonly width: number;
}

/** Findings that a person would deal with alike: targets of one type, had alike, equally bad. */
interface Row {
  readonly worst: ReportPath;
  readonly paths: readonly ReportPath[];
  readonly targets: number;
}

/**
 * A large account on a dozen lines, each as wide as the screen at most: what was seen, what is exposed, the worst findings with those that are alike on one line, the
 * changes that break most. Everything else is counted.
 */
export function firstScreen(report: Reportable, page: Page, snapshot: string): string[] {
  const { paint, width } = page;
  const [seen = '', ...notSeen] = coverageLines(report).map((line) => printable(line));
  return [
    ...hang('', seen, width),
    ...notSeen.flatMap((line) => hang('', line, width)).map((line) => paint.warn(line)),
    ...guardrailLines(report, paint, width),
    exposedLine(report, page),
    ...findingLines(report, page),
    ...fixLines(report, page),
    truncate(
      printable(`trespass explain ${snapshot} ${report.paths[0]?.id ?? ''}   shows a path; --all shows everything`),
      width,
    ),
  ];
}

function exposedLine({ exposures }: Reportable, { names, width, paint }: Page): string {
  const open = exposures.filter(({ grade }) => grade !== 'named');
  const title = 'Exposed to the internet';
  const what = open.map(({ asset, ports }) => `${names.nameOf(asset)} ${shortList(ports, 2)}`);
  const line = truncate(
    printable(`${title}: ${open.length}${what.length > 0 ? `: ${shortList(what, 3)}` : ''}`),
    width,
  );
  return line.replace(title, paint.bold(title));
}

function findingLines({ paths, summary }: Reportable, page: Page): string[] {
  const { paint, width } = page;
  const targets = groupByTarget(paths);
  const bySeverity = (['critical', 'high', 'medium', 'low'] as const)
    .filter((severity) => summary.bySeverity[severity] > 0)
    .map((severity) => paint.severity(severity, `${summary.bySeverity[severity]} ${severity}`));
  const rows = [
    ...groupBy(targets, ({ worst: { severity, target } }) => `${severity} ${target.access} ${target.type}`).values(),
  ].map(
    (own): Row => ({
      worst: (own[0] as (typeof own)[number]).worst,
      paths: own.flatMap((group) => group.paths),
      targets: own.length,
    }),
  );
  const shown = rows.slice(0, MOST_ROWS);
  const left = rows.slice(MOST_ROWS);
  const lines = [
    `${paint.bold('Attack paths')}: ${paths.length.toLocaleString('en-US')} to ${count(targets.length, 'target')} (${bySeverity.join(', ')})`,
    ...shown.map((row) => rowLine(row, page)),
  ];
  if (left.length > 0) {
    const more = left.reduce((sum, row) => sum + row.paths.length, 0);
    const kinds = left.map((row) => `${row.targets} ${row.worst.target.type}`);
    lines.push(truncate(`  … ${count(more, 'more path')}: ${shortList(kinds, 4)}`, width));
  }
  return lines;
}

/** How many come first, so that a narrow screen cuts off examples and never counts. */
function rowLine({ worst, paths, targets }: Row, { paint, names, width }: Page): string {
  const { severity, score, id, entry, target } = worst;
  const word = severity.toUpperCase().padEnd(8);
  const ways = new Set(paths.flatMap((path) => path.entry.members)).size;
  const doubt = paths.every(({ confidence }) => confidence === 'conditional') ? ', on conditions' : '';
  const isOpen = entry.id === target.id;
  const end = names.labelOf(target.id);
  const what =
    targets === 1
      ? `${end} (${target.access})${doubt}${isOpen ? ', open to everybody' : ways > 1 ? `, from ${count(ways, 'entrance')}` : `, from ${names.nameOf(entry.id)}`}`
      : `${targets.toLocaleString('en-US')} ${target.type} (${target.access})${doubt}, from ${count(ways, 'entrance')}: ${end} from ${isOpen ? 'anywhere' : names.nameOf(entry.id)}, …`;
  const line = truncate(printable(`  ${word} ${String(score).padStart(3)}  ${id}  ${what}`), width);
  return line.replace(word, paint.severity(severity, word));
}

function fixLines({ chokePoints }: Reportable, { paint, width }: Page): string[] {
  const verified = chokePoints.filter((point) => point.verified);
  if (verified.length === 0) return [];
  const left = verified.length - MOST_FIXES;
  return [
    `${paint.bold('Changes that break most paths')}${left > 0 ? ` (${left} more; trespass fix plans them)` : ''}`,
    ...verified
      .slice(0, MOST_FIXES)
      .map(({ remove, paths }) => truncate(printable(`  ${count(paths, 'path')}: ${remove.what}`), width)),
  ];
}
