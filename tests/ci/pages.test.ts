import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runCli, WEB_SHOP } from '../cli/run-cli.js';
import { grantForReports, NPM, trespassScript } from './programs.js';
import { runSteps, type StepsRun } from './run-action.js';
import { type ActionStep, yamlBlocks } from './workflows.js';

let folder: string;
let baseline: string;
let opened: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trespass-pages-'));
  baseline = join(folder, 'baseline.json');
  opened = join(folder, 'opened');
  await runCli(['baseline', WEB_SHOP, '--out', baseline]);
  cpSync(WEB_SHOP, opened, { recursive: true });
  grantForReports(opened);
});
afterAll(() => rmSync(folder, { recursive: true }));

const KEEP =
  'printf "%s\\n" "$*" >> "$HOME/asked"; for word; do case $word in *summary.md) cp "${word#body@}" "$HOME/posted.md" ;; esac; done';

/** Runs what a page says, on an account, in a folder with the baseline. */
async function follow(
  steps: readonly ActionStep[],
  account: string,
  env: Readonly<Record<string, string>> = {},
): Promise<StepsRun & { readonly file: (name: string) => string }> {
  const own = mkdtempSync(join(folder, 'run-'));
  cpSync(baseline, join(own, 'trespass.baseline.json'));
  const run = await runSteps(
    steps.map((step) => ({ ...step, env: { ...step.env, ...env } })),
    {
      folder: own,
      github: { token: 'the-token', event_name: 'pull_request', event: { pull_request: { number: '7' } } },
      programs: { trespass: trespassScript(account), npm: NPM, gh: KEEP, curl: KEEP },
    },
  );
  const file = (name: string): string => (existsSync(join(own, name)) ? readFileSync(join(own, name), 'utf8') : '');
  return { ...run, file };
}

describe('the workflow of the README', () => {
  const workflow = parse(yamlBlocks('README.md').find((block) => block.includes('jobs:')) ?? '') as {
    jobs: { check: { steps: ActionStep[] } };
  };
  const { steps } = workflow.jobs.check;

  it('passes on the account whose baseline it has', async () => {
    const { code, summary, used, file, log } = await follow(steps, WEB_SHOP);
    expect({ code, log }).toEqual({ code: 0, log: '' });
    expect(file('installed')).toBe('npm install --global trespass\n');
    expect(file('collected')).toBe('collect --region all --out snapshot\n');
    expect(summary).toContain('no new attack path');
    expect(used.map(({ uses }) => uses.split('@')[0])).toEqual([
      'actions/checkout',
      'actions/setup-node',
      'aws-actions/configure-aws-credentials',
      'github/codeql-action/upload-sarif',
    ]);
    expect(JSON.parse(file('trespass.sarif'))).toMatchObject({ version: '2.1.0' });
  });

  it('fails a pull request that opens a path, and comments with the new statement', async () => {
    const { code, failedStep, used, file } = await follow(steps, opened);
    expect(code).toBe(1);
    expect(failedStep).toContain('trespass check');
    expect(file('asked')).toContain('pr comment 7 --body-file summary.md');
    expect(file('posted.md')).toContain('statement ForReports of');
    expect(used.at(-1)?.uses).toContain('upload-sarif');
  });
});

describe('the job for GitLab', () => {
  const job = (
    parse(yamlBlocks('docs/ci.md').find((block) => block.includes('id_tokens')) ?? '') as {
      trespass: {
        before_script: string[];
        script: string[];
        after_script: string[];
        artifacts: { paths: string[]; reports: { junit: string } };
      };
    }
  ).trespass;
  const steps: readonly ActionStep[] = [
    { run: [...job.before_script, ...job.script].join('\n') },
    { if: 'always()', run: job.after_script.join('\n') },
  ];
  const env = {
    AWS_TOKEN: 'a-token',
    AWS_WEB_IDENTITY_TOKEN_FILE: '.aws-token',
    CI_MERGE_REQUEST_IID: '3',
    CI_PROJECT_ID: '12',
    CI_API_V4_URL: 'https://gitlab.example/api/v4',
    TRESPASS_NOTE_TOKEN: 'note-token',
  };

  it('passes on the account whose baseline it has, and leaves what it says it leaves', async () => {
    const { code, file } = await follow(steps, WEB_SHOP, env);
    expect(code).toBe(0);
    for (const name of [...job.artifacts.paths, job.artifacts.reports.junit]) expect(file(name)).not.toBe('');
  });

  it('fails a merge request that opens a path, and notes the new statement', async () => {
    const { code, file } = await follow(steps, opened, env);
    expect(code).toBe(1);
    expect(file('asked')).toContain('https://gitlab.example/api/v4/projects/12/merge_requests/3/notes');
    expect(file('posted.md')).toContain('statement ForReports of');
    expect(file('trespass.xml')).toContain('<failure');
  });

  it('notes nothing without a token', async () => {
    const { code, file } = await follow(steps, WEB_SHOP, { ...env, TRESPASS_NOTE_TOKEN: '' });
    expect([code, file('asked')]).toEqual([0, '']);
  });
});
