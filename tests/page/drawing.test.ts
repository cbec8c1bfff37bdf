import { describe, expect, it } from 'vitest';
import type { PageAssets } from '../../src/page/data/page-graph.js';
import { flowOf } from '../../src/page/drawing/path-flow.js';
import { layOut } from '../../src/page/drawing/layout.js';
import { routeLines } from '../../src/page/drawing/route-lines.js';
import { type Place, placeTree } from '../../src/page/graph/place-tree.js';
import { visibleCards } from '../../src/page/graph/visible-cards.js';
import { hrefOf, parseRoute } from '../../src/page/route.js';
import { step } from '../reporters/sample-report.js';

describe('a path as it is drawn', () => {
  const to = (from: string, target: string, requires: readonly string[] = [from]) =>
    step({ from, to: target, requires });

  it('joins at a step what several steps gave there', () => {
    const { origins, steps } = flowOf([
      to('internet', 'host'),
      to('host', 'role'),
      to('role', 'db'),
      to('host', 'db'),
      to('db', 'db'),
    ]);
    expect(origins).toEqual(['internet']);
    expect(steps.map(({ needs }) => needs)).toEqual([[-1], [0], [1], [0], [2, 3]]);
  });

  it('joins at a step what it needs from several places', () => {
    const { steps } = flowOf([to('internet', 'host'), to('host', 'role'), to('role', 'copy', ['role', 'host'])]);
    expect(steps.at(-1)?.needs).toEqual([1, 0]);
  });

  it('goes on from what a join gave, and not from what went into it', () => {
    const { steps } = flowOf([to('a', 'x'), to('b', 'x'), to('x', 'x'), to('x', 'y')]);
    expect(steps.at(-1)?.needs).toEqual([2]);
  });

  it('starts from every asset that no step gives', () => {
    const { origins, steps } = flowOf([to('a', 'x', ['a', 'b'])]);
    expect(origins).toEqual(['a', 'b']);
    expect(steps[0]?.needs).toEqual([-1, -2]);
  });
});

describe('a layout', () => {
  const boxes = ['a', 'b', 'c', 'd'].map((id) => ({ id, width: 100, height: 40 }));
  const lines = [
    { from: 'a', to: 'b' },
    { from: 'a', to: 'c' },
    { from: 'b', to: 'd' },
    { from: 'c', to: 'd' },
    { from: 'd', to: 'a' },
    { from: 'a', to: 'a' },
    { from: 'a', to: 'nowhere' },
  ];
  const spacing = { layers: 40, boxes: 10 };

  it('goes from left to right without two boxes in one place, and is the same each time', () => {
    const layout = layOut(boxes, lines, spacing);
    const x = (id: string): number => layout.boxes.get(id)?.x ?? Number.NaN;
    expect(x('a')).toBeLessThan(x('b'));
    expect(x('b')).toBe(x('c'));
    expect(x('c')).toBeLessThan(x('d'));
    expect(layout.boxes.get('b')?.y).not.toBe(layout.boxes.get('c')?.y);
    expect(layout.lines).toHaveLength(5);
    expect(layOut(boxes, lines, spacing)).toEqual(layout);
  });

  it('leads lines from the right side of a box to the left of the next, and back ones the other way', () => {
    const layout = layOut(boxes, lines, spacing);
    const routed = routeLines(boxes, layout);
    for (const { line, points, isBack } of routed) {
      const [from, target] = [layout.boxes.get(line.from), layout.boxes.get(line.to)];
      expect(isBack).toBe(line.from === 'd');
      expect(points[0]?.x).toBe((from?.x ?? 0) + (isBack ? 0 : 100));
      expect(points.at(-1)?.x).toBe((target?.x ?? 0) + (isBack ? 100 : 0));
    }
    const into = routed.filter(({ line }) => line.to === 'd').map(({ points }) => points.at(-1)?.y);
    expect(new Set(into).size).toBe(2);
  });
});

/** So many assets in accounts, VPCs and subnets of a kind of regular country. */
function country(size: number): PageAssets {
  const types = ['ec2:instance', 'ec2:volume', 'iam:role'];
  const names = { short: (id: string) => id } as PageAssets['names'];
  return {
    size,
    names,
    id: (asset) => `asset-${asset}`,
    type: (asset) => types[asset % 3] ?? '',
    account: (asset) => String(asset % 4),
    vpc: (asset) => (asset % 3 === 2 ? -1 : asset % 7),
    subnet: (asset) => (asset % 3 === 2 ? -1 : asset % 11),
  } as PageAssets;
}

const everyPlace = (tree: readonly Place[]): readonly Place[] =>
  tree.flatMap((place) => [place, ...everyPlace(place.children)]);

describe('the cards of a view', () => {
  const nothing = { open: new Set<string>(), closed: new Set<string>() };
  const none = (): boolean => false;
  const all = (size: number): readonly number[] => Array.from({ length: size }, (_, at) => at);
  const shownIn = (cards: ReturnType<typeof visibleCards>['cards']): readonly number[] =>
    cards.flatMap((card) => (card.kind === 'asset' ? [card.asset] : card.assets)).sort((a, b) => a - b);

  it.each([1, 3, 30, 500, 10_000])('hold each of %i assets once, in few cards', (size) => {
    const tree = placeTree(country(size), all(size));
    const { cards } = visibleCards(tree, nothing, none);
    expect(shownIn(cards)).toEqual(all(size));
    expect(cards.length).toBeLessThanOrEqual(40);
    expect(new Set(cards.map(({ id }) => id)).size).toBe(cards.length);
  });

  it('are never more than 150, whatever is opened', () => {
    const tree = placeTree(country(10_000), all(10_000));
    const open = new Set(everyPlace(tree).map(({ id }) => id));
    const { cards } = visibleCards(tree, { open, closed: new Set() }, none);
    expect(cards.length).toBeLessThanOrEqual(150);
    expect(cards.length).toBeGreaterThan(100);
    expect(shownIn(cards)).toEqual(all(10_000));
  });

  it('open what a person opens, and show first what is wanted there', () => {
    const tree = placeTree(country(3000), all(3000));
    const place = everyPlace(tree).find(({ children, assets }) => children.length === 0 && assets.length > 70);
    const path = everyPlace(tree).filter(({ id }) => place?.id.startsWith(id));
    const wanted = place?.assets.at(-1);
    const open = new Set(path.map(({ id }) => id));
    const { cards, opened } = visibleCards(tree, { open, closed: new Set() }, (asset) => asset === wanted);
    expect(opened).toContain(place);
    expect(cards).toContainEqual({ kind: 'asset', id: `asset${wanted}`, asset: wanted });
    const rest = cards.find(({ id }) => id === `${place?.id}/left`);
    expect(rest).toMatchObject({ kind: 'group', canOpen: false });
  });

  it('close what a person closes', () => {
    const tree = placeTree(country(30), all(30));
    const [first] = tree;
    const { cards } = visibleCards(tree, { open: new Set(), closed: new Set([first?.id ?? '']) }, none);
    expect(cards).toContainEqual(expect.objectContaining({ kind: 'group', id: first?.id }));
  });
});

describe('an address in the page', () => {
  it.each([
    ['graph', 'arn:aws:s3:::a b/%?#&="\u202e', {}],
    ['findings', '', { q: 'a&b=c #?', severity: 'critical,high' }],
    ['what-if', '', { off: 'assume-role arn:aws:iam::1:role/x\nother y' }],
  ])('is read as it was written: %s', (view, subject, query) => {
    const route = parseRoute(hrefOf(view, subject, query));
    expect(route.view).toBe(view);
    expect(route.subject).toBe(subject);
    expect(Object.fromEntries(route.query)).toEqual(query);
  });

  it('that cannot be decoded is taken as it is', () => {
    expect(parseRoute('#/paths/%zz')).toMatchObject({ view: 'paths', subject: '%zz' });
    expect(parseRoute('')).toMatchObject({ view: '', subject: '' });
  });
});
