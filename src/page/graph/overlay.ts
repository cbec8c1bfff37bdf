import { count } from '../../reporters/coverage-text.js';
import type { Page } from '../data/page.js';
import type { PageAssets } from '../data/page-graph.js';
import { el } from '../dom/element.js';
import { longList, section } from '../parts/section.js';
import { lineItem } from '../views/other-ways.js';
import type { Step } from './graph-lines.js';
import { type ReachedByWay, whatCanBeReached, whoCanReach } from './reach.js';

/** An answer that is laid over the graph. */
export interface Overlay {
  readonly title: string;
  /** Whom it was asked about. */
  readonly asset: number;
  /** What it says of each asset, in a word. */
  readonly assets: ReadonlyMap<number, string>;
  /** Assets that are passed on the way. */
  readonly between: ReadonlySet<number>;
  readonly steps: readonly Step[];
  readonly ways: readonly ReachedByWay[];
}

const MOST_WAYS = 12;
/** How long the page may be kept from answering, in milliseconds. */
const PATIENCE = 40;

/** Asks the attack graph about an asset. @param isWanted false ends a search that nobody waits for any more */
export async function askReach(
  page: Page,
  graph: PageAssets,
  asset: number,
  direction: 'reaches' | 'reached-from',
  say: (text: string) => void,
  isWanted: () => boolean,
): Promise<Overlay | undefined> {
  say('Working it out …');
  const attack = await page.attack();
  const subject = { id: graph.id(asset), type: graph.type(asset) };
  let since = performance.now();
  const pause = async (asked: number, all: number): Promise<boolean> => {
    if (performance.now() - since < PATIENCE) return true;
    say(`Asked ${asked} of ${all} …`);
    await new Promise((resolve) => setTimeout(resolve));
    since = performance.now();
    return isWanted();
  };
  const ways = direction === 'reaches' ? whatCanBeReached(attack, subject) : await whoCanReach(attack, subject, pause);
  const name = graph.names.short(subject.id);
  if (ways.length === 0) {
    say(
      direction === 'reaches'
        ? `Nothing is known that follows from having ${name}.`
        : `No other host or principal is known that can reach ${name}; the internet is not asked.`,
    );
    return undefined;
  }
  return makeOverlay(graph, asset, ways, direction === 'reaches' ? `What ${name} can reach` : `Who can reach ${name}`);
}

function makeOverlay(graph: PageAssets, asset: number, ways: readonly ReachedByWay[], title: string): Overlay {
  const assets = new Map<number, string>();
  for (const { asset: id, access, isCertain } of ways) {
    const place = graph.place(id);
    if (place === undefined || place === asset) continue;
    const label = isCertain ? access : `${access}?`;
    const before = assets.get(place);
    assets.set(place, before === undefined ? label : `${before}, ${label}`);
  }
  const between = new Set<number>();
  const steps = new Map<string, Step>();
  for (const { technique, from, to } of ways.flatMap(({ lines }) => lines)) {
    const [source, target] = [graph.place(from), graph.place(to)];
    if (source === undefined || target === undefined) continue;
    between.add(source).add(target);
    steps.set(`${source} ${target} ${technique}`, { from: source, to: target, technique });
  }
  return { title, asset, assets, between, steps: [...steps.values()], ways };
}

const assetsOf = (ways: readonly ReachedByWay[]): number => new Set(ways.map(({ asset }) => asset)).size;

/** The answer as a list. */
export const overlaySection = (
  page: Page,
  graph: PageAssets,
  { title, ways }: Overlay,
  close: () => void,
): HTMLElement =>
  section(
    title,
    el(
      'p',
      {},
      `${count(assetsOf(ways), 'asset')}, ${assetsOf(ways.filter(({ isCertain }) => isCertain))} of them without a condition. `,
      el('button', { type: 'button', click: close }, 'Take away'),
    ),
    longList(
      ways,
      MOST_WAYS,
      'ways',
      ({ asset, access, isCertain, lines }) =>
        el(
          'li',
          {},
          el(
            'details',
            {},
            el('summary', {}, el('bdi', {}, graph.names.label(asset)), ` · ${access}`, !isCertain && ' · conditional'),
            el(
              'ol',
              { class: 'lines-of-way' },
              lines.map((line) => lineItem(line, page.model)),
            ),
          ),
        ),
      el('ul', { class: 'plain' }),
    ),
  );
