import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../../scripts/chromium.js';
import { openReport } from './browser.js';
import { fixturePath, openFixture, writeReport } from './write-report.js';

let browser: Browser;
let folder: string;
let whole: string;
beforeAll(async () => {
  browser = await launchChromium();
  folder = mkdtempSync(join(tmpdir(), 'trespass-damaged-'));
  whole = readFileSync(await writeReport(fixturePath('web-shop'), folder), 'utf8');
});
afterAll(async () => {
  await browser?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

/** The report with a part of its data cut short. */
function withoutEndOf(part: 'graph' | 'attack'): string {
  const file = join(folder, `${part}.html`);
  const block = new RegExp(`(<script type="application/json" id="${part}">"?)([^<"]*|[^<]*)("?</script>)`);
  const damaged = whole.replace(block, (_, open: string, data: string, close: string) => {
    return `${open}${data.slice(0, Math.floor(data.length / 2))}${close}`;
  });
  expect(damaged).not.toBe(whole);
  writeFileSync(file, damaged);
  return file;
}

describe('a report whose file is damaged', () => {
  it('says that it is not whole where it ends before its program', async () => {
    const file = join(folder, 'half.html');
    writeFileSync(file, whole.slice(0, Math.floor(whole.length / 3)));
    const page = await browser.newPage();
    await page.goto(pathToFileURL(file).href);
    expect(await page.locator('#app').textContent()).toContain('the file is not whole');
    await page.close();
  });

  it('says why the graph cannot be shown', async () => {
    const { page, errors, close } = await openReport(browser, withoutEndOf('graph'), '#/graph');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('The graph cannot be shown: ');
    expect(errors).not.toEqual([]);
    await close();
  });

  it('says why neither other ways nor what-if nor reach can be worked out, and shows all else', async () => {
    const file = withoutEndOf('attack');
    const { page, close } = await openReport(browser, file, '#/what-if');
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toContain('The outcome cannot be worked out: ');
    const [path] = (await openFixture('web-shop')).report().paths;
    await page.goto(`${pathToFileURL(file).href}#/paths/${path?.id}`);
    await page.getByRole('button', { name: 'Show other ways' }).click();
    await alert.filter({ hasText: 'Other ways cannot be shown: ' }).waitFor();
    await page.goto(`${pathToFileURL(file).href}#/graph`);
    await page.locator('.node.asset').first().click();
    await page.getByRole('button', { name: 'What can it reach?' }).click();
    await alert.filter({ hasText: 'This cannot be worked out: ' }).waitFor();
    await close();
  });
});
