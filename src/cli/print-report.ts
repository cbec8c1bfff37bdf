import type { Analysis } from '../main/analysis.js';
import { EXIT, type ExitCode } from '../model/index.js';
import {
  type Report,
  type Reportable,
  type Reporter,
  REPORTERS,
  SEVERITIES,
  type Severity,
} from '../reporters/index.js';
import { type AlsoFile, parseSeverity } from './flags.js';
import type { CommonOptions, Session } from './session.js';

/** The formats of whatever prints a report. */
export const REPORT_FORMATS: readonly string[] = REPORTERS.map((reporter) => reporter.name);

export interface ReportOptions extends CommonOptions {
  readonly failOn?: string;
  readonly pathsPerPair?: number;
  readonly vulnerabilities?: readonly string[];
  readonly also?: readonly AlsoFile[];
}

/** Prints the report of an analysis, and says whether it is worse than `--fail-on` allows. */
export async function printReport(
  session: Session,
  analysis: Analysis,
  options: ReportOptions & { readonly snapshot: string },
): Promise<ExitCode> {
  const config = await session.config();
  const { finishReport } = await import('../main/finish-report.js');
  const report = finishReport(analysis, config);
  await renderReport(session, report, options.snapshot, options.also);
  const isGuarded = await reportViolations(session, report, analysis);
  const failOn = options.failOn === undefined ? config.failOn : parseSeverity(options.failOn);
  return (failOn !== undefined && hasSeverity(report, failOn)) || !isGuarded ? EXIT.checkFailed : EXIT.fine;
}

/** In the session's format, and in whatever `--also` asks for. */
export async function renderReport(
  session: Session,
  report: Reportable,
  snapshot: string,
  also: readonly AlsoFile[] = [],
): Promise<void> {
  session.progress('writing the result');
  const render = await loadReporter(session.format);
  await session.print(render(report, { ...session.render, snapshot }));
  for (const { format, file } of also) {
    const renderAlso = await loadReporter(format);
    await session.write(file, renderAlso(report, { ...session.render, color: false, snapshot }));
  }
}

function loadReporter(format: string): ReturnType<Reporter['load']> {
  const reporter = REPORTERS.find(({ name }) => name === format);
  if (!reporter) throw new RangeError(`no reporter ${format}`);
  return reporter.load();
}

/** Whether a path is at least so severe. */
export function hasSeverity(report: Reportable, least: Severity): boolean {
  const limit = SEVERITIES.indexOf(least);
  return report.paths.some((path) => SEVERITIES.indexOf(path.severity) <= limit);
}

/** Says on standard error which guardrails of the configuration are broken; true when none is. */
export async function reportViolations(session: Session, report: Report, analysis: Analysis): Promise<boolean> {
  const config = await session.config();
  const { findViolations } = await import('../main/finish-report.js');
  const violations = findViolations(report, analysis, config);
  for (const { guardrail, paths } of violations) {
    const place = `${config.file ?? 'the configuration'}:${guardrail.place}`;
    session.alarm(`${place}: the guardrail "${guardrail.kind}" is broken by ${paths.join(', ')}`);
  }
  return violations.length === 0;
}
