import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeEstate } from '../../bench/estate.js';
import { bundlePage } from '../../scripts/bundle-page.js';
import { launchChromium } from '../../scripts/chromium.js';
import { formatBaseline } from '../../src/findings/index.js';
import { takeBaseline } from '../../src/main/baseline.js';
import { runCli } from '../cli/run-cli.js';
import { openReport } from './browser.js';
import { fixturePath, openFixture, writeReport } from './write-report.js';

let browser: Browser;
let folder: string;
beforeAll(async () => {
  browser = await launchChromium();
  folder = mkdtempSync(join(tmpdir(), 'trespass-views-'));
});
afterAll(async () => {
  await browser?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

const own = (): string => mkdtempSync(join(folder, 'r-'));

/** Waits until what a selector means has the focus. The page's policy lets no script be made of text, so that nothing can be asked again and again there. */
const focusOn = (page: Page, selector: string): Promise<void> =>
  page.locator(`${selector}:focus`).waitFor({ state: 'attached' });

describe('the findings', () => {
  let file: string;
  beforeAll(async () => {
    file = await writeReport(fixturePath('market-hall'), own());
  });

  it('are searched and filtered, and the address keeps both', async () => {
    const { page, errors, close } = await openReport(browser, file, '#/findings');
    const all = await page.locator('a.finding').count();
    await page.keyboard.press('/');
    await page.keyboard.type('bakery');
    await page.locator('.found', { hasText: ' of ' }).waitFor();
    const some = await page.locator('a.finding').count();
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(all);
    for (const text of await page.locator('a.finding').allTextContents()) expect(text).toContain('bakery');
    await page.getByLabel('critical').check();
    expect(await page.locator('a.finding').count()).toBeLessThan(some);
    expect(page.url()).toContain('q=bakery&severity=critical');
    await page.reload();
    await page.waitForSelector('a.finding');
    expect(await page.locator('#search').inputValue()).toBe('bakery');
    for (const text of await page.locator('a.finding').allTextContents()) expect(text).toContain('critical');
    expect(errors).toEqual([]);
    await close();
  });

  it('are gone through with the keyboard alone', async () => {
    const { page, errors, close } = await openReport(browser, file);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await focusOn(page, '#main');
    await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Findings' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('a.finding').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    const second = await page.locator('a.card').nth(1).getAttribute('href');
    await focusOn(page, `[href=${JSON.stringify(second)}]`);
    await page.keyboard.press('Enter');
    await page.waitForSelector('article.path');
    await page.locator('.drawing button.node').last().focus();
    await page.keyboard.press('Enter');
    await focusOn(page, '[id^="step-"]');
    expect(errors).toEqual([]);
    await close();
  });
});

describe('the graph', () => {
  it('opens and closes places, and goes on to neighbours', async () => {
    const file = await writeReport(fixturePath('market-hall'), own());
    const { page, errors, close } = await openReport(browser, file, '#/graph');
    await page.waitForSelector('.node.group');
    const before = await page.locator('.explorer .node').count();
    const label = (await page.locator('.node.group .name').first().textContent()) ?? '';
    await page.locator('.node.group').first().click();
    const opened = await page.locator('.explorer .node').count();
    expect(opened).toBeGreaterThan(before);
    await page.getByText('Close a place').click();
    await page.getByRole('button', { name: `− ${label}` }).click();
    expect(await page.locator('.explorer .node').count()).toBe(before);
    await page.locator('.node.asset', { hasText: 'bakery-web' }).first().click();
    await page.getByRole('button', { name: 'Show neighbours' }).click();
    expect(await page.locator('.explorer .node').count()).toBeGreaterThan(before);
    expect(await page.locator('.node.choke').count()).toBeGreaterThan(0);
    const neighbour = page.locator('.side section', { hasText: 'Neighbours' }).last().locator('a').first();
    const name = (await neighbour.locator('bdi').textContent()) ?? '';
    await neighbour.click();
    await page.locator('.found', { hasText: 'Around' }).waitFor();
    expect(await page.locator('.side h2').first().textContent()).toContain(name.split(' ')[0]);
    await page.getByRole('button', { name: 'Who can reach it?' }).click();
    await page
      .locator('.actions .note, .found', { hasText: /can reach/ })
      .first()
      .waitFor();
    expect(errors).toEqual([]);
    await close();
  });
});

it('an answer laid over the graph counts assets, and the ways that it does not show yet', async () => {
  const host = 'arn:aws:ec2:us-west-2:555566667777:instance/i-0c59d4886a96388b1';
  const { reaches } = (await openFixture('stepping-stones')).blastRadius([host]);
  const assets = new Set(reaches.map(({ asset }) => asset)).size;
  expect(assets).toBeLessThan(reaches.length);
  const file = await writeReport(fixturePath('stepping-stones'), own());
  const { page, errors, close } = await openReport(browser, file, '#/graph');
  await page.getByLabel('Find an asset').fill(host);
  await page.locator('.results a').first().click();
  await page.getByRole('button', { name: 'What can it reach?' }).click();
  const answer = page.locator('section', { has: page.getByRole('button', { name: 'Take away' }) }).last();
  await answer.getByText(`${assets} assets, `).waitFor();
  const shown = await answer.locator('li:has(details)').count();
  const more = answer.getByRole('button', { name: `Show more (${reaches.length - shown} ways left)` });
  await more.click();
  expect(await answer.locator('li:has(details)').count()).toBeGreaterThan(shown);
  expect(errors).toEqual([]);
  await close();
});

describe('what is new', () => {
  it('stands in the overview, at its path, and can be filtered by', async () => {
    const report = (await openFixture('web-shop')).report();
    const [fresh, ...known] = report.paths;
    const place = own();
    const baseline = join(place, 'baseline.json');
    writeFileSync(baseline, formatBaseline(takeBaseline({ ...report, paths: known }, { acceptGaps: true })));
    const file = join(place, 'report.html');
    const args = ['check', fixturePath('web-shop'), '--baseline', baseline, '--format', 'html', '--output', file];
    expect((await runCli(args)).code).toBe(1);
    const { page, errors, close } = await openReport(browser, file);
    expect(await page.locator('section', { hasText: 'Since the baseline' }).first().textContent()).toContain('1 new');
    await page.getByRole('link', { name: 'Show what is new' }).click();
    await page.waitForSelector('a.finding');
    expect(await page.locator('a.finding').count()).toBe(1);
    expect(await page.locator('a.finding').getAttribute('href')).toContain(fresh?.id);
    expect(await page.locator('a.finding .badge').textContent()).toBe('new');
    expect(errors).toEqual([]);
    await close();
  });

  it('says which guardrails are broken, and by what', async () => {
    const place = own();
    const config = join(place, 'rules.yaml');
    writeFileSync(config, 'never: [{ to: { name: orders } }, { to: { name: nothing-is-called-so } }]\n');
    const file = join(place, 'report.html');
    const args = ['analyze', fixturePath('web-shop'), '--format', 'html', '--output', file, '--config', config];
    expect((await runCli(args)).code).toBe(1);
    const { page, errors, close } = await openReport(browser, file);
    const guardrails = page.locator('section', { hasText: 'Guardrails' }).first();
    expect(await guardrails.textContent()).toContain('1 of 2 broken.');
    await guardrails.getByRole('link').click();
    await page.waitForSelector('article.path');
    expect(await page.locator('article.path header').textContent()).toContain('Breaks the guardrail rules.yaml:1:9');
    expect(errors).toEqual([]);
    await close();
  });
});

describe('the theme', () => {
  it('is that of the system until it is switched', async () => {
    const file = await writeReport(fixturePath('two-accounts'), own());
    const { page, close } = await openReport(browser, file, '', { colorScheme: 'dark' });
    const background = (): Promise<unknown> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const dark = await background();
    await page.getByRole('button', { name: 'Theme: system' }).click();
    const light = await background();
    expect(light).not.toBe(dark);
    await page.getByRole('button', { name: 'Theme: light' }).click();
    expect(await background()).toBe(dark);
    await close();
  });
});

describe('a report of a large account', () => {
  it('draws few cards, shows long lists in parts, and answers', async () => {
    const place = own();
    mkdirSync(join(place, 'snapshot'));
    writeEstate(join(place, 'snapshot'), 400);
    const file = await writeReport(join(place, 'snapshot'), place);
    const { page, errors, requests, close } = await openReport(browser, file, '#/graph');
    await page.waitForSelector('.explorer .node');
    expect(await page.locator('.explorer .node').count()).toBeLessThanOrEqual(150);
    await page.locator('.node.asset').nth(1).click();
    for (let i = 0; i < 4; i++) {
      const group = page.locator('.node.group:enabled').first();
      if ((await group.count()) === 0) break;
      await group.click();
      expect(await page.locator('.explorer .node').count()).toBeLessThanOrEqual(150);
    }
    await page.getByRole('link', { name: 'Findings' }).click();
    await page.waitForSelector('a.finding');
    const more = page.getByRole('button', { name: /Show more/ });
    const shown = await page.locator('a.finding').count();
    expect(shown).toBeLessThanOrEqual(60);
    if (await more.isVisible()) {
      await more.click();
      expect(await page.locator('a.finding').count()).toBeGreaterThan(shown);
    }
    expect(errors).toEqual([]);
    expect(requests).toEqual([]);
    await close();
  });
});

it('the page is small without its data', async () => {
  const { script, style } = await bundlePage();
  expect(script.length + style.length).toBeLessThan(300_000);
});

describe('a report without paths', () => {
  it('says first what was not seen, and shows every view', async () => {
    const place = own();
    const snapshot = join(place, 'snapshot');
    const ec2 = join(snapshot, '111122223333/us-east-1/ec2');
    mkdirSync(ec2, { recursive: true });
    writeFileSync(join(ec2, 'DescribeVpcs.json'), '{"Vpcs": [{"VpcId": "vpc-0123456789abcdef0"}]}');
    const gap = { account: '111122223333', region: 'us-east-1', service: 'ec2', operation: 'DescribeInstances' };
    const gaps = [{ ...gap, error: 'UnauthorizedOperation', message: 'You are not authorized.' }];
    writeFileSync(join(snapshot, 'manifest.json'), JSON.stringify({ schemaVersion: 1, gaps }));
    const file = await writeReport(snapshot, place);
    const { page, errors, close } = await openReport(browser, file);
    expect(await page.locator('h1').textContent()).toContain('No attack path was found');
    expect(await page.locator('.notice').textContent()).toContain('1 call was refused or failed');
    await page.locator('.notice a').click();
    // The focus follows the change of the address, which comes after the click.
    await focusOn(page, '#coverage');
    expect(await page.locator('#coverage').textContent()).toContain('ec2:DescribeInstances UnauthorizedOperation');
    for (const [view, ready] of [
      ['Findings', '.found'],
      ['Graph', '.explorer .node'],
      ['What if', '.result'],
      ['Print', '.print-view'],
    ] as const) {
      await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: view }).click();
      await page.waitForSelector(ready);
    }
    expect(errors).toEqual([]);
    await close();
  });
});
