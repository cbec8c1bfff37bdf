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
  return reportSeverity(session, report, failOn) && isGuarded ? EXIT.fine : EXIT.checkFailed;
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

/** Says on standard error how many paths are as severe as may not be; true when none is. */
export function reportSeverity(session: Session, { paths }: Reportable, failOn: Severity | undefined): boolean {
  if (failOn === undefined) return true;
  const limit = SEVERITIES.indexOf(failOn);
  const severe = paths.filter(({ severity }) => SEVERITIES.indexOf(severity) <= limit);
  const [first] = severe;
  if (!first) return true;
  const which = severe.length === 1 ? `path ${first.id} is` : `${severe.length} paths are`;
  session.alarm(`${which} ${failOn}${limit > 0 ? ' or worse' : ''}, so this fails`);
  return false;
}

/** Says on standard error which guardrails of the configuration are broken; true when none is. */
export async function reportViolations(session: Session, { guardrails = [] }: Report): Promise<boolean> {
  const { file = '' } = await session.config();
  const broken = guardrails.filter(({ paths }) => paths.length > 0);
  for (const { kind, place, paths } of broken)
    session.alarm(`${join(dirname(file), place)}: the guardrail "${kind}" is broken by ${paths.join(', ')}`);
  return broken.length === 0;
}
