import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { PageFiles } from '../src/reporters/index.js';

// tsx scripts/bundle-page.ts FOLDER writes page.js and page.css there.
const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Controls in string literals, which mean the same as escapes. */
const CONTROL = /(?!\n)\p{Cc}/gu;
const escape = (letter: string): string => `\\x${letter.charCodeAt(0).toString(16).padStart(2, '0')}`;

/** The page of the interactive report as one script and one style. */
export async function bundlePage(): Promise<PageFiles> {
  const licence = readFileSync(join(ROOT, 'node_modules/@dagrejs/dagre/LICENSE'), 'utf8').trim();
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, 'src/page/page.ts'), join(ROOT, 'src/page/page.css')],
    absWorkingDir: ROOT,
    bundle: true,
    minify: true,
    format: 'iife',
    target: ['chrome123', 'firefox121', 'safari17.5'],
    charset: 'ascii',
    legalComments: 'none',
    banner: { js: `/*! with @dagrejs/dagre\n${licence}\n*/` },
    outdir: 'page',
    write: false,
    logLevel: 'silent',
  });
  const textOf = (ending: string): string => {
    const file = outputFiles.find(({ path }) => path.endsWith(ending));
    if (!file) throw new Error(`the bundle has no ${ending}`);
    return file.text;
  };
  return { script: textOf('.js').replace(CONTROL, escape), style: textOf('.css') };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const folder = process.argv[2];
  if (folder === undefined) throw new Error('name the folder to write the page to');
  const { script, style } = await bundlePage();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'page.js'), script);
  writeFileSync(join(folder, 'page.css'), style);
}
