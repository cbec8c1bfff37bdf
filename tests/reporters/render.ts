import { type Reportable, type RenderOptions, REPORTERS } from '../../src/reporters/index.js';

export const PLAIN: RenderOptions = { color: false, width: 100, snapshot: 'SNAPSHOT' };

/** The formats that show a report and nothing else; the interactive page is tested in a browser. */
export const TEXT_REPORTERS = REPORTERS.filter(({ needsPage }) => needsPage !== true).map(({ name }) => name);

/** Renders a report with the reporter of a name. */
export async function renderWith(
  name: string,
  report: Reportable,
  options: Partial<RenderOptions> = {},
): Promise<string> {
  const reporter = REPORTERS.find((candidate) => candidate.name === name);
  if (!reporter) throw new RangeError(`no reporter ${name}`);
  return (await reporter.load())(report, { ...PLAIN, ...options });
}
