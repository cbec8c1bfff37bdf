import { el, svg } from '../dom/element.js';
import { layOut, type LayoutBox } from './layout.js';
import { curve, routeLines } from './route-lines.js';

export interface Card extends LayoutBox {
  readonly element: HTMLElement;
}

export interface CanvasLine {
  readonly from: string;
  readonly to: string;
  readonly class: string;
  readonly weight?: number;
  /** Shown when it is pointed at. */
  readonly title?: string;
}

const SPACING = { layers: 44, boxes: 18 };
/** How far a line's end stands from the card, so that the arrow's point touches it. */
const ARROW = 7;

/** Cards joined by lines, from left to right. Cards keep the order given for those who go through them with the keyboard. */
export function drawCanvas(
  cards: readonly Card[],
  lines: readonly CanvasLine[],
  spacing: { readonly layers: number; readonly boxes: number } = SPACING,
): HTMLElement {
  const layout = layOut(cards, lines, spacing);
  const { width, height, boxes } = layout;
  const picture = svg('svg', {
    class: 'lines',
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    'aria-hidden': 'true',
    focusable: 'false',
  });
  for (const { line, points, isBack } of routeLines(cards, layout)) {
    const { class: name, title } = line as CanvasLine;
    const tip = points.at(-1);
    if (!tip) continue;
    const foot = { x: tip.x + (isBack ? ARROW : -ARROW), y: tip.y };
    picture.append(
      svg(
        'path',
        { class: `line ${name}`, d: curve([...points.slice(0, -1), foot]) },
        title !== undefined && svg('title', {}, title),
      ),
      svg('path', {
        class: `point ${name}`,
        d: `M${foot.x},${foot.y - 4.5}L${tip.x},${tip.y}L${foot.x},${foot.y + 4.5}Z`,
      }),
    );
  }
  const canvas = el('div', { class: 'canvas' });
  canvas.style.width = `${Math.ceil(width)}px`;
  canvas.style.height = `${Math.ceil(height)}px`;
  canvas.append(picture);
  for (const { id, element, width, height } of cards) {
    const place = boxes.get(id);
    if (!place) continue;
    element.style.left = `${place.x}px`;
    element.style.top = `${place.y}px`;
    element.style.width = `${width}px`;
    element.style.height = `${height}px`;
    canvas.append(element);
  }
  return canvas;
}
