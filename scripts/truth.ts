import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.js';

const VALUED = new Set(['--cli', '--only', '--show', '--timeout', '--jobs']);

const root = fileURLToPath(new URL('..', import.meta.url));

/** The time of the newest file below a folder; 0 where there is none. */
function newest(folder: string): number {
  if (!existsSync(folder)) return 0;
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.reduce((latest, entry) => {
    const path = join(folder, entry.name);
    return Math.max(latest, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }, 0);
}

/** Whether the arguments name a folder of cases. */
const hasFolder = (args: readonly string[]): boolean =>
  args.some((arg, i) => !arg.startsWith('--') && !VALUED.has(args[i - 1] ?? ''));

async function score(folder: string, args: readonly string[]): Promise<number> {
  if (newest(join(root, 'src')) >= newest(join(root, 'dist'))) {
    const { exitCode, output } = await run('npm', ['run', '--silent', 'build'], { output: 'keep', cwd: root });
    if (exitCode !== 0) {
      console.error(`${output.trimEnd()}\nThe build failed: nothing was scored.`);
      return 1;
    }
  }
  const cases = hasFolder(args) ? [] : [relative(root, folder)];
  const cli = args.includes('--cli') ? [] : ['--cli', 'node dist/cli/bin.js'];
  const { exitCode } = await run('node', [join(folder, 'score.mjs'), ...cli, ...args, ...cases], {
    output: 'show',
    cwd: root,
  });
  return exitCode;
}

const folder = resolve(root, process.env['TRESPASS_TRUTH'] ?? '../shared/truth');
if (existsSync(join(folder, 'score.mjs'))) {
  process.exitCode = await score(folder, process.argv.slice(2));
} else {
  console.log('No recorded truth here (set TRESPASS_TRUTH to its folder): nothing was scored.');
}
