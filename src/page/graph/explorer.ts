import { count } from '../../reporters/coverage-text.js';
import type { Page } from '../data/page.js';
import type { PageAssets } from '../data/page-graph.js';
import { el, fill } from '../dom/element.js';
import { showFailure } from '../dom/failure.js';
import { drawCanvas } from '../drawing/canvas.js';
import { zoomFrame } from '../drawing/zoom-frame.js';
import { hrefOf, type Route } from '../route.js';
import { assetPanel } from './asset-panel.js';
import { assetSearch } from './asset-search.js';
import { graphCard, marksOf } from './graph-cards.js';
import { graphLines, type Step, stepsOfPaths } from './graph-lines.js';
import { askReach, overlaySection, type Overlay } from './overlay.js';
import { type Place, placeTree } from './place-tree.js';
import { allAssets, assetsOfPath, assetsOnPaths, withNeighbours } from './scope.js';
import { type VisibleCard, visibleCards } from './visible-cards.js';

/** What is looked at and how; changed by what a person does. */
interface State {
  /** Assets whose neighbours are shown. */
  readonly centres: Set<number>;
  readonly open: Set<string>;
  readonly closed: Set<string>;
  chosen: number | undefined;
  overlay: Overlay | undefined;
  withStated: boolean;
}

const NONE: ReadonlySet<number> = new Set();

/** Of the assets whose neighbours are shown, so many are never put into a group. */
const MOST_APART = 12;

/** The graph to be explored: what lies on paths at first, or what the address names, and from there outward. */
export function startExplorer(page: Page, graph: PageAssets, route: Route): HTMLElement {
  const { model } = page;
  const onPaths = assetsOnPaths(graph, model.paths);
  const steps = stepsOfPaths(graph, model.paths);
  const chokePoints = marksOf(page);
  const subject = route.subject === '' ? undefined : graph.place(route.subject);
  const path = model.pathsById.get(route.query.get('path') ?? '');
  const isAll = subject === undefined && !path && (route.query.get('all') === 'yes' || onPaths.size === 0);
  const start = path ? assetsOfPath(graph, path) : isAll ? allAssets(graph) : subject === undefined ? onPaths : NONE;
  const isOnPaths = start === onPaths;
  const state: State = {
    centres: new Set(subject === undefined ? [] : [subject]),
    open: new Set(),
    closed: new Set(),
    chosen: subject,
    overlay: undefined,
    withStated: subject !== undefined || isAll,
  };
  const frame = zoomFrame('Asset graph', 'explorer');
  const drawing = frame.element;
  const status = el('p', { class: 'found', role: 'status' });
  const side = el('div', { class: 'side' });
  const columns = el('div', { class: 'columns wide-left' }, drawing, side);
  const tools = el('div', { class: 'tools' });

  let opened: readonly Place[] = [];

  const scopeOf = (): ReadonlySet<number> => {
    if (state.overlay) return new Set([state.overlay.asset, ...state.overlay.assets.keys(), ...state.overlay.between]);
    return new Set([...start, ...withNeighbours(graph, state.centres)]);
  };

  function show(focus?: string): void {
    const scope = scopeOf();
    const isWanted = (asset: number): boolean => onPaths.has(asset) || state.centres.has(asset);
    const apart = state.overlay ? [state.overlay.asset] : [...state.centres].slice(-MOST_APART);
    const grouped = [...scope].filter((asset) => !apart.includes(asset)).sort((a, b) => a - b);
    const tree = placeTree(graph, grouped);
    const part = visibleCards(tree, state, isWanted, apart);
    const { cards } = part;
    opened = part.opened;
    const shownSteps: readonly Step[] = state.overlay ? state.overlay.steps : steps;
    const { lines, left } = graphLines(graph, cards, shownSteps, state.withStated && !state.overlay);
    const overlay = state.overlay?.assets ?? new Map<number, string>();
    const marks = { chokePoints, overlay, chosen: state.chosen, onPaths };
    const drawn = cards.map((card) => graphCard(graph, card, marks, press));
    frame.show(drawCanvas(drawn, lines, { layers: 70, boxes: 12 }));
    const groups = cards.filter(({ kind }) => kind === 'group').length;
    fill(
      status,
      `${titleOf()}: ${count(scope.size, 'asset')} in ${count(cards.length, 'card')}`,
      groups > 0 && `, ${count(groups, 'group')} closed`,
      left > 0 && `; ${count(left, 'relationship')} not drawn`,
      state.chosen === undefined &&
        '. Choose a card to see what it is joined to, what it can reach and who can reach it.',
    );
    fill(tools, toolbar());
    if (focus === undefined) return;
    const card = [...drawing.querySelectorAll<HTMLElement>('[data-card]')].find(
      (node) => node.dataset['card'] === focus,
    );
    card?.focus();
  }

  function titleOf(): string {
    if (state.overlay) return state.overlay.title;
    if (path) return 'Around a path';
    if (isAll) return 'All assets';
    return subject === undefined ? 'What lies on paths' : `Around ${graph.names.short(route.subject)}`;
  }

  function toolbar(): readonly HTMLElement[] {
    const stated = el('input', {
      type: 'checkbox',
      checked: state.withStated,
      disabled: state.overlay !== undefined,
      change: () => {
        state.withStated = stated.checked;
        show();
      },
    });
    const close = opened.map((place) =>
      el(
        'button',
        {
          type: 'button',
          class: 'quiet',
          click: () => {
            for (const { id } of opened) state.open.add(id);
            state.closed.add(place.id);
            state.open.delete(place.id);
            show(place.id);
          },
        },
        `− ${place.label}`,
      ),
    );
    return [
      el('label', { class: 'choice' }, stated, 'relationships'),
      ...(isOnPaths || onPaths.size === 0 ? [] : [el('a', { href: hrefOf('graph') }, 'What lies on paths')]),
      ...(isAll ? [] : [el('a', { href: hrefOf('graph', '', { all: 'yes' }) }, 'All assets')]),
      ...(close.length === 0
        ? []
        : [el('details', { class: 'close' }, el('summary', {}, `Close a place (${close.length})`), close)]),
    ];
  }

  function press(card: VisibleCard): void {
    if (card.kind === 'asset') {
      state.chosen = card.asset;
      describe();
      for (const node of drawing.querySelectorAll<HTMLElement>('.node.asset'))
        node.setAttribute('aria-pressed', node.dataset['card'] === card.id ? 'true' : 'false');
      return;
    }
    // What opened by itself stays open, whatever comes to be open besides.
    for (const { id } of [...opened, card.place]) state.open.add(id);
    state.closed.delete(card.place.id);
    show(card.place.children[0]?.id ?? `asset${card.assets[0] ?? ''}`);
  }

  function describe(): void {
    const { chosen, overlay } = state;
    columns.classList.toggle('alone', chosen === undefined && overlay === undefined);
    fill(
      side,
      overlay && overlaySection(page, graph, overlay, () => lay(undefined)),
      chosen !== undefined && assetPanel(page, graph, chosen, actions(chosen)),
    );
  }

  function lay(overlay: Overlay | undefined): void {
    state.overlay = overlay;
    state.open.clear();
    state.closed.clear();
    describe();
    show();
  }

  function actions(asset: number): HTMLElement {
    const said = el('div', { class: 'note', role: 'status' });
    const ask = (direction: 'reaches' | 'reached-from') => (): void => {
      const isWanted = (): boolean => said.isConnected;
      void askReach(page, graph, asset, direction, (text) => fill(said, text), isWanted)
        .then((overlay) => {
          if (overlay && isWanted()) lay(overlay);
        })
        .catch(showFailure(said, 'This cannot be worked out'));
    };
    const around = (): void => {
      state.overlay = undefined;
      state.centres.add(asset);
      state.withStated = true;
      describe();
      show(`asset${asset}`);
    };
    return el(
      'div',
      { class: 'actions' },
      el('button', { type: 'button', click: around }, 'Show neighbours'),
      el('button', { type: 'button', click: ask('reaches') }, 'What can it reach?'),
      el('button', { type: 'button', click: ask('reached-from') }, 'Who can reach it?'),
      said,
    );
  }

  describe();
  show();
  return el(
    'div',
    {},
    route.subject !== '' &&
      subject === undefined &&
      el('p', {}, 'No such asset is in the graph: ', el('code', {}, route.subject)),
    el('div', { class: 'panel explorer-bar' }, assetSearch(graph), tools),
    status,
    columns,
  );
}
