import { count } from '../../reporters/coverage-text.js';
import type { Page } from '../data/page.js';
import type { PageAssets } from '../data/page-graph.js';
import { el } from '../dom/element.js';
import type { Card } from '../drawing/canvas.js';
import { wordOf } from './place-tree.js';
import type { VisibleCard } from './visible-cards.js';

const WIDTH = 168;
const HEIGHT = 52;

/** How a card is marked: what is said of its asset besides its name. */
export interface Marks {
  /** Paths that end without something here, by asset id. */
  readonly chokePoints: ReadonlyMap<string, number>;
  /** Assets that an overlay is about, and what it says of them. */
  readonly overlay: ReadonlyMap<number, string>;
  readonly chosen: number | undefined;
  readonly onPaths: ReadonlySet<number>;
}

export const marksOf = ({ model }: Page): ReadonlyMap<string, number> => {
  const found = new Map<string, number>();
  for (const { remove, paths } of model.report.chokePoints)
    found.set(remove.asset, Math.max(paths, found.get(remove.asset) ?? 0));
  return found;
};

/** The card of an asset or a group, as a button. */
export function graphCard(
  graph: PageAssets,
  card: VisibleCard,
  marks: Marks,
  press: (card: VisibleCard) => void,
): Card {
  const element = card.kind === 'asset' ? assetButton(graph, card.asset, marks) : groupButton(graph, card, marks);
  element.addEventListener('click', () => press(card));
  element.dataset['card'] = card.id;
  return { id: card.id, width: WIDTH, height: HEIGHT, element };
}

function assetButton(
  graph: PageAssets,
  asset: number,
  { chokePoints, overlay, chosen, onPaths }: Marks,
): HTMLButtonElement {
  const id = graph.id(asset);
  const cuts = chokePoints.get(id);
  const said = overlay.get(asset);
  const notes = [
    graph.isExposed(asset) ? 'exposed' : '',
    cuts === undefined ? '' : `choke point: ends ${count(cuts, 'path')}`,
    said ?? '',
  ].filter((note) => note !== '');
  return el(
    'button',
    {
      type: 'button',
      class: `node asset${id === 'internet' ? ' internet' : ''}${onPaths.has(asset) ? ' on-path' : ''}${cuts === undefined ? '' : ' choke'}${said === undefined ? '' : ' reached'}`,
      'aria-pressed': asset === chosen ? 'true' : 'false',
      title: [graph.names.full(id), ...notes].join('\n'),
    },
    el(
      'span',
      { class: 'kind' },
      wordOf(graph.type(asset)),
      graph.isExposed(asset) && ' · exposed',
      said !== undefined && ` · ${said}`,
    ),
    el('bdi', { class: 'name' }, graph.names.short(id)),
    cuts !== undefined &&
      el('span', { class: 'cuts' }, el('span', { class: 'visually-hidden' }, 'choke point, ends paths: '), `✂ ${cuts}`),
  );
}

function groupButton(
  graph: PageAssets,
  card: Extract<VisibleCard, { readonly kind: 'group' }>,
  { overlay, onPaths }: Marks,
): HTMLButtonElement {
  const { place, assets, canOpen } = card;
  const types = new Set(assets.map(graph.type));
  const [type = ''] = types;
  const label = canOpen ? place.label : `${assets.length} more × ${wordOf(type)}`;
  const reached = assets.filter((asset) => overlay.has(asset)).length;
  const isCounted = label.startsWith(String(assets.length));
  return el(
    'button',
    {
      type: 'button',
      class: `node group${assets.some((asset) => onPaths.has(asset)) ? ' on-path' : ''}${reached > 0 ? ' reached' : ''}`,
      disabled: !canOpen,
      title: isCounted ? label : `${label}: ${count(assets.length, 'asset')}`,
    },
    el(
      'span',
      { class: 'kind' },
      canOpen ? '+ open' : 'search finds them',
      reached > 0 ? ` · ${reached} of ${assets.length} reached` : !isCounted && ` · ${count(assets.length, 'asset')}`,
    ),
    el('span', { class: 'name' }, label),
  );
}
