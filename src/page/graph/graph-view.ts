import type { Page } from '../data/page.js';
import { el, fill } from '../dom/element.js';
import { showFailure } from '../dom/failure.js';
import type { Route } from '../route.js';
import { startExplorer } from './explorer.js';

/** The asset graph, once it is read. */
export function graphView(page: Page, route: Route): HTMLElement {
  const body = el('div', {}, el('p', { role: 'status' }, 'Reading the graph …'));
  void page
    .graph()
    .then((graph) => fill(body, startExplorer(page, graph, route)))
    .catch(showFailure(body, 'The graph cannot be shown'));
  return el('div', { class: 'graph-view' }, el('h1', {}, 'Asset graph'), body);
}
