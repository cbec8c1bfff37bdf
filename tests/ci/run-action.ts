import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { type ActionStep, readAction } from './workflows.js';

/** Values of a context of expressions. */
interface Values {
  readonly [key: string]: string | Values;
}

const toData = (value: string | Values): data.ExpressionData =>
  typeof value === 'string'
    ? new data.StringData(value)
    : new data.Dictionary(...Object.entries(value).map(([key, inner]) => ({ key, value: toData(inner) })));

/** An expression as GitHub evaluates it. */
export function evaluate(expression: string, contexts: Values): string {
  const { tokens } = new Lexer(expression).lex();
  const always = { name: 'always', minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(true) };
  const parsed = new Parser(tokens, Object.keys(contexts), [always]).parse();
  return new Evaluator(parsed, toData(contexts) as data.Dictionary, new Map([['always', always]]))
    .evaluate()
    .coerceString();
}

const fill = (text: string, contexts: Values): string =>
  text.replaceAll(/\$\{\{(.*?)\}\}/g, (_, expression: string) => evaluate(expression.trim(), contexts));

export interface StepsRun {
  /** The exit code of the first step that failed, else 0. */
  readonly code: number;
  readonly failedStep?: string;
  /** What was said on standard output and error. */
  readonly log: string;
  readonly summary: string;
  /** Other actions that were used, with what they were given. */
  readonly used: readonly { readonly uses: string; readonly with: Readonly<Record<string, string>> }[];
}

export interface ActionRun extends StepsRun {
  readonly outputs: Readonly<Record<string, string>>;
}

export interface RunOptions {
  /** A folder of the run's own. */
  readonly folder: string;
  /** The `github` context, as far as it is asked. */
  readonly github: Values;
  /** Programs by name that stand before all others: scripts for bash. */
  readonly programs: Readonly<Record<string, string>>;
  /** Where the action of this repository was checked out; a step that uses it runs it. */
  readonly action: string;
  /** What the machine of the run has in its environment besides. */
  readonly env?: Readonly<Record<string, string>>;
}

const THIS_ACTION = 'OWNER/trespass@VERSION';

/** Runs the action of this repository. */
export async function runAction({
  inputs,
  ...options
}: RunOptions & { readonly inputs: Readonly<Record<string, string>> }): Promise<ActionRun> {
  const action = readAction();
  const { github } = options;
  const given = Object.fromEntries(
    Object.entries(action.inputs).map(([name, { default: standard = '' }]) => [
      name,
      inputs[name] ?? fill(standard, { github }),
    ]),
  );
  const outputs: Record<string, Outputs> = {};
  const run = await runSteps(action.runs.steps, options, { inputs: given, steps: outputs });
  const entries = Object.entries(action.outputs).map(([name, { value }]) => [
    name,
    fill(value, { github, inputs: given, steps: outputs }),
  ]);
  return { ...run, outputs: Object.fromEntries(entries) as Record<string, string> };
}

interface Outputs extends Values {
  readonly outputs: Readonly<Record<string, string>>;
}

/** Runs steps as a runner does: with bash, summary, path and outputs in files; after a failure only those that say `always()`. */
export async function runSteps(
  steps: readonly ActionStep[],
  options: RunOptions,
  own: { readonly inputs: Values; readonly steps: Record<string, Outputs> } = { inputs: {}, steps: {} },
): Promise<StepsRun> {
  const { folder, github, programs } = options;
  const place = (name: string): string => join(folder, name);
  for (const name of ['bin', 'temp']) mkdirSync(place(name), { recursive: true });
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(place(`bin/${name}`), `#!/bin/bash\n${script}\n`);
    chmodSync(place(`bin/${name}`), 0o755);
  }
  const contexts = (): Values => ({ github, ...own });
  const used: { uses: string; with: Record<string, string> }[] = [];
  let log = '';
  let failed: { readonly name: string; readonly code: number } | undefined;
  for (const step of steps) {
    if (failed !== undefined && step.if?.includes('always()') !== true) continue;
    if (step.if !== undefined && evaluate(step.if, contexts()) !== 'true') continue;
    if (step.uses !== undefined) {
      const values = Object.entries(step.with ?? {}).map(([key, value]) => [key, fill(String(value), contexts())]);
      const inputs = Object.fromEntries(values) as Record<string, string>;
      if (step.uses !== THIS_ACTION) {
        used.push({ uses: step.uses, with: inputs });
        continue;
      }
      const run = await runAction({ ...options, inputs });
      log += run.log;
      used.push(...run.used);
      if (run.code !== 0) failed ??= { name: run.failedStep ?? '', code: run.code };
      continue;
    }
    const outputFile = place('output');
    writeFileSync(outputFile, '');
    const { code, text } = await runStep(step, options, outputFile, contexts());
    log += text;
    if (step.id !== undefined) own.steps[step.id] = { outputs: readOutputs(outputFile) };
    if (code !== 0) failed ??= { name: step.name ?? step.run ?? '', code };
  }
  const summaryFile = place('job-summary.md');
  return {
    code: failed?.code ?? 0,
    ...(failed && { failedStep: failed.name }),
    log,
    summary: existsSync(summaryFile) ? readFileSync(summaryFile, 'utf8') : '',
    used,
  };
}

const readOutputs = (file: string): Record<string, string> =>
  Object.fromEntries(
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );

/** @see https://docs.github.com/en/actions/writing-workflows/workflow-syntax-for-github-actions#jobsjob_idstepsshell */
function runStep(
  step: ActionStep,
  { folder, action, env: ofMachine }: RunOptions,
  outputFile: string,
  contexts: Values,
): Promise<{ code: number; text: string }> {
  const script = join(folder, 'step.sh');
  const pathFile = join(folder, 'path');
  writeFileSync(pathFile, '', { flag: 'a' });
  // What a step adds stands before what is there.
  const added = readFileSync(pathFile, 'utf8').split('\n').filter(Boolean).reverse();
  writeFileSync(script, step.run ?? '');
  const env = Object.fromEntries(Object.entries(step.env ?? {}).map(([key, value]) => [key, fill(value, contexts)]));
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
    cwd: folder,
    env: {
      ...ofMachine,
      PATH: [join(folder, 'bin'), ...added, ofMachine?.['PATH'] ?? process.env['PATH'] ?? ''].join(delimiter),
      HOME: folder,
      CI: 'true',
      RUNNER_TEMP: join(folder, 'temp'),
      GITHUB_ACTION_PATH: action,
      GITHUB_PATH: pathFile,
      GITHUB_OUTPUT: outputFile,
      GITHUB_STEP_SUMMARY: join(folder, 'job-summary.md'),
      GITHUB_REPOSITORY: 'acme/cloud',
      ...env,
    },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part) => (text += part));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, text }));
  });
}
