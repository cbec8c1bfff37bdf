import type { ReportPath } from '../../findings/report.js';
import type { Names } from '../data/page-report.js';
import { el } from '../dom/element.js';
import { type CanvasLine, type Card, drawCanvas } from './canvas.js';
import { flowOf } from './path-flow.js';
import { zoomFrame } from './zoom-frame.js';

const WIDTH = 178;
/** That of a card that says besides how much it needs. */
const JOIN_WIDTH = 206;
const HEIGHT = 84;
const ORIGIN_WIDTH = 108;

/** A path from left to right: what each step gives is a card, and where a step needs several things, their lines join at it. */
export function pathDrawing(path: ReportPath, names: Names): HTMLElement {
  const { steps } = path;
  const { origins, steps: flow } = flowOf(steps);
  const idOf = (at: number): string => (at < 0 ? `origin${-1 - at}` : `step${at}`);
  const cards: Card[] = origins.map((id, at) => ({
    id: idOf(-1 - at),
    width: id === 'internet' ? ORIGIN_WIDTH : WIDTH,
    height: HEIGHT,
    element: el(
      'div',
      { class: `node origin${id === 'internet' ? ' internet' : ''}`, title: id },
      el('span', { class: 'kind' }, names.kind(id) || 'start'),
      el('bdi', { class: 'name' }, names.short(id)),
    ),
  }));
  const lines: CanvasLine[] = [];
  for (const { at, needs } of flow) {
    const step = steps[at];
    if (!step) continue;
    const isTarget = at === steps.length - 1;
    const isJoin = needs.length > 1;
    const button = el(
      'button',
      {
        type: 'button',
        class: `node step${isTarget ? ` target ${path.severity}` : ''}${step.conditions.length > 0 ? ' conditional' : ''}${isJoin ? ' join' : ''}`,
        title: `${step.text}\n${step.to}`,
      },
      el(
        'span',
        { class: 'kind' },
        el('span', { class: 'ordinal' }, at + 1),
        ' ',
        names.kind(step.to),
        isJoin && el('span', { class: 'all' }, needs.length === 2 ? 'needs both' : `needs all ${needs.length}`),
      ),
      el('bdi', { class: 'name' }, names.short(step.to)),
      el('span', { class: 'technique' }, step.technique),
    );
    button.addEventListener('click', () => {
      const item = document.getElementById(`step-${at + 1}`);
      item?.scrollIntoView({ block: 'start' });
      item?.focus();
    });
    cards.push({ id: idOf(at), width: isJoin ? JOIN_WIDTH : WIDTH, height: HEIGHT, element: button });
    for (const need of needs) lines.push({ from: idOf(need), to: idOf(at), class: isJoin ? 'joined' : 'attack' });
  }
  const frame = zoomFrame('The path from left to right', 'of-path');
  frame.show(drawCanvas(cards, lines, { layers: 40, boxes: 22 }));
  return frame.element;
}
