import { count } from '../../reporters/coverage-text.js';
import type { PageAssets } from '../data/page-graph.js';
import { el, fill } from '../dom/element.js';
import { hrefOf } from '../route.js';
import { findAssets } from './find-assets.js';
import { wordOf } from './place-tree.js';

const MOST = 12;

/** A field to search by, with what it finds below it. */
export function assetSearch(graph: PageAssets): HTMLElement {
  const results = el('div', { class: 'results', role: 'status' });
  const input = el('input', {
    type: 'search',
    placeholder: 'Name, id or address …',
    autocomplete: 'off',
    spellcheck: 'false',
    input: () => show(),
  });
  function show(): void {
    if (input.value.trim() === '') return fill(results);
    const found = findAssets(graph, input.value);
    fill(
      results,
      el(
        'p',
        { class: 'note' },
        found.length === 0
          ? 'No asset is called so.'
          : `${count(found.length, 'asset')}${found.length > MOST ? `, the first ${MOST}` : ''}`,
      ),
      el(
        'ul',
        { class: 'plain' },
        found
          .slice(0, MOST)
          .map((asset) =>
            el(
              'li',
              {},
              el(
                'a',
                { href: hrefOf('graph', graph.id(asset)) },
                wordOf(graph.type(asset)),
                ' ',
                el('bdi', {}, graph.names.full(graph.id(asset))),
              ),
              el('span', { class: 'note' }, ` ${graph.address(asset).split(' ')[0] ?? ''}`),
            ),
          ),
      ),
    );
  }
  return el(
    'div',
    { class: 'asset-search' },
    el('label', { class: 'field wide' }, el('span', {}, 'Find an asset'), input),
    results,
  );
}
