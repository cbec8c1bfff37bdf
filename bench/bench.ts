import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchAnalyze } from './analyze.js';
import { benchIncident } from './incident.js';

// npm run bench [-- --size 200,2000,20000] [--runs 3] [--only analyze,incident,network,iam,attack,page,shapes]
// Sizes are instances; an account has about five times as many assets. What an account of 100,000 instances needs is more than Node.js gives itself on small
// machines: NODE_OPTIONS=--max-old-space-size=8000.
const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '200,2000,20000' },
    runs: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
  },
});
const sizes = values.size.split(',').map(Number);
if (!sizes.every((size) => Number.isInteger(size) && size > 0)) {
  console.error(`--size: ${values.size} is no list of whole numbers above 0`);
  process.exit(2);
}
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1) {
  console.error(`--runs: ${values.runs} is no whole number above 0`);
  process.exit(2);
}
const only = values.only === '' ? undefined : new Set(values.only.split(','));

/** Each engine's own bench: the function of `bench/<name>.ts` whose name begins with `bench`. */
async function runSection(name: string): Promise<void> {
  const file = new URL(`./${name}.ts`, import.meta.url);
  if (!existsSync(fileURLToPath(file))) return;
  const section = (await import(file.href)) as Readonly<Record<string, unknown>>;
  for (const [key, run] of Object.entries(section)) {
    if (key.startsWith('bench') && typeof run === 'function') await (run as () => unknown)();
  }
}

/** A section that fails is said and does not keep the others from running. */
async function attempt(name: string, run: () => Promise<void>): Promise<void> {
  if (only !== undefined && !only.has(name)) return;
  try {
    await run();
  } catch (error) {
    console.error(`\n${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    process.exitCode = 1;
  }
}

await attempt('analyze', () => benchAnalyze(sizes, runs));
await attempt('incident', () => benchIncident(sizes, runs));
for (const name of ['network', 'iam', 'attack', 'page', 'shapes']) await attempt(name, () => runSection(name));
