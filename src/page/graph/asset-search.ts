import { count } from '../../reporters/coverage-text.js';
import type { PageAssets } from '../data/page-graph.js';
import { el, fill } from '../dom/element.js';
import { findAssets } from './find-assets.js';
import { assetLink } from './asset-link.js';

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
              assetLink(graph, asset),
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
