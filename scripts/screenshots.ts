import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { openSnapshotFile } from '../src/main/open-snapshot.js';
import { pageData } from '../src/main/page-data.js';
import { pageDocument } from '../src/reporters/index.js';
import { bundlePage } from './bundle-page.js';
import { launchChromium } from './chromium.js';

// npm run screenshots: writes docs/images/*.png, the pictures of the interactive report, from a fixture.
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FIXTURE = 'fixtures/web-shop';
const IMAGES = join(ROOT, 'docs/images');

const { analysis } = await openSnapshotFile(join(ROOT, FIXTURE), { toolVersion: '0.0.0' });
const report = analysis.report();
const page = pageDocument(pageData(analysis, report, FIXTURE), await bundlePage(), {});
const folder = mkdtempSync(join(tmpdir(), 'trespass-screenshots-'));
const browser = await launchChromium();
try {
  const file = join(folder, 'report.html');
  writeFileSync(file, page);
  mkdirSync(IMAGES, { recursive: true });
  const context = await browser.newContext({ viewport: { width: 1180, height: 760 }, deviceScaleFactor: 1.5 });
  for (const [name, hash] of [
    ['overview', '#/'],
    ['path', `#/paths/${report.paths[0]?.id ?? ''}`],
    ['graph', '#/graph'],
  ] as const) {
    const tab = await context.newPage();
    await tab.goto(pathToFileURL(file).href + hash);
    await tab.waitForSelector('.drawing .node');
    await tab.waitForTimeout(300);
    await tab.screenshot({ path: join(IMAGES, `${name}.png`) });
    await tab.close();
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
