import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** A page, and all that went wrong in it or was asked of anybody. */
export interface WatchedPage {
  readonly page: Page;
  readonly errors: readonly string[];
  /** Addresses of requests, the page's own file left out. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** Opens a report from its file, in a browser profile of its own. */
export async function openReport(
  browser: Browser,
  file: string,
  hash = '',
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const errors: string[] = [];
  const requests: string[] = [];
  const own = pathToFileURL(file).href;
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
  });
  page.on('dialog', (dialog) => {
    errors.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (request.url().split('#')[0] !== own) requests.push(request.url());
  });
  await page.goto(own + hash);
  await page.waitForSelector('main h1');
  return { page, errors, requests, close: () => context.close() };
}
