import { el, fill } from '../dom/element.js';

/** A frame that a drawing is looked at through: it scrolls, and makes the drawing smaller or larger. */
export interface ZoomFrame {
  readonly element: HTMLElement;
  show(canvas: HTMLElement): void;
}

const LEAST = 0.3;
const MOST = 2;
/** Names are still read at this size: a drawing that is too wide for it is scrolled. */
const LEAST_BY_ITSELF = 0.66;
const STEP = 1.25;
/** What fits on A4 and on Letter, in CSS pixels. */
const PAPER_WIDTH = 660;

export function zoomFrame(name: string, kind: string): ZoomFrame {
  const scroller = el('div', { class: 'scroller', role: 'group', 'aria-label': name, tabindex: 0 });
  let canvas: HTMLElement | undefined;
  let zoom = 1;
  const set = (value: number): void => {
    zoom = Math.min(MOST, Math.max(LEAST, value));
    canvas?.style.setProperty('zoom', zoom.toFixed(3));
  };
  const fit = (least: number): void => {
    const width = Number.parseFloat(canvas?.style.width ?? '');
    if (scroller.clientWidth > 0 && width > 0) set(Math.max(least, Math.min(1, (scroller.clientWidth - 4) / width)));
  };
  const button = (label: string, text: string, press: () => void): HTMLElement =>
    el(
      'button',
      { type: 'button', class: 'quiet', 'aria-label': `${label} (${name})`, title: label, click: press },
      text,
    );
  return {
    element: el(
      'div',
      { class: `drawing ${kind}` },
      scroller,
      el(
        'div',
        { class: 'zoom' },
        button('Smaller', '−', () => set(zoom / STEP)),
        button('Fit', 'Fit', () => fit(LEAST)),
        button('Larger', '+', () => set(zoom * STEP)),
      ),
    ),
    show: (drawn) => {
      canvas = drawn;
      const width = Number.parseFloat(drawn.style.width);
      drawn.style.setProperty('--print-zoom', Math.min(1, PAPER_WIDTH / width).toFixed(3));
      fill(scroller, drawn);
      // Its width is known once it is in the page.
      requestAnimationFrame(() => fit(LEAST_BY_ITSELF));
    },
  };
}
