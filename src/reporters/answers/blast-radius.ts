import type { BlastRadius, Containment, DataWithin, Reached, ReachedFrom, Traces } from '../../findings/report.js';
import { groupBy } from '../../model/index.js';
import { makeNames } from '../asset-names.js';
import { type Colors, makeColors } from '../colors.js';
import { count, shortList } from '../coverage-text.js';
import { hang } from '../display-width.js';
import { printable } from '../printable.js';
import type { RenderOptions } from '../reporter.js';

/** How much of each part is shown without `--all`; the rest is counted. */
const MOST_REACHED = 12;
const MOST_DATA = 12;
const MOST_MEASURES = 8;

interface Page {
  readonly paint: Colors;
  readonly width: number;
  readonly isWhole: boolean;
  readonly labelOf: (id: string) => string;
}

/** The first hour, for a terminal: what is held, what comes after one step and after more, the data in it, what to do, what to look for. */
export function renderBlastRadius(answer: BlastRadius, options: RenderOptions): string {
  const names = new Map(
    [...answer.reaches, ...answer.data].flatMap((r) => (r.name === undefined ? [] : [[r.asset, r.name] as const])),
  );
  const page: Page = {
    paint: makeColors(options.color),
    width: options.width,
    isWhole: options.all === true,
    labelOf: makeNames((id) => names.get(id)).labelOf,
  };
  const sections = [
    [
      ...hang(
        '',
        printable(`An intruder on ${answer.from.join(', ')} reaches ${count(byAsset(answer.reaches).length, 'thing')}`),
        page.width,
      ),
      ...dataSummary(answer.data, page),
    ],
    [page.paint.bold('held at once'), ...answer.holds.flatMap((what) => hang('  ', printable(what), page.width))],
    reachedLines(
      'after one step',
      answer.reaches.filter(({ steps }) => steps.length <= 1),
      page,
    ),
    reachedLines(
      'after more',
      answer.reaches.filter(({ steps }) => steps.length > 1),
      page,
    ),
    dataLines(answer.data, page),
    answer.otherAccounts.length === 0
      ? []
      : [page.paint.bold('other accounts'), ...hang('  ', printable(answer.otherAccounts.join(', ')), page.width)],
    containmentLines(answer.containment, page),
    traceLines(answer.traces, page),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

const RIGHT_WORDS = { read: 'readable', write: 'writable', destroy: 'destroyable' } as const;

/** How many stores can be read, changed and destroyed, and how soon the first. */
function dataSummary(data: readonly DataWithin[], { paint }: Page): string[] {
  const parts = (['read', 'write', 'destroy'] as const).flatMap((right) => {
    const own = data.filter(({ rights }) => rights.some((r) => r.right === right));
    if (own.length === 0) return [];
    const stores = own.reduce((sum, store) => sum + store.stores, 0);
    const open = own.filter(({ rights }) => rights.some((r) => r.right === right && r.conditions.length > 0)).length;
    const doubt = open > 0 ? ` (${open} on conditions)` : '';
    return [paint.bad(`${stores.toLocaleString('en-US')} ${RIGHT_WORDS[right]}${doubt}`)];
  });
  return [parts.length === 0 ? 'No data is within reach.' : `Data within reach: ${parts.join(', ')}`];
}

const ACCESS_WORDS = {
  admin: 'administration',
  control: 'control',
  write: 'can be changed or destroyed',
  read: 'can be read',
} as const;

/** Administration and control before data, in the order of how soon. */
function reachedLines(title: string, reaches: readonly Reached[], page: Page): string[] {
  if (reaches.length === 0) return [];
  const { paint, isWhole } = page;
  const assets = byAsset(reaches);
  const shown = isWhole ? assets : assets.slice(0, MOST_REACHED);
  const lines = [paint.bold(`${title}: ${assets.length}`)];
  for (const own of shown) lines.push(...reachLines(own, page));
  lines.push(...moreLines(assets.slice(shown.length), ([first]) => first?.type ?? '', page));
  return lines;
}

const byAsset = (reaches: readonly Reached[]): readonly (readonly Reached[])[] => [
  ...groupBy(reaches, ({ asset }) => asset).values(),
];

/** What can be done to one asset. */
function reachLines(reaches: readonly Reached[], { labelOf, paint, width }: Page): string[] {
  const what = reaches.map(({ access, steps, confidence }) => {
    const doubt = confidence === 'conditional' ? ', on conditions' : '';
    return `${ACCESS_WORDS[access]}, ${steps.length === 1 ? '1 step' : `${steps.length} steps`}${doubt}`;
  });
  const ways = new Set(reaches.map(({ steps }) => steps.map((step) => step.technique).join(' → ')));
  return [
    ...hang('  ', printable(`${labelOf(reaches[0]?.asset ?? '')}: ${what.join('; ')}`), width),
    ...[...ways].flatMap((way) => (way === '' ? [] : hang('      ', printable(way), width).map(paint.dim))),
  ];
}

/** What is left out, counted by kind. */
function moreLines<T>(left: readonly T[], kindOf: (item: T) => string, { width }: Page): string[] {
  if (left.length === 0) return [];
  const kinds = [...groupBy(left, kindOf)]
    .map(([kind, own]) => [own.length, kind] as const)
    .sort(([a, kindA], [b, kindB]) => b - a || (kindA < kindB ? -1 : 1))
    .map(([number, kind]) => `${number} ${kind}`);
  return hang(
    '  … ',
    printable(`${left.length.toLocaleString('en-US')} more: ${shortList(kinds, 6)}; --all shows every one`),
    width,
  );
}

function dataLines(data: readonly DataWithin[], page: Page): string[] {
  if (data.length === 0) return [];
  const { paint, labelOf, width, isWhole } = page;
  const shown = isWhole ? data : data.slice(0, MOST_DATA);
  const lines = [paint.bold('data, the soonest first')];
  for (const { asset, stores, rights } of shown) {
    const what = stores === 1 ? labelOf(asset) : `all ${stores.toLocaleString('en-US')} stores (${labelOf(asset)})`;
    const can = rights.map(
      ({ right, steps, how, conditions }) =>
        `${right} after ${steps} (${how}${conditions.length > 0 ? ', on conditions' : ''})`,
    );
    lines.push(...hang('  ', printable(`${what}: ${can.join('; ')}`), width));
  }
  lines.push(...moreLines(data.slice(shown.length), ({ type }) => type, page));
  return lines;
}

function containmentLines(containment: readonly Containment[], { paint, width, isWhole }: Page): string[] {
  if (containment.length === 0) return [];
  const shown = isWhole ? containment : containment.slice(0, MOST_MEASURES);
  const lines = [paint.bold('containment, what cuts most first')];
  for (const { text, command, cuts, interrupts, leaves } of shown) {
    lines.push(...hang('  - ', printable(`${text} Cuts ${cuts}.`), width));
    lines.push(...hang('    interrupts ', printable(interrupts), width));
    if (leaves !== undefined) lines.push(...hang('    leaves ', printable(leaves), width).map(paint.warn));
    if (command !== '') lines.push(`    ${paint.dim(printable(`$ ${command}`))}`);
  }
  if (containment.length > shown.length)
    lines.push(`  … ${containment.length - shown.length} more that cut less; --all shows every one`);
  return lines;
}

const REACHED_FROM = {
  admin: 'administration of accounts',
  control: 'control of hosts and principals',
  write: 'data that can be changed or destroyed',
  read: 'data that can be read',
} as const;

export function renderWhoCanReach({ to, reachedFrom }: ReachedFrom, options: RenderOptions): string {
  const names = new Map(reachedFrom.flatMap((r) => (r.name === undefined ? [] : [[r.asset, r.name] as const])));
  const page: Page = {
    paint: makeColors(options.color),
    width: options.width,
    isWhole: options.all === true,
    labelOf: makeNames((id) => names.get(id)).labelOf,
  };
  const head = `${to.map((id) => printable(id)).join(', ')} is reached from ${count(reachedFrom.length, 'thing')}`;
  const lines = [...hang('', head, page.width)];
  const groups = groupBy(reachedFrom, (reach) => reach.access);
  for (const access of ['admin', 'control', 'write', 'read'] as const) {
    const group = groups.get(access) ?? [];
    if (group.length === 0) continue;
    lines.push('', page.paint.bold(`${REACHED_FROM[access]}: ${group.length}`));
    for (const reach of [...group].sort((a, b) => a.steps.length - b.steps.length))
      lines.push(...reachLines([reach], page));
  }
  return `${lines.join('\n')}\n`;
}

/** What to look for, as queries that can be copied as they stand. */
function traceLines(traces: Traces | undefined, { paint, width }: Page): string[] {
  if (traces === undefined) return [];
  const block = (query: string): string[] => query.split('\n').map((line) => `    ${printable(line)}`);
  const dataEvents =
    traces.dataEvents.length === 0
      ? []
      : hang('  ', printable(`only where the trail holds data events: ${traces.dataEvents.join(', ')}`), width);
  return [
    paint.bold('what to look for'),
    ...dataEvents,
    ...traces.elsewhere.flatMap((place) => hang('  - ', printable(place), width)),
    '  Athena, over the logs of a trail (put the table and a time in place of TABLE and START)',
    ...block(traces.athena),
    '  CloudWatch Logs Insights, over the log group of a trail',
    ...block(traces.insights),
  ];
}
