import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleProgram } from '../scripts/bundle-cli.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Bundles the program as it is shipped, around what measures it: nothing is translated while the clock runs. It is inside of the project, where it finds its
 * dependencies.
 * @returns the file to start
 */
export async function bundleMeasure(): Promise<string> {
  const folder = join(root, '.cache', 'bench');
  rmSync(folder, { recursive: true, force: true });
  await bundleProgram('bench/measure.ts', folder);
  return join(folder, 'measure.js');
}
