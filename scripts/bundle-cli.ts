import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

// tsx scripts/bundle-cli.ts FOLDER writes the command line program there: one file to start with, and one for each part that is loaded when it is needed.
const ROOT = fileURLToPath(new URL('..', import.meta.url));

const folder = process.argv[2];
if (folder === undefined) throw new Error('name the folder to write the program to');
await build({
  entryPoints: [join(ROOT, 'src/cli/bin.ts')],
  absWorkingDir: ROOT,
  outdir: folder,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // Dependencies are installed beside it, with their licences.
  packages: 'external',
});
