import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import axe from 'axe-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/findings/index.js';
import { launchChromium } from '../../scripts/chromium.js';
import { openReport } from './browser.js';
import { FIXTURES, fixturePath, openFixture, writeReport } from './write-report.js';

let browser: Browser;
let folder: string;
beforeAll(async () => {
  browser = await launchChromium();
  folder = mkdtempSync(join(tmpdir(), 'trespass-page-'));
});
afterAll(async () => {
  await browser?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

describe.each(FIXTURES)('the report of %s', (fixture) => {
  let file: string;
  let report: Report;
  beforeAll(async () => {
    const own = mkdtempSync(join(folder, `${fixture}-`));
    const analysis = await openFixture(fixture);
    report = analysis.report();
    file = await writeReport(fixturePath(fixture), own);
  });

  it('shows what was found and asks nobody anything', async () => {
    const { page, errors, requests, close } = await openReport(browser, file);
    expect(await page.locator('h1').textContent()).toContain(`${report.paths.length} attack path`);
    for (const [severity, count] of Object.entries(report.summary.bySeverity))
      expect(await page.locator(`.tile.${severity} .number`).textContent()).toBe(String(count));
    expect(await page.locator('.fixes > li').count()).toBe(Math.min(5, report.chokePoints.length));
    const firstFix = report.chokePoints[0];
    expect(await page.locator('.fixes > li').first().textContent()).toContain(`ends ${firstFix?.paths} path`);
    expect(errors).toEqual([]);
    expect(requests).toEqual([]);
    await close();
  });

  it('leads from a finding to its path, with every step and its evidence', async () => {
    const { page, errors, requests, close } = await openReport(browser, file, '#/findings');
    expect(await page.locator('.found').textContent()).toContain(`${report.paths.length} path`);
    const [worst] = report.paths;
    await page.locator('a.finding').first().click();
    await page.waitForSelector('article.path');
    expect(page.url()).toContain(worst?.id);
    expect(await page.locator('.step-item').count()).toBe(worst?.steps.length);
    expect(await page.locator('.drawing button.node').count()).toBe(worst?.steps.length);
    const text = (await page.locator('.steps').textContent()) ?? '';
    for (const { evidence, fix, technique, assumptions } of worst?.steps ?? []) {
      for (const { fact, source } of evidence) {
        expect(text).toContain(fact);
        expect(text).toContain(source);
      }
      for (const part of [fix, technique, ...assumptions]) expect(text).toContain(part);
    }
    await page.getByRole('button', { name: 'Show other ways' }).click();
    await page
      .getByText(/other way/)
      .nth(1)
      .waitFor();
    expect(errors).toEqual([]);
    expect(requests).toEqual([]);
    await close();
  });

  it('opens the graph at what lies on paths, finds an asset and its neighbours, and says what it reaches', async () => {
    const { page, errors, requests, close } = await openReport(browser, file, '#/graph');
    await page.waitForSelector('.explorer .node');
    const cards = await page.locator('.explorer .node').count();
    expect(cards).toBeGreaterThan(2);
    expect(cards).toBeLessThanOrEqual(150);
    const entry = report.paths.find((path) => path.entry.type === 'ec2:instance')?.entry;
    const name = entry?.name ?? entry?.id ?? '';
    await page.getByLabel('Find an asset').fill(entry?.id ?? '');
    await page.locator('.results a').first().click();
    await page.waitForSelector('.side .panel h2');
    expect(await page.locator('.side h2').first().textContent()).toContain(name);
    const around = await page.locator('.explorer .node').count();
    expect(around).toBeGreaterThan(2);
    await page.getByRole('button', { name: 'What can it reach?' }).click();
    await page.locator('.found', { hasText: 'can reach' }).waitFor();
    expect(await page.locator('.node.reached').count()).toBeGreaterThan(0);
    expect(errors).toEqual([]);
    expect(requests).toEqual([]);
    await close();
  });

  it('answers what-if as the program does', async () => {
    const { page, errors, close } = await openReport(browser, file, '#/what-if');
    for (const { remove, paths } of report.chokePoints) {
      const key = `${remove.what.split(':')[0]} ${remove.asset}`;
      await goTo(page, `#/what-if?off=${encodeURIComponent(key)}`);
      await page
        .locator('.result', { hasText: `${paths} path${paths === 1 ? '' : 's'} of ${report.paths.length}` })
        .waitFor();
    }
    await page.locator('.switch input').first().uncheck();
    await page.locator('.result', { hasText: /^0 paths/ }).waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  it('prints to PDF', async () => {
    const { page, errors, close } = await openReport(browser, file, '#/print');
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.length).toBeGreaterThan(20_000);
    expect(errors).toEqual([]);
    await close();
  });

  it.each(['light', 'dark'] as const)('has no serious barrier in any view (%s)', async (colorScheme) => {
    const views = ['', '#/findings', `#/paths/${report.paths[0]?.id}`, '#/graph', '#/what-if', '#/print'];
    const { page, close } = await openReport(browser, file, '', { colorScheme, bypassCSP: true });
    await page.evaluate(axe.source);
    for (const view of views) {
      await goTo(page, view === '' ? '#/' : view);
      await page.waitForTimeout(150);
      if (view === '#/graph') {
        await page.locator('.explorer button.node.asset').first().click();
        await page.waitForSelector('.side .panel');
      }
      expect(await seriousBarriers(page), view).toEqual([]);
    }
    await close();
  });

  it('is small', () => {
    expect(statSync(file).size).toBeLessThan(700_000);
  });
});

/** As a link does, without loading the file again. */
const goTo = (page: Page, hash: string): Promise<void> =>
  page.evaluate((to) => {
    (globalThis as unknown as { location: { hash: string } }).location.hash = to;
  }, hash);

async function seriousBarriers(page: Page): Promise<readonly string[]> {
  return page.evaluate(async () => {
    interface Result {
      readonly violations: readonly {
        readonly id: string;
        readonly impact: string;
        readonly nodes: readonly { readonly target: readonly string[] }[];
      }[];
    }
    const axe = (globalThis as unknown as { axe: { run(): Promise<Result> } }).axe;
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(
        ({ id, nodes }) =>
          `${id}: ${nodes
            .slice(0, 3)
            .map(({ target }) => target.join(' '))
            .join(', ')}`,
      );
  });
}
