import { pathCard } from '../parts/path-card.js';
import { SEVERITIES } from '../../findings/report.js';
import { conditionText } from '../../reporters/condition-text.js';
import { count, shortList } from '../../reporters/coverage-text.js';
import { groupByTarget, type TargetGroup } from '../../reporters/group-paths.js';
import { straighten } from '../../reporters/path-line.js';
import type { PageModel } from '../data/page-report.js';
import { type Child, el, fill } from '../dom/element.js';
import { chain } from '../parts/chain.js';
import { longList } from '../parts/section.js';
import { severityMark } from '../parts/severity.js';
import { hrefOf, type Route } from '../route.js';
import { choicesOf, filterPaths, isNew, type PathFilter, readFilter, writeFilter } from './filter-paths.js';

const MOST_GROUPS = 60;

/** The findings: search and filters above, and what passes them below, grouped by target. */
export function findings(model: PageModel, route: Route): HTMLElement {
  let filter = readFilter(route.query);
  const found = el('p', { class: 'found', role: 'status' });
  const list = el('div', { class: 'finding-list' });
  const show = (): void => {
    const paths = filterPaths(model, filter);
    const groups = groupByTarget(paths);
    fill(
      found,
      `${count(paths.length, 'path')} to ${count(groups.length, 'target')}`,
      paths.length < model.paths.length && ` of ${model.paths.length}`,
    );
    fill(
      list,
      longList(groups, MOST_GROUPS, 'targets', (group) => groupItem(model, group), el('ol', { class: 'groups' })),
    );
  };
  const change = (part: Partial<PathFilter>): void => {
    filter = { ...filter, ...part };
    history.replaceState(null, '', hrefOf('findings', '', writeFilter(filter)));
    show();
  };
  list.addEventListener('keydown', moveFocus);
  show();
  return el('div', { class: 'findings' }, el('h1', {}, 'Findings'), filterBar(model, filter, change), found, list);
}

function filterBar(model: PageModel, filter: PathFilter, change: (part: Partial<PathFilter>) => void): HTMLElement {
  const search = el('input', {
    type: 'search',
    id: 'search',
    placeholder: 'Name, id, technique, ATT&CK id …',
    value: filter.text,
    autocomplete: 'off',
    spellcheck: 'false',
    input: () => change({ text: search.value }),
  });
  const severities = new Set(filter.severity);
  const boxes = SEVERITIES.map((severity) => {
    const box = el('input', {
      type: 'checkbox',
      checked: severities.has(severity),
      change: () => {
        if (box.checked) severities.add(severity);
        else severities.delete(severity);
        change({ severity: [...severities] });
      },
    });
    return el('label', { class: 'choice' }, box, severityMark(severity));
  });
  const choices = choicesOf(model);
  const chooser = (
    name: string,
    key: 'account' | 'region' | 'technique' | 'type' | 'confidence',
    values: readonly string[],
  ): Child => {
    if (values.length < 2 && filter[key] === '') return undefined;
    const select = el(
      'select',
      { change: () => change({ [key]: select.value }) },
      el('option', { value: '' }, 'any'),
      values.map((value) => el('option', { value, selected: value === filter[key] }, value)),
    );
    return el('label', { class: 'field' }, el('span', {}, name), select);
  };
  const fresh = el('input', {
    type: 'checkbox',
    checked: filter.onlyNew,
    change: () => change({ onlyNew: fresh.checked }),
  });
  return el(
    'form',
    { class: 'filters panel', role: 'search', submit: (event) => event.preventDefault() },
    el('label', { class: 'field wide' }, el('span', {}, 'Search'), search),
    el('fieldset', { class: 'choices' }, el('legend', {}, 'Severity'), boxes),
    chooser('Account', 'account', choices.account),
    chooser('Region', 'region', choices.region),
    chooser('Technique', 'technique', choices.technique),
    chooser('Target', 'type', choices.type),
    chooser('Certainty', 'confidence', ['confirmed', 'conditional']),
    model.compared.size > 0 && el('label', { class: 'choice' }, fresh, 'only what is new'),
  );
}

function groupItem(model: PageModel, { worst, paths }: TargetGroup): HTMLElement {
  const { names, fixes } = model;
  const { line, beside } = straighten(worst);
  const others = paths.filter((path) => path !== worst);
  return el(
    'li',
    { class: 'group' },
    el(
      'a',
      { class: 'card finding', href: hrefOf('paths', worst.id) },
      el(
        'span',
        { class: 'head' },
        severityMark(worst.severity, worst.score),
        el('strong', {}, names.kind(worst.target.id), ' ', el('bdi', {}, names.short(worst.target.id))),
        el('span', { class: 'access' }, worst.target.access),
        isNew(model, worst) && el('span', { class: 'badge' }, model.compared.get(worst.id)?.state),
        worst.confidence === 'conditional' && el('span', { class: 'badge plain' }, 'conditional'),
      ),
      chain(worst, names),
      el('span', { class: 'by' }, [...line, ...beside].map(({ technique }) => technique).join(' · ')),
      worst.conditions.length > 0 &&
        el('span', { class: 'note' }, `if ${shortList(worst.conditions.map(conditionText), 2)}`),
      (fixes.get(worst.id) ?? '') !== '' && el('span', { class: 'fix' }, el('b', {}, 'Fix '), fixes.get(worst.id)),
    ),
    others.length > 0 &&
      el(
        'details',
        {},
        el('summary', {}, `${count(others.length, 'more path')} to it`),
        el(
          'ol',
          { class: 'others' },
          others.map((path) => pathCard(path, names)),
        ),
      ),
  );
}

/** Arrow keys go from finding to finding. */
function moveFocus(event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const list = event.currentTarget;
  if (step === undefined || !(list instanceof HTMLElement)) return;
  const links = [...list.querySelectorAll<HTMLElement>('a.card')].filter((link) => link.offsetParent !== null);
  const at = links.findIndex((link) => link === document.activeElement);
  const next = links[at + step];
  if (at < 0 || !next) return;
  event.preventDefault();
  next.focus();
}
