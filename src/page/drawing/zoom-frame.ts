import { el, fill } from '../dom/element.js';

/** A frame that a drawing is looked at through: it scrolls, and makes the drawing smaller or larger. */
export interface ZoomFrame {
  readonly element: HTMLElement;
  show(canvas: HTMLElement): void;
}

const LEAST = 0.3;
const MOST = 2;
/** Names are still read at this size: a drawing that is too wide for it is scrolled. */
const LEAST_BY_ITSELF = 0.74;
const STEP = 1.25;
/** Kept free around a drawing that is made to fit, in CSS pixels. */
const ROOM = 20;
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
    const height = Number.parseFloat(canvas?.style.height ?? '');
    if (scroller.clientWidth === 0 || !(width > 0)) return;
    // The frame grows with the drawing up to what its style lets it; a frame without a limit fits any height.
    const most = Number.parseFloat(getComputedStyle(scroller).maxHeight);
    const byHeight = most > 0 ? (most - ROOM) / height : 1;
    set(Math.max(least, Math.min(1, (scroller.clientWidth - ROOM) / width, byHeight)));
  };
  /** Brings what the drawing is about, or starts from, to the middle of the frame. */
  const centre = (): void => {
    const card = canvas?.querySelector("[aria-pressed='true'], .internet");
    if (!card) return;
    const [inner, outer] = [card.getBoundingClientRect(), scroller.getBoundingClientRect()];
    scroller.scrollTop += inner.top + inner.height / 2 - (outer.top + outer.height / 2);
    scroller.scrollLeft += Math.min(0, inner.left - outer.left - ROOM) + Math.max(0, inner.right - outer.right + ROOM);
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
      requestAnimationFrame(() => {
        fit(LEAST_BY_ITSELF);
        centre();
      });
    },
  };
}
