import type { ReportPath, Severity } from '../findings/report.js';
import { type AssetNames, namesOf } from './asset-names.js';
import { escapeMermaid } from './escape/mermaid.js';
import type { Reportable, RenderOptions } from './reporter.js';

/** Mermaid draws no more than 500 edges and 50,000 characters unless told otherwise. @see https://mermaid.js.org/config/schema-docs/config.html */
const MOST_EDGES = 400;
const MOST_LETTERS = 45_000;

const COLOURS: Readonly<Record<Severity, string>> = {
  critical: 'fill:#7f1d1d,color:#fff',
  high: 'fill:#c2410c,color:#fff',
  medium: 'fill:#facc15,color:#000',
  low: 'fill:#bae6fd,color:#000',
};

/** All paths as one drawing: assets that several paths pass stand once. Paths that would make it too large are counted. */
export function renderMermaid(report: Reportable, _options?: RenderOptions): string {
  const drawing = startDrawing(namesOf(report));
  let left = 0;
  for (const path of report.paths) if (!drawing.add(path)) left++;
  const lines = [...drawing.lines()];
  if (left > 0) lines.push(`  more["${left} more paths are not drawn"]`);
  if (report.paths.length === 0) lines.push('  none["no attack path was found"]');
  return `${lines.join('\n')}\n`;
}

/** One path as a drawing. */
export function drawPath(path: ReportPath, names: AssetNames): string {
  const drawing = startDrawing(names);
  drawing.add(path);
  return `${drawing.lines().join('\n')}\n`;
}

interface Drawing {
  /** False, and nothing is drawn, where the path would make it too large. The first path always fits. */
  add(path: ReportPath): boolean;
  lines(): readonly string[];
}

function startDrawing(names: AssetNames): Drawing {
  const nodes = new Map<string, string>();
  const edges = new Set<string>();
  const styled = new Set<string>();
  const lines = ['flowchart LR'];
  const styles: string[] = [];
  let letters = 0;

  /** What a path adds. */
  const draw = ({ steps, target, severity }: ReportPath) => {
    const own: string[] = [];
    const fresh = new Map<string, string>();
    const freshEdges = new Set<string>();
    const nodeOf = (id: string): string => {
      const known = nodes.get(id) ?? fresh.get(id);
      if (known !== undefined) return known;
      const node = `n${nodes.size + fresh.size}`;
      fresh.set(id, node);
      own.push(`  ${node}["${escapeMermaid(names.labelOf(id))}"]`);
      return node;
    };
    for (const { from, to, technique } of steps) {
      const edge = `  ${nodeOf(from)} -->|"${escapeMermaid(technique)}"| ${nodeOf(to)}`;
      if (edges.has(edge) || freshEdges.has(edge)) continue;
      freshEdges.add(edge);
      own.push(edge);
    }
    const end = steps.at(-1)?.to ?? target.id;
    const node = nodes.get(end) ?? fresh.get(end);
    const style = node === undefined || styled.has(node) ? undefined : `  style ${node} ${COLOURS[severity]}`;
    return { own, fresh, freshEdges, node, style };
  };

  return {
    add: (path) => {
      const { own, fresh, freshEdges, node, style } = draw(path);
      const more = [...own, style ?? ''].reduce((sum, line) => sum + line.length + 1, 0);
      if (nodes.size > 0 && (edges.size + freshEdges.size > MOST_EDGES || letters + more > MOST_LETTERS)) return false;
      letters += more;
      lines.push(...own);
      for (const [id, name] of fresh) nodes.set(id, name);
      for (const edge of freshEdges) edges.add(edge);
      if (style !== undefined && node !== undefined) {
        styled.add(node);
        styles.push(style);
      }
      return true;
    },
    lines: () => [...lines, ...styles],
  };
}
