import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeRepository } from './repository.js';

const GITLAB_CI_LOCAL = fileURLToPath(import.meta.resolve('gitlab-ci-local/dist/index.js'));
/** What it asks of Node 22 and Node 20 does not have. */
const UNION = 'Set.prototype.union ??= function (other) { return new Set([...this, ...other]); }';
const PRELOAD = `data:text/javascript,${encodeURIComponent(UNION)}`;

export interface GitlabJob {
  readonly name: string;
  /** `never` where its rules leave it out of the pipeline. */
  readonly when: string;
}

/**
 * The jobs of a `.gitlab-ci.yml`, with their rules applied to a pipeline that has these variables.
 * Throws with what the JSON Schema of GitLab finds wrong.
 */
export function gitlabJobs(content: string, variables: Readonly<Record<string, string>>): readonly GitlabJob[] {
  const folder = mkdtempSync(join(tmpdir(), 'trespass-gitlab-'));
  try {
    writeFileSync(join(folder, '.gitlab-ci.yml'), content);
    makeRepository(folder, 'v1');
    execFileSync('git', ['remote', 'add', 'origin', 'https://gitlab.example/acme/cloud.git'], { cwd: folder });
    const given = Object.entries(variables).flatMap(([key, value]) => ['--variable', `${key}=${value}`]);
    const out = execFileSync(process.execPath, ['--import', PRELOAD, GITLAB_CI_LOCAL, '--list-json', ...given], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        NO_COLOR: '1',
        GCL_IGNORE_PREDEFINED_VARS: Object.keys(variables).join(','),
      },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return JSON.parse(out) as GitlabJob[];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
