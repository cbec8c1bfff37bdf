import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { PageFiles } from '../reporters/index.js';

const BUILT = new URL('../page/page.js', import.meta.url);
const BUILT_STYLE = new URL('../page/page.css', import.meta.url);
/** Bundles the page from its sources; there where the program itself runs from them. */
const BUNDLER = new URL('../../scripts/bundle-page.ts', import.meta.url);

/** The program of the interactive report and its style: those of the build, or bundled now where there is no build. */
export async function readPageFiles(): Promise<PageFiles> {
  if (existsSync(BUILT)) {
    const [script, style] = await Promise.all([readFile(BUILT, 'utf8'), readFile(BUILT_STYLE, 'utf8')]);
    return { script, style };
  }
  const { bundlePage } = (await import(BUNDLER.href)) as { bundlePage: () => Promise<PageFiles> };
  return bundlePage();
}
