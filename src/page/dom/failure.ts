import { el, fill } from './element.js';

/** Says in an element why something cannot be shown. The error goes on, to the browser's console. */
export const showFailure =
  (element: HTMLElement, what: string) =>
  (error: unknown): never => {
    fill(element, el('p', { role: 'alert' }, `${what}: ${error instanceof Error ? error.message : String(error)}`));
    throw error;
  };
