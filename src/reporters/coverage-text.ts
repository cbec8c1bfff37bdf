import { groupBy } from '../model/index.js';
import type { Reportable } from './reporter.js';

/** `3 gaps`, `1 gap`. */
export const count = (number: number, noun: string): string =>
  `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : pluralEnding(noun)}`;

const pluralEnding = (noun: string): string => (noun.endsWith('s') ? 'es' : 's');

/** What was and was not seen: one line for what was, one for each kind of thing that was not. */
export function coverageLines({ snapshot, summary }: Reportable): readonly string[] {
  const { accounts, regions, collectedAt, gaps, notCollected } = snapshot;
  const [first = '', ...others] = accounts;
  const where =
    others.length > 0 ? `${accounts.length} accounts (${shortList(accounts, 3)})` : first && `account ${first}`;
  const when = collectedAt === undefined ? '' : `, collected ${collectedAt}`;
  const lines = [
    `${where || 'no account'}, ${regions.length === 1 ? regions[0] : count(regions.length, 'region')}${when}: ` +
      `${count(summary.assets, 'asset')}, ${count(summary.relationships, 'relationship')}, ${count(summary.dataStores, 'data store')}`,
  ];
  if (gaps.length > 0) {
    const kinds = groupBy(gaps, (gap) => `${gap.service}:${gap.operation} ${gap.error}`);
    lines.push(`not seen: ${count(gaps.length, 'call')} refused or failed: ${shortList([...kinds.keys()], 4)}`);
  }
  if (notCollected.length > 0) {
    const operations = operationsIn(notCollected);
    lines.push(`not collected: ${count(operations.length, 'operation')}: ${shortList(operations, 4)}`);
  }
  return lines;
}

/** The operations of places that are `account/region/service/Operation`, each once, as `service:Operation`. */
export const operationsIn = (places: readonly string[]): readonly string[] => [
  ...new Set(places.map((place) => place.split('/').slice(2).join(':'))),
];

/** The first few of a list, and how many more there are. */
export function shortList(items: readonly string[], most: number): string {
  const shown = items.slice(0, most).join(', ');
  return items.length > most ? `${shown} and ${items.length - most} more` : shown;
}
