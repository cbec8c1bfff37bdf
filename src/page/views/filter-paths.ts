import type { ReportPath } from '../../findings/report.js';
import { sortedUnique } from '../../model/index.js';
import type { PageModel } from '../data/page-report.js';

/** What of the findings is shown; an empty value lets everything through. */
export interface PathFilter {
  readonly text: string;
  /** Severities, any of which will do. */
  readonly severity: readonly string[];
  readonly account: string;
  readonly region: string;
  readonly technique: string;
  /** The target's type. */
  readonly type: string;
  readonly confidence: string;
  readonly onlyNew: boolean;
}

export const readFilter = (query: URLSearchParams): PathFilter => ({
  text: query.get('q') ?? '',
  severity: (query.get('severity') ?? '').split(',').filter((value) => value !== ''),
  account: query.get('account') ?? '',
  region: query.get('region') ?? '',
  technique: query.get('technique') ?? '',
  type: query.get('type') ?? '',
  confidence: query.get('confidence') ?? '',
  onlyNew: query.get('new') === 'yes',
});

export const writeFilter = (filter: PathFilter): Readonly<Record<string, string>> => ({
  q: filter.text,
  severity: filter.severity.join(','),
  account: filter.account,
  region: filter.region,
  technique: filter.technique,
  type: filter.type,
  confidence: filter.confidence,
  new: filter.onlyNew ? 'yes' : '',
});

/** What can be chosen from. */
export interface FilterChoices {
  readonly account: readonly string[];
  readonly region: readonly string[];
  readonly technique: readonly string[];
  readonly type: readonly string[];
}

export const choicesOf = (model: PageModel): FilterChoices => ({
  account: sortedUnique(model.paths.flatMap((path) => places(model, path, 'account'))),
  region: sortedUnique(model.paths.flatMap((path) => places(model, path, 'region'))),
  technique: sortedUnique(model.paths.flatMap(({ steps }) => steps.map(({ technique }) => technique))),
  type: sortedUnique(model.paths.map(({ target }) => target.type)),
});

/** The accounts or regions that a path passes. */
const places = ({ placeOf }: PageModel, { steps }: ReportPath, which: 'account' | 'region'): readonly string[] =>
  steps.flatMap(({ from, to }) => [placeOf(from)[which], placeOf(to)[which]]).filter((place) => place !== '');

/** The paths that pass the filter, in their order. Words of the text must all be found, in whatever order. */
export function filterPaths(model: PageModel, filter: PathFilter): readonly ReportPath[] {
  const words = filter.text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return model.paths.filter(
    (path) =>
      (filter.severity.length === 0 || filter.severity.includes(path.severity)) &&
      (filter.account === '' || places(model, path, 'account').includes(filter.account)) &&
      (filter.region === '' || places(model, path, 'region').includes(filter.region)) &&
      (filter.technique === '' || path.steps.some(({ technique }) => technique === filter.technique)) &&
      (filter.type === '' || path.target.type === filter.type) &&
      (filter.confidence === '' || path.confidence === filter.confidence) &&
      (!filter.onlyNew || isNew(model, path)) &&
      (words.length === 0 || hasWords(model, path, words)),
  );
}

/** Whether a comparison says that nobody accepted the path; without one, nothing is new. */
export const isNew = ({ compared }: PageModel, { id }: ReportPath): boolean => {
  const state = compared.get(id)?.state;
  return state !== undefined && state !== 'unchanged';
};

const texts = new WeakMap<ReportPath, string>();

function hasWords({ names }: PageModel, path: ReportPath, words: readonly string[]): boolean {
  const known = texts.get(path) ?? textOf(path, (id) => names.short(id));
  texts.set(path, known);
  return words.every((word) => known.includes(word));
}

function textOf({ id, severity, entry, target, steps }: ReportPath, nameOf: (id: string) => string): string {
  const parts = new Set([id, severity, target.type, target.access, ...entry.members, ...target.members]);
  for (const { technique, title, from, to, requires, attack, text } of steps) {
    for (const part of [
      technique,
      title,
      text,
      ...attack,
      ...[from, to, ...requires].flatMap((asset) => [asset, nameOf(asset)]),
    ])
      parts.add(part);
  }
  return [...parts].join('\n').toLowerCase();
}
