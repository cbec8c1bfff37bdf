import { type Child, el } from '../dom/element.js';

/** A part of a view under a heading. */
export const section = (title: string, ...children: readonly Child[]): HTMLElement =>
  el('section', { class: 'panel' }, el('h2', {}, title), ...children);

/** A table with a name for those who do not see it, in a frame that scrolls by itself. */
export const table = (name: string, head: readonly string[], rows: readonly (readonly Child[])[]): HTMLElement =>
  el(
    'div',
    { class: 'table', role: 'region', 'aria-label': name, tabindex: 0 },
    el(
      'table',
      {},
      el(
        'thead',
        {},
        el(
          'tr',
          {},
          head.map((cell) => el('th', { scope: 'col' }, cell)),
        ),
      ),
      el(
        'tbody',
        {},
        rows.map((row) =>
          el(
            'tr',
            {},
            row.map((cell) => el('td', {}, cell)),
          ),
        ),
      ),
    ),
  );

/** What there is much of: the first few, and a button that shows the others, so many at a time. */
export function longList<T>(
  items: readonly T[],
  most: number,
  noun: string,
  draw: (item: T) => HTMLElement,
  list: HTMLElement = el('div', {}),
): HTMLElement {
  let shown = 0;
  const more = el('button', { type: 'button', class: 'more' });
  const show = (): void => {
    list.append(...items.slice(shown, shown + most).map(draw));
    shown = Math.min(items.length, shown + most);
    more.textContent = `Show more (${items.length - shown} ${noun} left)`;
    more.hidden = shown >= items.length;
  };
  more.addEventListener('click', show);
  show();
  return el('div', {}, list, more);
}
