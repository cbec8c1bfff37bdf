import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cliPage } from './docs/cli-page.js';
import { configSchema } from './docs/config-schema.js';
import { reportPage } from './docs/report-page.js';
import { reportSchema } from './docs/report-schema.js';
import { fixesPage, readmePage } from './docs/sample-pages.js';
import { techniqueIndexPage, techniquePages } from './docs/technique-pages.js';
import { permissionsPage } from '../src/collectors/index.js';

/** Writes the generated documentation; `--check` writes nothing and fails where a page is stale, missing or left over. */
const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', 'docs');

const pages = new Map<string, string>([
  ['../README.md', await readmePage()],
  ['cli.md', await cliPage()],
  ['config.schema.json', `${JSON.stringify(configSchema(), undefined, 2)}\n`],
  ['fixes.md', await fixesPage()],
  ['permissions.md', permissionsPage()],
  ['report.md', reportPage()],
  ['report.schema.json', `${JSON.stringify(reportSchema(), undefined, 2)}\n`],
  ['techniques/README.md', techniqueIndexPage()],
  ...techniquePages(),
]);

const folder = join(ROOT, 'techniques');
const present = existsSync(folder) ? readdirSync(folder).map((name) => `techniques/${basename(name)}`) : [];
const leftOver = present.filter((page) => !pages.has(page));
const stale = [...pages].filter(([page, text]) => {
  const file = join(ROOT, page);
  return !existsSync(file) || readFileSync(file, 'utf8') !== text;
});

if (process.argv.includes('--check')) {
  for (const page of [...stale.map(([page]) => page), ...leftOver])
    console.error(`docs/${page} is stale: npm run docs`);
  process.exitCode = stale.length + leftOver.length > 0 ? 1 : 0;
} else {
  for (const [page, text] of stale) {
    const file = join(ROOT, page);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  for (const page of leftOver) rmSync(join(ROOT, page));
  console.log(`${stale.length} pages written, ${leftOver.length} removed, ${pages.size - stale.length} as they were`);
}
