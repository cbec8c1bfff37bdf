import { count } from '../reporters/coverage-text.js';
import type { Page } from './data/page.js';
import { el, fill } from './dom/element.js';
import { themeSwitch } from './dom/theme.js';
import { graphView } from './graph/graph-view.js';
import { hrefOf, parseRoute, type Route } from './route.js';
import { findings } from './views/findings.js';
import { overview } from './views/overview.js';
import { pathView } from './views/path-view.js';
import { printView } from './views/print-view.js';
import { whatIfView } from './what-if/what-if-view.js';

const VIEWS: readonly { readonly view: string; readonly title: string }[] = [
  { view: 'overview', title: 'Overview' },
  { view: 'findings', title: 'Findings' },
  { view: 'graph', title: 'Graph' },
  { view: 'what-if', title: 'What if' },
  { view: 'print', title: 'Print' },
];

/** Draws the frame of the page, and the view that the address asks for in it, now and whenever the address changes. */
export function startShell(root: HTMLElement, page: Page): void {
  const main = el('main', { id: 'main', tabindex: -1 });
  const links = VIEWS.map(({ view, title }) => ({ view, link: el('a', { href: hrefOf(view) }, title) }));
  const skip = el('a', { class: 'skip', href: '#main' }, 'Skip to the content');
  skip.addEventListener('click', (event) => {
    event.preventDefault();
    main.focus();
  });
  fill(
    root,
    skip,
    el(
      'header',
      { class: 'bar-top' },
      el('a', { class: 'brand', href: hrefOf('overview') }, 'trespass'),
      el(
        'nav',
        { 'aria-label': 'Views' },
        links.map(({ link }) => link),
      ),
      themeSwitch(),
    ),
    main,
    el(
      'footer',
      { class: 'note' },
      `${count(page.model.paths.length, 'path')}, trespass ${page.model.report.tool.version}. This file asks nobody anything.`,
    ),
  );
  let isFirst = true;
  const show = (): void => {
    const route = parseRoute(location.hash);
    for (const { view, link } of links) {
      if (
        view === route.view ||
        (view === 'findings' && route.view === 'paths') ||
        (view === 'overview' && route.view === '')
      )
        link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    fill(main, viewOf(page, route));
    document.title = `${main.querySelector('h1')?.textContent ?? 'Report'} · trespass`;
    if (isFirst) return;
    const part = route.view === 'overview' ? document.getElementById(route.subject) : null;
    (part ?? main).focus({ preventScroll: true });
    if (part) part.scrollIntoView();
    else window.scrollTo(0, 0);
  };
  addEventListener('hashchange', show);
  addEventListener('keydown', goToSearch);
  show();
  isFirst = false;
}

function viewOf(page: Page, route: Route): HTMLElement {
  switch (route.view) {
    case 'findings':
      return findings(page.model, route);
    case 'paths':
      return pathView(page, route.subject);
    case 'graph':
      return graphView(page, route);
    case 'what-if':
      return whatIfView(page, route);
    case 'print':
      return printView(page.model);
    default:
      return overview(page.model);
  }
}

/** A slash goes to the search of the view. */
function goToSearch(event: KeyboardEvent): void {
  if (event.key !== '/' || event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement)
    return;
  const search = document.querySelector<HTMLInputElement>('main input[type=search]');
  if (!search) return;
  event.preventDefault();
  search.focus();
}
