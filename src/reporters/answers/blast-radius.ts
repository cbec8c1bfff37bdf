import type { BlastRadius, Containment, Reached, ReachedFrom, Traces } from '../../findings/report.js';
import { groupBy } from '../../model/index.js';
import { makeNames } from '../asset-names.js';
import { type Colors, makeColors } from '../colors.js';
import { hang } from '../display-width.js';
import { printable } from '../printable.js';
import type { RenderOptions } from '../reporter.js';

/** What can be reached, for a terminal: by kind of access, soonest first, then how to contain it. */
export const renderBlastRadius = (answer: BlastRadius, options: RenderOptions): string =>
  renderReaches('reaches', answer.from, answer.reaches, answer.containment, options) +
  renderAccounts(answer.otherAccounts, options) +
  renderTraces(answer.traces, options);

export const renderWhoCanReach = (answer: ReachedFrom, options: RenderOptions): string =>
  renderReaches('is reached from', answer.to, answer.reachedFrom, answer.containment, options);

const ACCESS_WORDS = {
  admin: 'administration of accounts',
  control: 'control of hosts and principals',
  write: 'data that can be changed or destroyed',
  read: 'data that can be read',
} as const;

function renderReaches(
  verb: string,
  asked: readonly string[],
  reaches: readonly Reached[],
  containment: readonly Containment[],
  { color, width }: RenderOptions,
): string {
  const paint = makeColors(color);
  const names = new Map(reaches.flatMap((r) => (r.name === undefined ? [] : [[r.asset, r.name] as const])));
  const { labelOf } = makeNames((id) => names.get(id));
  const head = `${asked.map((id) => printable(id)).join(', ')} ${verb} ${reaches.length} things`;
  const lines = [...hang('', head, width)];
  const groups = groupBy(reaches, (reach) => reach.access);
  for (const access of ['admin', 'control', 'write', 'read'] as const) {
    const group = groups.get(access) ?? [];
    if (group.length === 0) continue;
    lines.push('', paint.bold(`${ACCESS_WORDS[access]}: ${group.length}`));
    for (const reach of [...group].sort((a, b) => a.steps.length - b.steps.length)) {
      lines.push(...reachLines(reach, labelOf, paint, width));
    }
  }
  if (containment.length > 0) lines.push('', paint.bold('containment, what cuts most first'));
  for (const { text, command, cuts, interrupts } of containment) {
    lines.push(...hang('  - ', printable(`${text} (cuts ${cuts}; interrupts ${interrupts})`), width));
    if (command !== '') lines.push(`    ${paint.dim(printable(`$ ${command}`))}`);
  }
  return `${lines.join('\n')}\n`;
}

function renderAccounts(accounts: readonly string[], { color, width }: RenderOptions): string {
  if (accounts.length === 0) return '';
  const paint = makeColors(color);
  return `\n${paint.bold('other accounts')}\n${hang('  ', printable(accounts.join(', ')), width).join('\n')}\n`;
}

/** What to look for, as queries that can be copied as they stand. */
function renderTraces(traces: Traces | undefined, { color, width }: RenderOptions): string {
  if (traces === undefined) return '';
  const paint = makeColors(color);
  const block = (query: string): string[] => query.split('\n').map((line) => `    ${printable(line)}`);
  const dataEvents =
    traces.dataEvents.length === 0
      ? []
      : hang('  ', printable(`only where the trail holds data events: ${traces.dataEvents.join(', ')}`), width);
  return `${[
    '',
    paint.bold('what to look for'),
    ...dataEvents,
    ...traces.elsewhere.flatMap((place) => hang('  - ', printable(place), width)),
    '  Athena, over the logs of a trail (put the table and a time in place of TABLE and START)',
    ...block(traces.athena),
    '  CloudWatch Logs Insights, over the log group of a trail',
    ...block(traces.insights),
  ].join('\n')}\n`;
}

function reachLines(reach: Reached, labelOf: (id: string) => string, paint: Colors, width: number): string[] {
  const steps = reach.steps.length === 1 ? '1 step' : `${reach.steps.length} steps`;
  const doubt = reach.confidence === 'conditional' ? ', on conditions' : '';
  const way = reach.steps.map((step) => step.technique).join(' → ');
  return [
    ...hang('  ', printable(`${labelOf(reach.asset)}: ${steps}${doubt}`), width),
    ...(way === '' ? [] : hang('      ', printable(way), width).map(paint.dim)),
  ];
}
