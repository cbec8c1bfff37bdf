import { access } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Config } from '../../main/config.js';
import { EXIT } from '../../model/index.js';
import type { Io } from '../io.js';
import { readText } from '../read-text.js';

const NAMES = ['trespass.config.yaml', 'trespass.config.yml', 'trespass.config.json'];

/**
 * The configuration: the file that was named, or the first that is found from the working folder upward to the repository's
 * root. Configuration is data; nothing in it is ever run.
 * @throws UserError where the file cannot be read, or something in it is wrong.
 */
export async function loadConfig(io: Io, named: string | undefined): Promise<Config> {
  const file = named === undefined ? await findConfig(io.cwd) : resolve(io.cwd, named);
  if (file === undefined) return { sensitivity: [], never: [], only: [] };
  const [content, { parseConfig }] = await Promise.all([
    readText(file, EXIT.usage),
    import('../../main/parse-config.js'),
  ]);
  const config = parseConfig(content, named ?? file);
  return {
    ...config,
    file,
    ...(config.baseline !== undefined && { baseline: resolve(dirname(file), config.baseline) }),
  };
}

async function findConfig(start: string): Promise<string | undefined> {
  for (let folder = start; ; folder = dirname(folder)) {
    for (const name of NAMES) {
      if (await isThere(join(folder, name))) return join(folder, name);
    }
    if ((await isThere(join(folder, '.git'))) || dirname(folder) === folder) return undefined;
  }
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
