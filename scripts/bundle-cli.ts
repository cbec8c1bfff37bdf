import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

// tsx scripts/bundle-cli.ts FOLDER writes the command line program there: one file to start with, and one for each part that is loaded when it is needed.
const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Writes a program as it is shipped. @param entry the file that it starts with, from the project's folder */
export async function bundleProgram(entry: string, folder: string): Promise<void> {
  await build({
    entryPoints: [join(ROOT, entry)],
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
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const folder = process.argv[2];
  if (folder === undefined) throw new Error('name the folder to write the program to');
  await bundleProgram('src/cli/bin.ts', folder);
}
