import { el } from './element.js';

/** A button that copies a text. */
export function copyButton(label: string, text: () => string): HTMLButtonElement {
  const button = el('button', { type: 'button', class: 'quiet copy' }, label);
  button.addEventListener('click', () => {
    void copy(text()).then((isDone) => {
      button.textContent = isDone ? 'Copied' : 'Select and copy by hand';
      setTimeout(() => (button.textContent = label), 2000);
    });
  });
  return button;
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** Where the clipboard is not given to the page (a file, in some browsers). */
function copyBySelection(text: string): boolean {
  const area = el('textarea', { class: 'visually-hidden', 'aria-hidden': 'true', tabindex: -1 });
  area.value = text;
  document.body.append(area);
  area.select();
  const isDone = document.execCommand('copy');
  area.remove();
  return isDone;
}
