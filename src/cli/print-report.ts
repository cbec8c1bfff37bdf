import { dirname, join } from 'node:path';
import type { Analysis } from '../main/analysis.js';
import { EXIT, type ExitCode } from '../model/index.js';
import {
  type Report,
  type Reportable,
  type RenderOptions,
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
  readonly prepared?: string;
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
  await renderReport(session, report, analysis, options.snapshot, options.also);
  const isGuarded = await reportViolations(session, report);
  const failOn = options.failOn === undefined ? config.failOn : parseSeverity(options.failOn);
  return (failOn !== undefined && hasSeverity(report, failOn)) || !isGuarded ? EXIT.checkFailed : EXIT.fine;
}

/** In the session's format, and in whatever `--also` asks for. */
export async function renderReport(
  session: Session,
  report: Reportable,
  analysis: Analysis,
  snapshot: string,
  also: readonly AlsoFile[] = [],
): Promise<void> {
  session.progress('writing the result');
  const options = { ...session.render, snapshot };
  for (const part of await renderIn(session.format, report, analysis, options)) await session.print(part);
  for (const { format, file } of also)
    await session.write(file, await renderIn(format, report, analysis, { ...options, color: false }));
}

async function renderIn(
  format: string,
  report: Reportable,
  analysis: Analysis,
  options: RenderOptions & { readonly snapshot: string },
): Promise<Iterable<string>> {
  const reporter = REPORTERS.find(({ name }) => name === format);
  if (!reporter) throw new RangeError(`no reporter ${format}`);
  if (reporter.loadInParts) return (await reporter.loadInParts())(report, options);
  const render = await reporter.load();
  const page = reporter.needsPage === true ? await openPage(analysis, options.snapshot) : undefined;
  return [render(report, { ...options, ...(page && { page }) })];
}

async function openPage(analysis: Analysis, snapshot: string): Promise<NonNullable<RenderOptions['page']>> {
  const [{ pageData }, { readPageFiles }] = await Promise.all([
    import('../main/page-data.js'),
    import('./page-files.js'),
  ]);
  return { files: await readPageFiles(), data: (report) => pageData(analysis, report, snapshot) };
}

/** Whether a path is at least so severe. */
export function hasSeverity(report: Reportable, least: Severity): boolean {
  const limit = SEVERITIES.indexOf(least);
  return report.paths.some((path) => SEVERITIES.indexOf(path.severity) <= limit);
}

/** Says on standard error which guardrails of the configuration are broken; true when none is. */
export async function reportViolations(session: Session, { guardrails = [] }: Report): Promise<boolean> {
  const { file = '' } = await session.config();
  const broken = guardrails.filter(({ paths }) => paths.length > 0);
  for (const { kind, place, paths } of broken)
    session.alarm(`${join(dirname(file), place)}: the guardrail "${kind}" is broken by ${paths.join(', ')}`);
  return broken.length === 0;
}
