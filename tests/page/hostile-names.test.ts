import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../../scripts/chromium.js';
import { openReport } from './browser.js';
import { fixturePath, writeReport } from './write-report.js';

/** What strangers may write into a tag, a name or a policy. Each would do something where it is taken for more than text. */
const HOSTILE: readonly string[] = [
  '</script><script>window.pwned=1</script>',
  '<img src=x onerror="window.pwned=1">',
  '"><svg onload=window.pwned=1>',
  "'-window.pwned=1-'",
  'javascript:window.pwned=1',
  '<!--<script>',
  '{{constructor.constructor("window.pwned=1")()}}',
  '\u202egnp.exe\u2066\u200f',
  'a\u0000b\u001b[31mc\u0007\u2028d\u2029e',
  'https://evil.example/steal?x=1',
  '__proto__',
  'constructor',
  'ａ'.repeat(3000),
];

let browser: Browser;
let folder: string;
let file: string;
beforeAll(async () => {
  browser = await launchChromium();
  folder = mkdtempSync(join(tmpdir(), 'trespass-hostile-'));
  const snapshot = join(folder, 'snapshot');
  cpSync(fixturePath('web-shop'), snapshot, { recursive: true });
  writeHostileNames(snapshot);
  file = await writeReport(snapshot, folder);
});
afterAll(async () => {
  await browser?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

/** Gives every tag, and every statement of a policy, a hostile name in turn. */
function writeHostileNames(snapshot: string): void {
  let next = 0;
  const hostile = (): string => HOSTILE[next++ % HOSTILE.length] as string;
  const rewrite = (key: string, value: unknown): unknown => {
    if (key === 'Sid' || key === 'Description' || key === 'GroupName') return hostile();
    if (typeof value === 'object' && value !== null && 'Key' in value && 'Value' in value)
      return { ...value, Value: hostile() };
    return value;
  };
  for (const name of readdirSync(snapshot, { recursive: true, encoding: 'utf8' }).filter((each) =>
    each.endsWith('.json'),
  )) {
    const place = join(snapshot, name);
    writeFileSync(place, JSON.stringify(JSON.parse(readFileSync(place, 'utf8')), rewrite));
  }
}

describe('a report with hostile names', () => {
  it('holds none of them as markup', () => {
    const text = readFileSync(file, 'utf8');
    expect(text.includes('</script><script>window')).toBe(false);
    expect(text.includes('<img')).toBe(false);
    expect(text.includes('<svg onload')).toBe(false);
    expect(text.match(/<script/g)).toHaveLength(4);
    expect(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u.exec(text)?.[0]).toBeUndefined();
  });

  it('forbids every script but its own, every request and every string as markup', () => {
    const [, policy = ''] =
      /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(readFileSync(file, 'utf8')) ?? [];
    const rules = policy.split('; ');
    expect(rules).toContain("default-src 'none'");
    expect(rules).toContain("require-trusted-types-for 'script'");
    expect(rules.find((rule) => rule.startsWith('script-src'))).toMatch(/^script-src 'sha256-[\w+/=]+'$/);
    expect(rules.find((rule) => rule.startsWith('style-src'))).toMatch(/^style-src 'sha256-[\w+/=]+'$/);
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toContain('connect-src');
  });

  it('shows them as text in every view, runs nothing and asks nobody', async () => {
    const { page, errors, requests, close } = await openReport(browser, file);
    const seen: string[] = [];
    const look = async (hash: string, ready: string): Promise<void> => {
      await page.evaluate((to) => {
        (globalThis as unknown as { location: { hash: string } }).location.hash = to;
      }, hash);
      await page.waitForSelector(ready);
      seen.push((await page.locator('main').textContent()) ?? '');
      expect(
        await page.locator('main img, main script, main iframe, main svg[onload], main a:not([href^="#"])').count(),
      ).toBe(0);
    };
    await look('#/', '.tiles');
    await look('#/findings', 'a.finding');
    const links = await page
      .locator('a.finding')
      .evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
    for (const link of links) await look(link, 'article.path');
    await look('#/graph', '.explorer .node');
    await page.locator('.explorer button.node.asset').nth(1).click();
    await page.getByRole('button', { name: 'Show neighbours' }).click();
    await page.waitForTimeout(200);
    seen.push((await page.locator('main').textContent()) ?? '');
    await look('#/what-if', '.result');
    await look('#/print', '.in-full');
    const text = seen.join('\n');
    expect(text).toContain('<img src=x onerror="window.pwned=1">');
    expect(text).toContain('</script><script>window.pwned=1</script>');
    expect(text).toContain('__proto__');
    expect(/(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.exec(text)?.[0]).toBeUndefined();
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    expect(errors).toEqual([]);
    expect(requests).toEqual([]);
    await close();
  });

  it('would run nothing that got in nevertheless', async () => {
    const { page, close } = await openReport(browser, file);
    const outcome = await page.evaluate(`(async () => {
      const tried = [];
      try { document.body.innerHTML = '<img src=x onerror="window.pwned=1">'; tried.push('markup'); } catch {}
      try { setTimeout('window.pwned=1'); tried.push('text as program'); } catch {}
      await new Promise((resolve) => setTimeout(() => { try { eval('window.pwned=1'); tried.push('eval'); } catch {} resolve(); }, 50));
      try { await fetch('https://evil.example/'); tried.push('fetch'); } catch {}
      try { document.body.append(Object.assign(document.createElement('script'), { text: 'window.pwned=1' })); } catch {}
      return { tried, pwned: window.pwned };
    })()`);
    expect(outcome).toEqual({ tried: [], pwned: undefined });
    await close();
  });

  it.each([1280, 390])('stays within its width whatever the names (%i pixels)', async (width) => {
    const { page, close } = await openReport(browser, file, '', { viewport: { width, height: 800 } });
    for (const view of ['#/', '#/findings', '#/graph', '#/what-if']) {
      await page.evaluate((to) => {
        (globalThis as unknown as { location: { hash: string } }).location.hash = to;
      }, view);
      await page.waitForTimeout(200);
      const widths = await page.evaluate(
        '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
      );
      const [needed = 0, there = 0] = widths as number[];
      expect(needed, view).toBeLessThanOrEqual(there);
    }
    await close();
  });
});
