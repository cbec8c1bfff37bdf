import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runCli, WEB_SHOP } from '../cli/run-cli.js';
import { collectingFrom, grantForReports } from './programs.js';
import { checkOut, makeRepository, npmEnvironment, PACKAGES } from './repository.js';
import { runSteps, type StepsRun } from './run-action.js';
import { type ActionStep, yamlBlocks } from './workflows.js';

let folder: string;
let baseline: string;
let opened: string;
/** This repository as a forge has it. */
let repository: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trespass-pages-'));
  baseline = join(folder, 'baseline.json');
  opened = join(folder, 'opened');
  repository = join(folder, 'repository');
  await runCli(['baseline', WEB_SHOP, '--out', baseline]);
  cpSync(WEB_SHOP, opened, { recursive: true });
  grantForReports(opened);
  checkOut(repository);
  makeRepository(repository, 'v1');
});
afterAll(() => rmSync(folder, { recursive: true }), 600_000);

const KEEP =
  'printf "%s\\n" "$*" >> "$HOME/asked"; for word; do case $word in body=@*|*summary.md) file="${word#*@}"; cp "$file" "$HOME/posted.md" ;; esac; done';

/** Packages are those that this repository has, which are the same; installing them is tried with the action. */
const NPM = `if [ "$1" = ci ]; then echo "npm $*" >> "$HOME/installed"; ln -s '${PACKAGES}' node_modules; else PATH="\${PATH#*:}" exec npm "$@"; fi`;

interface Followed extends StepsRun {
  readonly file: (name: string) => string;
}

/** Runs what a page says, on an account, in a folder with the baseline. */
async function follow(
  steps: readonly ActionStep[],
  account: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Followed> {
  const own = mkdtempSync(join(folder, 'run-'));
  cpSync(baseline, join(own, 'trespass.baseline.json'));
  const run = await runSteps(steps, {
    folder: own,
    github: { token: 'the-token', event_name: 'pull_request', event: { pull_request: { number: '7' } } },
    programs: { trespass: collectingFrom(account), npm: NPM, curl: KEEP },
    action: repository,
    env: { ...npmEnvironment(), ...env },
  });
  const file = (name: string): string => (existsSync(join(own, name)) ? readFileSync(join(own, name), 'utf8') : '');
  return { ...run, file };
}

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
  const step = (lines: readonly string[]): ActionStep => ({ run: lines.join('\n') });
  const check: readonly ActionStep[] = [step(job.script), { ...step(job.after_script), if: 'always()' }];
  const env = {
    AWS_TOKEN: 'a-token',
    AWS_WEB_IDENTITY_TOKEN_FILE: '.aws-token',
    CI_MERGE_REQUEST_IID: '3',
    CI_PROJECT_ID: '12',
    CI_API_V4_URL: 'https://gitlab.example/api/v4',
    TRESPASS_NOTE_TOKEN: 'note-token',
  };
  /** The environment of a runner that has done the first part. */
  let installed: Readonly<Record<string, string>>;

  beforeAll(async () => {
    const prefix = join(folder, 'npm');
    const PATH = `${join(prefix, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`;
    installed = { ...env, PATH, npm_config_prefix: prefix };
    const source = { TRESPASS_REPOSITORY: repository, TRESPASS_VERSION: 'v1' };
    const { code, log, file } = await follow([step(job.before_script)], WEB_SHOP, { ...installed, ...source });
    expect({ code, log }).toMatchObject({ code: 0 });
    expect(file('installed')).toBe('npm ci --ignore-scripts --no-fund --no-audit\n');
    expect(file('.aws-token')).toBe('a-token\n');
  }, 600_000);

  it('passes on the account whose baseline it has, and leaves what it says it leaves', async () => {
    const { code, file } = await follow(check, WEB_SHOP, installed);
    expect(code).toBe(0);
    expect(file('collected')).toBe('collect --region all --out snapshot\n');
    for (const name of [...job.artifacts.paths, job.artifacts.reports.junit]) expect(file(name)).not.toBe('');
  });

  it('fails a merge request that opens a path, and notes the new statement', async () => {
    const { code, file } = await follow(check, opened, installed);
    expect(code).toBe(1);
    expect(file('asked')).toContain('https://gitlab.example/api/v4/projects/12/merge_requests/3/notes');
    expect(file('posted.md')).toContain('statement ForReports of');
    expect(file('trespass.xml')).toContain('<failure');
  });

  it('notes nothing without a token', async () => {
    const { code, file } = await follow(check, WEB_SHOP, { ...installed, TRESPASS_NOTE_TOKEN: '' });
    expect([code, file('asked')]).toEqual([0, '']);
  });
});
