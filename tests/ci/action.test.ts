import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runCli, WEB_SHOP } from '../cli/run-cli.js';
import { collectingFrom, grantForReports } from './programs.js';
import { checkOut, npmEnvironment } from './repository.js';
import { type ActionRun, evaluate, runAction, runSteps, type StepsRun } from './run-action.js';
import { type ActionStep, yamlBlocks } from './workflows.js';

let folder: string;
/** The action's own checkout. */
const action = (): string => join(folder, 'checkout');
/** The account as it is, with its baseline, and as a change would make it. */
const before = (): string => WEB_SHOP;
const after = (): string => join(folder, 'after');
const baseline = (): string => join(folder, 'baseline.json');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trespass-action-'));
  await runCli(['baseline', before(), '--out', baseline()]);
  cpSync(before(), after(), { recursive: true });
  grantForReports(after());
  checkOut(action());
});
afterAll(() => rmSync(folder, { recursive: true }), 600_000);

/** A stand-in of GitHub's own command that keeps what it is asked; `known` is the comment that is there. */
const gh = (known: string): string => `
printf '%s\\n' "$*" >> "$HOME/asked"
for word; do case $word in body=@*) cp "\${word#body=@}" "$HOME/comment.md" ;; esac; done
case "$*" in *--jq*) printf '%s' '${known}' ;; esac`;

/** What a run leaves in its folder. */
interface Left {
  readonly asked: string;
  readonly comment: string;
  readonly collected: string;
  readonly sarif: string;
}

type Event = 'pull_request' | 'schedule';
let runs = 0;

/** Runs something in a folder of its own with the baseline, and reads what is left there. */
async function inFolder<R extends StepsRun>(
  start: (options: Parameters<typeof runSteps>[1]) => Promise<R>,
  programs: Readonly<Record<string, string>>,
  event: Event = 'pull_request',
): Promise<R & Left> {
  const own = join(folder, `run-${runs++}`);
  mkdirSync(own);
  cpSync(baseline(), join(own, 'trespass.baseline.json'));
  const pull_request = { number: '7' };
  const result = await start({
    folder: own,
    github: { token: 'the-token', event_name: event, event: event === 'schedule' ? {} : { pull_request } },
    programs,
    action: action(),
    env: npmEnvironment(),
  });
  const read = (name: string): string => {
    const file = join(own, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  return {
    ...result,
    asked: read('asked'),
    comment: read('comment.md'),
    collected: read('collected'),
    sarif: read('trespass.sarif'),
  };
}

const run = (
  inputs: Readonly<Record<string, string>>,
  event: Event = 'pull_request',
  known = '',
  programs: Readonly<Record<string, string>> = {},
): Promise<ActionRun & Left> =>
  inFolder((options) => runAction({ ...options, inputs }), { gh: gh(known), ...programs }, event);

const pullRequestOf = (full_name: string) => ({
  event_name: 'pull_request',
  repository: 'acme/cloud',
  event: { pull_request: { head: { repo: { full_name } } } },
});

describe('the workflow of the README', () => {
  const workflow = parse(yamlBlocks('README.md').find((block) => block.includes('jobs:')) ?? '') as {
    jobs: { check: { if: string; steps: ActionStep[] } };
  };
  const { steps } = workflow.jobs.check;
  const follow = (account: string): Promise<StepsRun & Left> =>
    inFolder((options) => runSteps(steps, options), { trespass: collectingFrom(account), gh: gh('') });

  it('passes on the account whose baseline it has, with nothing installed before', { timeout: 1_200_000 }, async () => {
    expect(existsSync(join(action(), 'node_modules'))).toBe(false);
    const { code, summary, used, collected, log, sarif } = await follow(before());
    expect({ code, log }).toEqual({
      code: 0,
      log: expect.stringMatching(/^\s*added \d+ packages in \S+\s*$/) as string,
    });
    expect(collected).toMatch(/^collect --region all --out \S+\n$/);
    expect(summary).toContain('no new attack path');
    expect(used.map(({ uses }) => uses.split('@')[0])).toEqual([
      'actions/checkout',
      'actions/setup-node',
      'aws-actions/configure-aws-credentials',
      'github/codeql-action/upload-sarif',
    ]);
    expect(JSON.parse(sarif)).toMatchObject({ version: '2.1.0' });
  });

  it('fails a pull request that opens a path, and comments with the new statement', async () => {
    const { code, failedStep, used, asked, comment, summary } = await follow(after());
    expect([code, failedStep]).toEqual([1, 'Verdict']);
    expect(asked).toContain('repos/acme/cloud/issues/7/comments');
    expect(comment).toContain('statement ForReports of');
    expect(summary).toContain('statement ForReports of');
    expect(used.at(-1)?.uses).toContain('upload-sarif');
  });

  it.each([
    ['a schedule', { event_name: 'schedule', repository: 'acme/cloud', event: {} }, 'true'],
    ['a pull request of the repository', pullRequestOf('acme/cloud'), 'true'],
    ['one of a fork, which may not take the role', pullRequestOf('mallory/cloud'), 'false'],
  ])('runs as it should for %s', (_, github, isRun) => {
    expect(evaluate(workflow.jobs.check.if, { github })).toBe(isRun);
  });
});

describe('the action', () => {
  it('passes where the account is as the baseline says, and says so', async () => {
    const { code, summary, outputs, used, comment, asked, log } = await run({ snapshot: before() });
    expect({ code, log }).toEqual({ code: 0, log: '' });
    expect(summary).toContain('trespass: no new attack path');
    expect(outputs).toMatchObject({ verdict: 'passed', sarif: 'trespass.sarif' });
    expect(used).toEqual([
      { uses: 'github/codeql-action/upload-sarif@v4', with: { sarif_file: 'trespass.sarif', category: 'trespass' } },
    ]);
    expect(comment).toBe(`<!-- trespass -->\n${summary}`);
    expect(asked).toContain('--method POST repos/acme/cloud/issues/7/comments');
  });

  it('fails a pull request that opens a path, with a comment that names the new statement', async () => {
    const { code, failedStep, comment, summary, outputs, sarif, used } = await run({ snapshot: after() });
    expect([code, failedStep]).toEqual([1, 'Verdict']);
    expect(outputs['verdict']).toBe('failed');
    expect(comment).toContain('1 attack path that the baseline does not accept');
    expect(comment).toContain(
      'statement ForReports of arn&#58;aws&#58;iam&#58;&#58;111122223333&#58;role/shop-web&#35;reports',
    );
    expect(comment).toContain('```mermaid');
    expect(comment.length).toBeLessThan(65_536);
    expect(comment.endsWith(summary)).toBe(true);
    const { results } = (JSON.parse(sarif) as { runs: { results: { baselineState: string }[] }[] }).runs[0] ?? {};
    expect(results?.filter(({ baselineState }) => baselineState === 'new')).toHaveLength(1);
    expect(used).toHaveLength(1);
  });

  it('names it from an earlier snapshot too, without a baseline', async () => {
    const { code, comment } = await run({ snapshot: after(), baseline: '', reference: before() });
    expect(code).toBe(1);
    expect(comment).toContain('step 3 is new');
    expect(comment).toContain('statement ForReports of');
  });

  it('changes the comment that is there', async () => {
    const { asked, comment } = await run({ snapshot: before() }, 'pull_request', '4242\n');
    expect(asked).toContain('--method PATCH repos/acme/cloud/issues/comments/4242');
    expect(asked).not.toContain('POST');
    expect(comment).toContain('no new attack path');
  });

  it('decides by the paths, not by whether it may comment', async () => {
    const refused = await run({ snapshot: before() }, 'pull_request', '', { gh: 'echo "HTTP 403" >&2; exit 1' });
    expect(refused.code).toBe(0);
    expect(refused.log).toContain('::warning::the comment could not be made');
  });

  it('collects where no snapshot is named, and comments on pull requests alone', async () => {
    const programs = { trespass: collectingFrom(WEB_SHOP) };
    const { code, collected, asked } = await run({ regions: 'us-east-1 eu-west-1' }, 'schedule', '', programs);
    expect(code).toBe(0);
    expect(collected).toMatch(/^collect --region us-east-1 --region eu-west-1 --out \S+\/temp\/trespass-snapshot\n$/);
    expect(asked).toBe('');
  });

  it('neither comments nor uploads where it is told not to', async () => {
    const { asked, used } = await run({ snapshot: before(), comment: 'false', upload: 'false' });
    expect([asked, used]).toEqual(['', []]);
  });

  it.each([
    ['no baseline is there', { snapshot: WEB_SHOP, baseline: 'none.json' }, 'none.json'],
    ['the snapshot is none', { snapshot: 'nowhere' }, 'nowhere'],
  ])('stops with the message where %s', async (_, inputs, said) => {
    const { code, failedStep, log, summary, asked } = await run(inputs);
    expect([2, 3]).toContain(code);
    expect(failedStep).toBe('Check');
    expect(log).toContain(said);
    expect([summary, asked]).toEqual(['', '']);
  });

  it('takes what an input says as a word, whatever stands in it', async () => {
    const { code, log } = await run({ snapshot: '$(touch "$HOME/owned"); `touch owned` "' });
    expect(code).toBe(3);
    expect(log).toContain('touch owned');
    expect(existsSync(join(folder, `run-${runs - 1}`, 'owned'))).toBe(false);
  });
});
