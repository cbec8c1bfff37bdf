import { namesOf } from './asset-names.js';
import { bestFixes } from './best-fix.js';
import { conditionText } from './condition-text.js';
import { escapeCsv } from './escape/csv.js';
import { brokenBy } from './guardrails.js';
import { inParts } from './parts.js';
import { stationsOf, straighten } from './path-line.js';
import { printable } from './printable.js';
import type { Reportable } from './reporter.js';

const COLUMNS = [
  'id',
  'severity',
  'score',
  'confidence',
  'state',
  'entry',
  'entry_type',
  'entry_name',
  'target',
  'target_type',
  'target_name',
  'access',
  'chain',
  'techniques',
  'conditions',
  'fix',
  'guardrails',
] as const;

/** The paths as a table for spreadsheets: one a row, with CRLF line ends. */
export const renderCsv = (report: Reportable): string => [...rowsOf(report)].join('');

/** The same text in parts. */
export const renderCsvInParts = (report: Reportable): Iterable<string> => inParts(rowsOf(report));

const formatRow = (row: readonly string[]): string =>
  `${row.map((field) => escapeCsv(printable(field))).join(',')}\r\n`;

function* rowsOf(report: Reportable): Generator<string> {
  yield formatRow(COLUMNS);
  const names = namesOf(report);
  const fixes = bestFixes(report.paths);
  const states = new Map((report.comparison?.paths ?? []).map((path) => [path.id, path.state]));
  const guardrailsOf = brokenBy(report);
  for (const path of report.paths)
    yield formatRow([
      path.id,
      path.severity,
      String(path.score),
      path.confidence,
      states.get(path.id) ?? '',
      path.entry.id,
      path.entry.type,
      path.entry.name ?? '',
      path.target.id,
      path.target.type,
      path.target.name ?? '',
      path.target.access,
      stationsOf(straighten(path)).map(names.labelOf).join(' > '),
      path.steps.map((step) => step.technique).join(' > '),
      path.conditions.map(conditionText).join('; '),
      fixes.get(path.id) ?? '',
      guardrailsOf(path)
        .map(({ place, text }) => `${place}: ${text}`)
        .join('; '),
    ]);
}
