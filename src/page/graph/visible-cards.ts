import type { Place } from './place-tree.js';

/** What stands in the drawing for assets: one by itself, or many together. */
export type VisibleCard =
  | { readonly kind: 'asset'; readonly id: string; readonly asset: number }
  | {
      readonly kind: 'group';
      readonly id: string;
      readonly place: Place;
      readonly assets: readonly number[];
      /** False for what is left of a place that holds more than can be drawn. */
      readonly canOpen: boolean;
    };

export interface VisiblePart {
  readonly cards: readonly VisibleCard[];
  /** Places that are opened, for closing them again. */
  readonly opened: readonly Place[];
}

/** No view draws more cards than this: laying more out takes long, and nobody sees through them. */
const MOST_CARDS = 150;
/** Places open by themselves up to so many cards; fewer where there is so much that most of it stays closed anyway. */
const OPENED_ALONE = 40;
const OPENED_ALONE_OF_MANY = 18;
/** Of one place no more than this are drawn one by one. */
const MOST_OF_ONE = 60;

/** Places that a person opened or closed, by id. */
export interface Asked {
  readonly open: ReadonlySet<string>;
  readonly closed: ReadonlySet<string>;
}

/**
 * Opens places as far as a person asked for it, then the smallest of the others while the drawing stays small. Where a place holds more than can be
 * drawn, the assets that are wanted come first, and the rest is one card with their number.
 * @param apart assets that are in no place of the tree and have a card of their own whatever is closed
 */
export function visibleCards(
  tree: readonly Place[],
  asked: Asked,
  isWanted: (asset: number) => boolean,
  apart: readonly number[] = [],
): VisiblePart {
  /** For each open place, the cards that it may take. */
  const granted = new Map<Place, number>();
  const closed = new Set(tree);
  let cards = tree.length + apart.length;
  const isMuch = tree.reduce((sum, { assets }) => sum + assets.length, 0) > MOST_CARDS;
  const alone = isMuch ? OPENED_ALONE_OF_MANY : OPENED_ALONE;
  const open = (place: Place, most: number): boolean => {
    const room = most - cards + 1;
    const cost = cardsOf(place);
    if (room < (place.children.length > 0 ? cost : 2)) return false;
    granted.set(place, Math.min(cost, room));
    cards += Math.min(cost, room) - 1;
    closed.delete(place);
    for (const child of place.children) closed.add(child);
    return true;
  };
  const canOpen = (place: Place): boolean => place.assets.length > 1;

  // A set's iteration goes on to what is added meanwhile.
  for (const place of closed) if (canOpen(place) && asked.open.has(place.id)) open(place, MOST_CARDS);
  for (;;) {
    const [next] = [...closed]
      .filter((place) => canOpen(place) && !asked.closed.has(place.id) && cards + cardsOf(place) - 1 <= alone)
      .sort((a, b) => cardsOf(a) - cardsOf(b));
    if (!next) break;
    open(next, alone);
  }
  return {
    cards: [...apart.map(assetCard), ...tree.flatMap((place) => draw(place, granted, isWanted))],
    opened: [...granted.keys()],
  };
}

/** How many cards a place takes when it is open. */
const cardsOf = ({ children, assets }: Place): number =>
  children.length > 0 ? children.length : Math.min(assets.length, MOST_OF_ONE + 1);

function draw(
  place: Place,
  granted: ReadonlyMap<Place, number>,
  isWanted: (asset: number) => boolean,
): readonly VisibleCard[] {
  const { id, assets, children } = place;
  const most = granted.get(place);
  if (assets.length === 1) return assets.map(assetCard);
  if (most === undefined) return [{ kind: 'group', id, place, assets, canOpen: true }];
  if (children.length > 0) return children.flatMap((child) => draw(child, granted, isWanted));
  if (assets.length <= most) return assets.map(assetCard);
  const sorted = [...assets.filter(isWanted), ...assets.filter((asset) => !isWanted(asset))];
  const left = sorted.slice(most - 1);
  return [
    ...sorted.slice(0, most - 1).map(assetCard),
    { kind: 'group', id: `${id}/left`, place, assets: left, canOpen: false },
  ];
}

const assetCard = (asset: number): VisibleCard => ({ kind: 'asset', id: `asset${asset}`, asset });
