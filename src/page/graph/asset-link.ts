import type { PageAssets } from '../data/page-graph.js';
import { el } from '../dom/element.js';
import { hrefOf } from '../route.js';
import { wordOf } from './place-tree.js';

/** An asset by its kind and name, as a link to its place in the graph. */
export const assetLink = (graph: PageAssets, asset: number): HTMLElement =>
  el(
    'a',
    { href: hrefOf('graph', graph.id(asset)) },
    wordOf(graph.type(asset)),
    ' ',
    el('bdi', {}, graph.names.full(graph.id(asset))),
  );
