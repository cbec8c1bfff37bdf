import { groupBy } from '../../model/index.js';
import { count } from '../../reporters/coverage-text.js';
import type { Page } from '../data/page.js';
import type { Link, PageAssets } from '../data/page-graph.js';
import { el } from '../dom/element.js';
import { copyButton } from '../dom/copy-button.js';
import { pathCard } from '../parts/path-card.js';
import { longList, section } from '../parts/section.js';
import { assetLink } from './asset-link.js';
import { wordOf } from './place-tree.js';

const MOST_LINKS = 15;
const MOST_PATHS = 8;

/** An asset's card: what it is, what it is joined to, by kind, and the paths through it. */
export function assetPanel({ model }: Page, graph: PageAssets, asset: number, actions: HTMLElement): HTMLElement {
  const id = graph.id(asset);
  const facts: readonly (readonly [string, string])[] = [
    ['Account', graph.account(asset)],
    ['Region', graph.region(asset)],
    ['VPC', nameOf(graph, graph.vpc(asset))],
    ['Subnet', nameOf(graph, graph.subnet(asset))],
    ['Addresses', graph.address(asset)],
  ];
  const kinds = [
    ...groupBy(graph.links(asset), ({ kind, isOutgoing }) => `${isOutgoing ? '' : '← '}${kind.replaceAll('-', ' ')}`),
  ];
  const paths = model.paths.filter(({ steps }) =>
    steps.some((step) => step.from === id || step.to === id || step.requires.includes(id)),
  );
  const cuts = model.report.chokePoints.filter(({ remove }) => remove.asset === id);
  return el(
    'div',
    {},
    section(
      `${wordOf(graph.type(asset))} ${graph.names.short(id)}`,
      el(
        'p',
        { class: 'note' },
        el('code', {}, id),
        ' ',
        copyButton('Copy', () => id),
      ),
      el(
        'dl',
        { class: 'pairs' },
        facts.filter(([, value]) => value !== '').map(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]),
      ),
      graph.isExposed(asset) && el('p', {}, el('span', { class: 'badge' }, 'exposed to the internet')),
      cuts.map(({ remove, paths }) =>
        el('p', {}, el('span', { class: 'badge' }, 'choke point'), ` ${remove.what} Ends ${count(paths, 'path')}.`),
      ),
      actions,
    ),
    paths.length > 0 &&
      section(
        `${count(paths.length, 'path')} through it`,
        longList(paths, MOST_PATHS, 'paths', (path) => pathCard(path, model.names), el('ol', { class: 'cards' })),
      ),
    section(
      'Neighbours',
      kinds.length === 0 && el('p', {}, 'It is joined to nothing.'),
      kinds.map(([kind, links]) => neighbours(graph, kind, links)),
    ),
  );
}

const nameOf = (graph: PageAssets, asset: number): string => (asset < 0 ? '' : graph.names.full(graph.id(asset)));

const neighbours = (graph: PageAssets, kind: string, links: readonly Link[]): HTMLElement =>
  el(
    'div',
    {},
    el('h3', {}, kind, links.length > 1 && ` (${links.length})`),
    longList(
      links,
      MOST_LINKS,
      'neighbours',
      ({ other }) => el('li', {}, assetLink(graph, other)),
      el('ul', { class: 'plain' }),
    ),
  );
