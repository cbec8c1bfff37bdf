import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { bundlePage } from '../scripts/bundle-page.js';
import { launchChromium } from '../scripts/chromium.js';
import { openSnapshotFile } from '../src/main/open-snapshot.js';
import { pageData } from '../src/main/page-data.js';
import { type PageFiles, pageDocument } from '../src/reporters/index.js';
import { writeEstate } from './estate.js';
import { megabytes, milliseconds, printTable, ratio } from './table.js';

/** Instances of the estate: it has some 10,000 assets then, and some 500 paths by two ways for each pair. */
const INSTANCES = 2200;
const WAYS = 2;
const RUNS = 5;

type Data = ReturnType<typeof pageData>;

/** The interactive report of a large account, beside a page that does nothing but parse the same JSON, in the same browser. */
export async function benchPage(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'trespass-bench-page-'));
  const browser = await launchChromium();
  try {
    writeEstate(folder, INSTANCES);
    const { analysis } = await openSnapshotFile(folder, { toolVersion: 'bench', pathsPerPair: WAYS });
    const report = analysis.report();
    const data = pageData(analysis, report, 'snapshot');
    const files = await bundlePage();
    const [full, plain] = [join(folder, 'report.html'), join(folder, 'plain.html')];
    writeFileSync(full, pageDocument(data, files, {}));
    writeFileSync(plain, plainPage(data));
    const floor = await median(() => timeToShow(browser, plain, '', '#done'));
    const rows: string[][] = [['plain page', milliseconds(floor), ratio(floor, floor)]];
    for (const [view, hash, ready] of VIEWS) {
      const time = await median(() => timeToShow(browser, full, hash, ready));
      rows.push([view, milliseconds(time), ratio(time, floor)]);
    }
    const { assets, paths } = report.summary;
    printTable(
      `The report of ${assets} assets and ${paths} paths: ${sizes(files, data)}`,
      ['from opening to', 'ms', ': plain'],
      rows,
    );
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const VIEWS: readonly (readonly [view: string, hash: string, ready: string])[] = [
  ['overview', '', '.tiles'],
  ['findings', '#/findings', 'a.finding'],
  ['graph', '#/graph', '.explorer .node'],
  ['what-if', '#/what-if', '.result'],
];

const sizes = ({ script, style }: PageFiles, data: Data): string => {
  const json = Object.values(data).reduce((sum, part) => sum + JSON.stringify(part).length, 0);
  const document = pageDocument(data, { script, style }, {}).length;
  return `${megabytes(document)} MB, its data ${megabytes(json)} MB of JSON, its program ${megabytes(script.length + style.length)} MB`;
};

/** The same data in the same kind of blocks, read by one `JSON.parse` each. */
function plainPage(data: Data): string {
  const parts = Object.entries(data).map(
    ([id, part]) =>
      `<script type="application/json" id="${id}">${JSON.stringify(part).replaceAll('<', '\\u003c')}</script>`,
  );
  return `<!doctype html><meta charset="utf-8"><body>${parts.join('')}<script>
const read = ['report', 'graph', 'attack'].map((id) => JSON.parse(document.getElementById(id).textContent));
const done = document.createElement('p');
done.id = 'done';
done.textContent = read.length;
document.body.append(done);
</script>`;
}

/** Milliseconds from the start of navigation until a thing is there and the browser has drawn it. */
async function timeToShow(browser: Browser, file: string, hash: string, ready: string): Promise<number> {
  const page = await browser.newPage();
  try {
    await page.goto(pathToFileURL(file).href + hash, { waitUntil: 'commit' });
    await page.waitForSelector(ready, { state: 'attached' });
    return await page.evaluate(
      'new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))))',
    );
  } finally {
    await page.close();
  }
}

async function median(measure: () => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < RUNS; i++) times.push(await measure());
  return times.sort((a, b) => a - b)[RUNS >> 1] ?? 0;
}
