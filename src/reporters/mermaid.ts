import type { ReportPath, Severity } from '../findings/report.js';
import { type AssetNames, namesOf } from './asset-names.js';
import { escapeMermaid } from './escape/mermaid.js';
import type { Reportable, RenderOptions } from './reporter.js';

/** Mermaid draws no more than 500 edges unless told otherwise. @see https://mermaid.js.org/config/schema-docs/config.html */
const MOST_EDGES = 400;

const COLOURS: Readonly<Record<Severity, string>> = {
  critical: 'fill:#7f1d1d,color:#fff',
  high: 'fill:#c2410c,color:#fff',
  medium: 'fill:#facc15,color:#000',
  low: 'fill:#bae6fd,color:#000',
};

/** All paths as one drawing: assets that several paths pass stand once. Paths that would make it too large are counted. */
export function renderMermaid(report: Reportable, _options?: RenderOptions): string {
  const drawn: ReportPath[] = [];
  let edges = 0;
  for (const path of report.paths) {
    if (edges + path.steps.length > MOST_EDGES) break;
    edges += path.steps.length;
    drawn.push(path);
  }
  const lines = drawPaths(drawn, namesOf(report));
  const left = report.paths.length - drawn.length;
  if (left > 0) lines.push(`  more["${left} more paths are not drawn"]`);
  if (report.paths.length === 0) lines.push('  none["no attack path was found"]');
  return `${lines.join('\n')}\n`;
}

/** One path as a drawing. */
export const drawPath = (path: ReportPath, names: AssetNames): string => `${drawPaths([path], names).join('\n')}\n`;

function drawPaths(paths: readonly ReportPath[], names: AssetNames): string[] {
  const nodes = new Map<string, string>();
  const lines = ['flowchart LR'];
  const nodeOf = (id: string): string => {
    const known = nodes.get(id);
    if (known !== undefined) return known;
    const node = `n${nodes.size}`;
    nodes.set(id, node);
    lines.push(`  ${node}["${escapeMermaid(names.labelOf(id))}"]`);
    return node;
  };
  const edges = new Set<string>();
  for (const { steps } of paths) {
    for (const { from, to, technique } of steps) {
      const edge = `  ${nodeOf(from)} -->|"${escapeMermaid(technique)}"| ${nodeOf(to)}`;
      if (!edges.has(edge)) lines.push(edge);
      edges.add(edge);
    }
  }
  const styled = new Set<string>();
  for (const { target, severity, steps } of paths) {
    const node = nodes.get(steps.at(-1)?.to ?? target.id);
    if (node === undefined || styled.has(node)) continue;
    styled.add(node);
    lines.push(`  style ${node} ${COLOURS[severity]}`);
  }
  return lines;
}
