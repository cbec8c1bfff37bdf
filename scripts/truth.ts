import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { field, number, objects, type Json } from '../src/model/index.js';
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
  const isGate = args.includes('--gate');
  const asked = isGate ? [...args.filter((arg) => arg !== '--gate'), '--json', '--jobs', '2'] : args;
  const { exitCode, output } = await run('node', [join(folder, 'score.mjs'), ...cli, ...asked, ...cases], {
    output: isGate ? 'keep' : 'show',
    cwd: root,
  });
  return isGate ? judge(exitCode, output) : exitCode;
}

/** For `--gate`: every question must be answered right. */
function judge(exitCode: number, output: string): number {
  const scored = parse(output);
  const total = number(field(field(scored, 'all'), 'total')) ?? 0;
  const right = number(field(field(scored, 'all'), 'right')) ?? 0;
  console.log(`${right} of ${total} questions about recorded accounts are answered right.`);
  for (const failure of objects(field(scored, 'failures'))) console.log(JSON.stringify(failure));
  if (exitCode !== 0 || total === 0) console.log(output.slice(0, 2000));
  return exitCode === 0 && total > 0 && right === total ? 0 : 1;
}

function parse(output: string): Json | undefined {
  try {
    return JSON.parse(output) as Json;
  } catch {
    return undefined;
  }
}

const folder = resolve(root, process.env['TRESPASS_TRUTH'] ?? '../shared/truth');
if (existsSync(join(folder, 'score.mjs'))) {
  process.exitCode = await score(folder, process.argv.slice(2));
} else {
  console.log('No recorded truth here (set TRESPASS_TRUTH to its folder): nothing was scored.');
}
