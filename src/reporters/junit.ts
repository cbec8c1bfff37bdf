import type { ComparedPath, ReportPath } from '../findings/index.js';
import { type AssetNames, namesOf } from './asset-names.js';
import { escapeAttribute, escapeContent } from './escape/xml.js';
import { guardrailText } from './guardrails.js';
import { inParts } from './parts.js';
import { stationsOf, straighten } from './path-line.js';
import type { Reportable } from './reporter.js';

interface TestCase {
  readonly name: string;
  readonly outcome: 'passed' | 'failure' | 'error';
  readonly message: string;
  /** Made when it is written: the details of all cases together may be longer than one string can be. */
  readonly detail: () => string;
}

/**
 * The report as test results: a path that fails is a failed test; in a check an accepted path is a passed one, and what could not be
 * seen is an error.
 * @see https://github.com/testmoapp/junitxml
 */
export const renderJunit = (report: Reportable): string => [...linesOf(report)].join('');

/** The same text in parts. */
export const renderJunitInParts = (report: Reportable): Iterable<string> => inParts(linesOf(report));

function* linesOf(report: Reportable): Generator<string> {
  const cases = testCases(report);
  const failures = cases.filter(({ outcome }) => outcome === 'failure').length;
  const errors = cases.filter(({ outcome }) => outcome === 'error').length;
  const counts = `tests="${cases.length}" failures="${failures}" errors="${errors}"`;
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `<testsuites name="trespass" ${counts}>\n`;
  yield `  <testsuite name="attack paths" ${counts} skipped="0">\n`;
  for (const one of cases) yield formatCase(one);
  yield '  </testsuite>\n</testsuites>\n';
}

function formatCase({ name, outcome, message, detail }: TestCase): string {
  const open = `    <testcase classname="trespass" name="${escapeAttribute(name)}"`;
  if (outcome === 'passed') return `${open}/>\n`;
  const content = escapeContent(detail());
  return `${open}>\n      <${outcome} message="${escapeAttribute(message)}">${content}</${outcome}>\n    </testcase>\n`;
}

function testCases(report: Reportable): readonly TestCase[] {
  const { comparison } = report;
  const names = namesOf(report);
  const states = new Map((comparison?.paths ?? []).map((path) => [path.id, path]));
  const cases = report.paths.map((path) => pathCase(path, names, states.get(path.id), comparison !== undefined));
  const none = (): string => '';
  for (const guardrail of report.guardrails ?? []) {
    const { kind, place, text, paths } = guardrail;
    cases.push({
      name: `guardrail ${kind} ${place}: ${text}`,
      outcome: paths.length > 0 ? 'failure' : 'passed',
      message: guardrailText(guardrail),
      detail: () => paths.join('\n'),
    });
  }
  for (const path of comparison?.missing ?? []) {
    if (path.state !== 'unverified') continue;
    const message = `could not be seen: ${path.unseen.join('; ')}`;
    cases.push({ name: `${path.id} ${path.entry.id} to ${path.target.id}`, outcome: 'error', message, detail: none });
  }
  if (comparison?.verdict === 'gaps' && comparison.gaps.length > 0) {
    const message = `${comparison.gaps.length} gaps are not accepted`;
    cases.push({ name: 'coverage', outcome: 'error', message, detail: () => comparison.gaps.join('\n') });
  }
  if (cases.length === 0)
    cases.push({ name: 'no attack path was found', outcome: 'passed', message: '', detail: none });
  return cases;
}

function pathCase(path: ReportPath, names: AssetNames, state: ComparedPath | undefined, isCheck: boolean): TestCase {
  const chain = stationsOf(straighten(path)).map(names.labelOf).join(' → ');
  const isFailing = !isCheck || state?.state === 'new' || state?.state === 'expired';
  return {
    name: `${path.id} ${chain} (${path.target.access})`,
    outcome: isFailing ? 'failure' : 'passed',
    message: `${path.severity} ${path.score}${state ? `, ${state.state}` : ''}: ${[...(state?.because ?? []), chain].join('; ')}`,
    detail: () =>
      path.steps.map((step, at) => `${at + 1}. ${step.technique}: ${step.text}\n   fix: ${step.fix}`).join('\n'),
  };
}
