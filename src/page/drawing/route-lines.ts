import { groupBy } from '../../model/index.js';
import type { Layout, LayoutBox, LayoutLine, Point } from './layout.js';

/** A line from card to card, with its points in place. */
export interface RoutedLine {
  readonly line: LayoutLine;
  readonly points: readonly Point[];
  /** Whether it comes in from the right, as a line that leads back does. */
  readonly isBack: boolean;
}

/** The widest distance between two lines at the same side of a card. */
const APART = 9;

/**
 * Leads lines out of the right side of a card and into the left side of the other, or the other way round where a line leads back; those that meet at a
 * side are spread over it in the order in which they come.
 */
export function routeLines(boxes: readonly LayoutBox[], { boxes: places, lines }: Layout): readonly RoutedLine[] {
  const sizes = new Map(boxes.map((box) => [box.id, box]));
  const place = (id: string): Point & { readonly width: number; readonly height: number } => {
    const { x, y } = places.get(id) ?? { x: 0, y: 0 };
    const { width, height } = sizes.get(id) ?? { width: 0, height: 0 };
    return { x, y, width, height };
  };
  const routed = lines.map(({ line, points }) => {
    const [from, to] = [place(line.from), place(line.to)];
    return { line, isBack: to.x < from.x + from.width, between: points.slice(1, -1) };
  });
  const offsets = spread(
    routed.flatMap(({ line, isBack, between }, at) => [
      {
        end: `${at} from`,
        side: `${line.from} ${isBack ? 'left' : 'right'}`,
        height: place(line.from).height,
        y: between[0]?.y ?? centre(place(line.to)),
      },
      {
        end: `${at} to`,
        side: `${line.to} ${isBack ? 'right' : 'left'}`,
        height: place(line.to).height,
        y: between.at(-1)?.y ?? centre(place(line.from)),
      },
    ]),
  );
  return routed.map(({ line, isBack, between }, at) => {
    const [from, to] = [place(line.from), place(line.to)];
    const start = { x: isBack ? from.x : from.x + from.width, y: centre(from) + (offsets.get(`${at} from`) ?? 0) };
    const end = { x: isBack ? to.x + to.width : to.x, y: centre(to) + (offsets.get(`${at} to`) ?? 0) };
    return { line, isBack, points: [start, ...between, end] };
  });
}

const centre = ({ y, height }: { readonly y: number; readonly height: number }): number => y + height / 2;

interface End {
  readonly end: string;
  readonly side: string;
  readonly height: number;
  readonly y: number;
}

/** How far each end stands from the middle of its side. */
function spread(ends: readonly End[]): ReadonlyMap<string, number> {
  const bySide = groupBy(ends, ({ side }) => side);
  const offsets = new Map<string, number>();
  for (const own of bySide.values()) {
    const sorted = [...own].sort((a, b) => a.y - b.y);
    const apart = Math.min(APART, ((sorted[0]?.height ?? 0) - 16) / Math.max(1, sorted.length - 1));
    sorted.forEach(({ end }, at) => offsets.set(end, (at - (sorted.length - 1) / 2) * apart));
  }
  return offsets;
}

/** A line that leaves and arrives level, as SVG writes it. */
export function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  let path = `M${pair(first)}`;
  let before = first;
  for (const point of rest) {
    const middle = (before.x + point.x) / 2;
    path += `C${pair({ x: middle, y: before.y })} ${pair({ x: middle, y: point.y })} ${pair(point)}`;
    before = point;
  }
  return path;
}

const pair = ({ x, y }: Point): string => `${x.toFixed(1)},${y.toFixed(1)}`;
