import { openPage } from './data/page.js';
import { el, fill } from './dom/element.js';
import { followChanges } from './live.js';
import { startShell } from './shell.js';

async function start(root: HTMLElement): Promise<void> {
  try {
    startShell(root, await openPage());
    followChanges();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    fill(root, el('main', {}, el('h1', {}, 'This report cannot be shown'), el('p', {}, text)));
    throw error;
  }
}

void start(document.getElementById('app') ?? document.body);
