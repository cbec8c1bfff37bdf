import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli, WEB_SHOP } from '../cli/run-cli.js';
import { collectingFrom, grantForReports } from './programs.js';
import { checkOut, npmEnvironment } from './repository.js';
import { type ActionRun, runAction } from './run-action.js';

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
afterAll(() => rmSync(folder, { recursive: true }));

/** A stand-in of GitHub's own command that keeps what it is asked; `known` is the comment that is there. */
const gh = (known: string): string => `
printf '%s\\n' "$*" >> "$HOME/asked"
for word; do case $word in body=@*) cp "\${word#body=@}" "$HOME/comment.md" ;; esac; done
case "$*" in *--jq*) printf '%s' '${known}' ;; esac`;

interface Run extends ActionRun {
  readonly asked: string;
  readonly comment: string;
  readonly collected: string;
  readonly sarif: string;
}

let runs = 0;
async function run(
  inputs: Readonly<Record<string, string>>,
  event: 'pull_request' | 'schedule' = 'pull_request',
  known = '',
  programs: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const own = join(folder, `run-${runs++}`);
  mkdirSync(own);
  cpSync(baseline(), join(own, 'trespass.baseline.json'));
  const pull_request = { number: '7' };
  const result = await runAction({
    folder: own,
    inputs,
    github: { token: 'the-token', event_name: event, event: event === 'schedule' ? {} : { pull_request } },
    programs: { gh: gh(known), ...programs },
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

describe('the action', () => {
  it('builds the program from its own checkout, with nothing installed before', { timeout: 600_000 }, async () => {
    expect(existsSync(join(action(), 'node_modules'))).toBe(false);
    const { code, log, summary } = await run({ snapshot: before() });
    expect({ code, log }).toEqual({
      code: 0,
      log: expect.stringMatching(/^\s*added \d+ packages in \S+\s*$/) as string,
    });
    expect(summary).toContain('trespass: no new attack path');
  });

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
