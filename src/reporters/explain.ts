import type { ReportPath, ReportStep } from '../findings/report.js';
import { type AssetNames, namesOf } from './asset-names.js';
import { type Colors, makeColors } from './colors.js';
import { conditionText } from './condition-text.js';
import { hang } from './display-width.js';
import { formatJson } from './json.js';
import { drawPath } from './mermaid.js';
import { layOutPath } from './path-lanes.js';
import { stationsOf, straighten } from './path-line.js';
import { noteText } from './note-text.js';
import { printable } from './printable.js';
import type { Render, Reportable, RenderOptions } from './reporter.js';

/** One path with everything that is known of it; Markdown and JSON show it alone as their reports would. */
export async function explainPath(
  report: Reportable,
  path: ReportPath,
  format: string,
  options: RenderOptions,
): Promise<string> {
  if (format === 'json') return formatJson(path);
  if (format === 'mermaid') return drawPath(path, namesOf(report));
  if (format === 'markdown') {
    const { renderMarkdown }: { renderMarkdown: Render } = await import('./markdown.js');
    const bySeverity = { critical: 0, high: 0, medium: 0, low: 0, [path.severity]: 1 };
    return renderMarkdown({ ...report, paths: [path], summary: { ...report.summary, paths: 1, bySeverity } }, options);
  }
  return drawForTerminal(report, path, options);
}

function drawForTerminal(report: Reportable, path: ReportPath, { color, width }: RenderOptions): string {
  const paint = makeColors(color);
  const names = namesOf(report);
  const chain = stationsOf(straighten(path)).map(names.labelOf);
  const lines = [
    `${paint.severity(path.severity, path.severity.toUpperCase())} ${path.score}  ${path.id}  ${path.confidence}`,
    ...hang('', printable(`${chain.join(' → ')} (${path.target.access})`), width),
    ...path.factors.flatMap((factor) => hang('  because ', printable(factor), width)),
    ...path.conditions.flatMap((condition) => hang('  if ', conditionText(condition), width).map((l) => paint.warn(l))),
    '',
  ];
  lines.push(...drawingLines(path, names, paint, width));
  if (path.entry.members.length > 1) lines.push('', ...listMembers('The entry stands for', path.entry.members, width));
  if (path.target.members.length > 1)
    lines.push('', ...listMembers('The target stands for', path.target.members, width));
  if (path.notes.length > 0) lines.push('', 'On the way');
  lines.push(...path.notes.flatMap((note) => hang('  ', printable(noteText(note, names)), width)));
  return `${lines.join('\n')}\n`;
}

/** The path from top to bottom: what is had as ●, the steps between, each with what it rests on; lanes part and meet where a step needs several things. */
function drawingLines({ steps, target }: ReportPath, names: AssetNames, paint: Colors, width: number): string[] {
  const start = steps[0]?.from ?? 'internet';
  return layOutPath(steps).flatMap((row) => {
    if (row.kind === 'join') return [row.lanes];
    const step = steps[row.step];
    if (row.kind === 'station') {
      const end = row.step === steps.length - 1 ? ` (${target.access})` : '';
      return hang(`${row.lanes} `, printable(names.labelOf(step?.to ?? start) + end), width).map(
        (line, at) => (at === 0 ? row.lanes : row.lanes.replace('●', ' ')) + paint.bold(line.slice(row.lanes.length)),
      );
    }
    return step ? stepLines(step, row, names, paint, width) : [];
  });
}

function stepLines(
  step: ReportStep,
  { lanes, step: at }: { readonly lanes: string; readonly step: number },
  names: AssetNames,
  paint: Colors,
  width: number,
): string[] {
  const room = width - lanes.length - 1;
  const attack = step.attack.length > 0 ? `  ATT&CK ${step.attack.join(', ')}` : '';
  const under = (label: string, text: string): string[] => hang(`   ${label}`, printable(text), room);
  const needed = step.requires.filter((id) => id !== step.from && id !== step.to);
  return [
    ...hang(`${at + 1}  `, printable(`${step.technique}: ${step.title}${attack}`), room),
    ...under('', step.text),
    ...needed.flatMap((id) => under('needs    ', names.labelOf(id))),
    ...step.evidence.flatMap(({ asset, fact, source }) =>
      under('evidence ', `${subjectOf(asset, fact, names)}${fact}${source === '' ? '' : ` [${source}]`}`).map((line) =>
        paint.dim(line),
      ),
    ),
    ...step.assumptions.flatMap((assumption) => under('assumes  ', assumption)),
    ...step.conditions
      .flatMap((condition) => under('if       ', conditionText(condition)))
      .map((line) => paint.warn(line)),
    ...under('fix      ', step.fix).map((line) => paint.good(line)),
  ].map((line) => `${lanes} ${line}`);
}

/** Whom a fact is about, where its own words do not say so. */
function subjectOf(asset: string, fact: string, names: AssetNames): string {
  const label = names.labelOf(asset);
  const bare = asset.split(/[/:]/).at(-1) ?? asset;
  return fact.includes(bare) ? '' : `${label}: `;
}

const listMembers = (title: string, members: readonly string[], width: number): string[] => [
  `${title} ${members.length}:`,
  ...members.flatMap((id) => hang('  ', printable(id), width)),
];
