import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { field, number, objects, text, type Json } from '../src/model/index.js';
import { run } from './run.js';

/** The npm scripts that must end well, in turn; the tests come after them and use what `build` made. */
const CHECKS = ['types', 'lint', 'layers', 'unused', 'docs:check', 'build', 'truth:check'];

const root = fileURLToPath(new URL('..', import.meta.url));

interface Count {
  readonly passed: number;
  readonly failed: number;
}

async function runCheck(script: string): Promise<Count> {
  const start = performance.now();
  const { exitCode, output } = await run('npm', ['run', '--silent', script], { output: 'keep', cwd: root });
  const isFine = exitCode === 0;
  if (!isFine) console.log(output.trimEnd());
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${isFine ? 'passed' : 'FAILED'}  ${script} (${seconds} s)`);
  return isFine ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Runs every test and counts them one by one. */
async function runTests(): Promise<Count> {
  const folder = mkdtempSync(join(tmpdir(), 'trespass-check-'));
  try {
    const file = join(folder, 'tests.json');
    const args = ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const { exitCode } = await run('npx', args, { output: 'show', cwd: root });
    return countTests(readReport(file), exitCode);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readReport(file: string): Json | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Json;
  } catch {
    return undefined;
  }
}

const hasFailed = (item: Json): boolean => text(field(item, 'status')) === 'failed';

/** What fails outside of any test (a file that does not load, an error after the last test) counts as a failure too. */
function countTests(report: Json | undefined, exitCode: number): Count {
  const passed = number(field(report, 'numPassedTests')) ?? 0;
  const failedTests = number(field(report, 'numFailedTests')) ?? 0;
  const failed =
    failedTests +
    objects(field(report, 'testResults')).filter(
      (file) => hasFailed(file) && !objects(field(file, 'assertionResults')).some(hasFailed),
    ).length;
  return { passed, failed: failed === 0 && (exitCode !== 0 || passed === 0) ? 1 : failed };
}

const counts: Count[] = [];
for (const script of CHECKS) counts.push(await runCheck(script));
const tests = await runTests();
counts.push(tests);
console.log(`${tests.failed === 0 ? 'passed' : 'FAILED'}  tests`);
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
