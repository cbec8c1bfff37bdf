import { el } from './element.js';

const NEXT: Readonly<Record<string, string>> = { auto: 'light', light: 'dark', dark: 'auto' };

/** Switches between the system's choice, light and dark; nothing of it is kept. */
export function themeSwitch(): HTMLElement {
  let theme = 'auto';
  const button = el('button', { type: 'button', class: 'quiet theme' });
  const show = (): void => {
    if (theme === 'auto') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
    button.textContent = { auto: 'Theme: system', light: 'Theme: light', dark: 'Theme: dark' }[theme] ?? '';
  };
  button.addEventListener('click', () => {
    theme = NEXT[theme] ?? 'auto';
    show();
  });
  show();
  return button;
}
