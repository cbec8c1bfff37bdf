import type { ReportPath } from '../../findings/report.js';
import { keyOfStep } from '../../findings/surviving-paths.js';
import { count } from '../../reporters/coverage-text.js';
import type { Page } from '../data/page.js';
import { type Child, el, fill } from '../dom/element.js';
import { showFailure } from '../dom/failure.js';
import { pathCard } from '../parts/path-card.js';
import { longList, section } from '../parts/section.js';
import { hrefOf, type Route } from '../route.js';
import { switchOff } from './switched-off.js';
import { keyOfChokePoint, type Switch, switchesOf } from './switches.js';

const MOST = 30;
/** Between the keys of several steps in the address; no key holds it. */
const BETWEEN = '\n';

/** What would be left of the paths if some steps were made impossible. */
export function whatIfView(page: Page, route: Route): HTMLElement {
  const { model } = page;
  const all = switchesOf(model);
  const off = new Set((route.query.get('off') ?? '').split(BETWEEN).filter((key) => all.has(key)));
  const result = el('div', { class: 'outcome', 'aria-live': 'polite' });
  const show = async (): Promise<void> => {
    const chosen = [...off].flatMap((key) => all.get(key) ?? []);
    fill(result, outcome(page, switchOff(await page.attack(), chosen), chosen));
  };
  const ask = (): void => void show().catch(showFailure(result, 'The outcome cannot be worked out'));
  const toggle = (key: string, isOff: boolean): void => {
    if (isOff) off.add(key);
    else off.delete(key);
    history.replaceState(null, '', hrefOf('what-if', '', { off: [...off].join(BETWEEN) }));
    ask();
  };
  ask();
  return el(
    'div',
    { class: 'what-if' },
    el('h1', {}, 'What if?'),
    el(
      'p',
      { class: 'lead' },
      'Switch steps off and see which paths vanish. All ways of taking a step are taken away, and the attack graph in this file is asked again what each entry reaches.',
    ),
    el('div', { class: 'columns' }, chooser(page, all, off, toggle), result),
  );
}

function chooser(
  { model }: Page,
  all: ReadonlyMap<string, Switch>,
  off: ReadonlySet<string>,
  toggle: (key: string, isOff: boolean) => void,
): HTMLElement {
  const best = model.report.chokePoints.map(keyOfChokePoint);
  const order = [...new Set([...off, ...best, ...all.keys()])].flatMap((key) => all.get(key) ?? []);
  const list = el('div', {});
  const show = (text: string): void => {
    const words = text.toLowerCase().split(/\s+/);
    const found = order.filter(({ key, text, fix }) => {
      const own = `${key} ${text} ${fix}`.toLowerCase();
      return words.every((word) => own.includes(word));
    });
    fill(
      list,
      longList(found, MOST, 'steps', (one) => switchItem(one, off, toggle), el('ul', { class: 'switches' })),
    );
  };
  const search = el('input', {
    type: 'search',
    placeholder: 'Technique, asset, action …',
    autocomplete: 'off',
    input: () => show(search.value),
  });
  show('');
  return section('Steps', el('label', { class: 'field wide' }, el('span', {}, 'Search'), search), list);
}

function switchItem(
  { key, technique, text, fix, paths }: Switch,
  off: ReadonlySet<string>,
  toggle: (key: string, isOff: boolean) => void,
): HTMLElement {
  const box = el('input', { type: 'checkbox', checked: off.has(key), change: () => toggle(key, box.checked) });
  return el(
    'li',
    {},
    el(
      'label',
      { class: 'switch' },
      box,
      el(
        'span',
        {},
        el('span', { class: 'what' }, fix === '' ? text : fix),
        el('span', { class: 'note' }, `${technique}, in ${count(paths.length, 'path')}: ${text}`),
      ),
    ),
  );
}

function outcome(
  { model }: Page,
  { gone, hadElsewhere, left }: ReturnType<typeof switchOff>,
  chosen: readonly Switch[],
): HTMLElement {
  const unasked = model.paths.length - gone.length - left.length;
  const item = (path: ReportPath): HTMLElement => pathCard(path, model.names);
  const ended = gone.filter((path) => !hadElsewhere.has(path));
  const movedOn = gone.filter((path) => hadElsewhere.has(path));
  const keys = new Set(chosen.map(({ key }) => key));
  const rerouted = left.filter(({ steps }) => steps.some((step) => keys.has(keyOfStep(step))));
  return section(
    'Outcome',
    el(
      'p',
      { class: 'result' },
      el(
        'strong',
        {},
        `${count(gone.length, 'path')} of ${gone.length + left.length} ${gone.length === 1 ? 'vanishes' : 'vanish'}`,
      ),
      `, ${left.length} left`,
      rerouted.length > 0 && `, ${rerouted.length} of them by another way than now`,
      '.',
    ),
    unasked > 0 &&
      el('p', { class: 'note' }, `${count(unasked, 'path')} that need several entries at once are not asked.`),
    chosen.length === 0 && el('p', { class: 'note' }, 'No step is switched off.'),
    pathList('Gone', ended, item, 'cards gone'),
    pathList('Gone, but the target is had over another entry', movedOn, item, 'cards gone'),
    pathList('Still there, another way', rerouted, item, 'cards'),
  );
}

const pathList = (
  title: string,
  paths: readonly ReportPath[],
  item: (path: ReportPath) => HTMLElement,
  kind: string,
): Child => paths.length > 0 && [el('h3', {}, title), longList(paths, MOST, 'paths', item, el('ol', { class: kind }))];
