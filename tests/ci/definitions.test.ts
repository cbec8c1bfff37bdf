import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { gitlabJobs } from './gitlab.js';
import { type ActionStep, actionErrors, readAction, readDoc, workflowErrors, yamlBlocks } from './workflows.js';

describe('the action, by the parser of GitHub', () => {
  it('is well defined', () => {
    expect(actionErrors(readDoc('action.yml'))).toEqual([]);
  });

  it.each([
    [
      'a step that neither runs nor uses',
      'name: x\ndescription: x\nruns:\n  using: composite\n  steps:\n    - name: y\n',
    ],
    ['a key that nobody knows', 'name: x\ndescription: x\ncolour: red\nruns:\n  using: composite\n  steps: []\n'],
    ['an expression that does not end', readDoc('action.yml').replace('${{ inputs.regions }}', '${{ inputs.regions')],
  ])('would be refused with %s', (_, content) => {
    expect(actionErrors(content)).not.toEqual([]);
  });

  it('takes every input that it defines, and defines every one that it takes', () => {
    const { inputs } = readAction();
    const used = [...readDoc('action.yml').matchAll(/inputs\.([a-z-]+)/g)].map(([, name]) => name);
    expect(new Set(used)).toEqual(new Set(Object.keys(inputs)));
  });

  it('lets nothing from outside stand in a script: inputs come by the environment', () => {
    for (const { run } of readAction().runs.steps) expect(run ?? '').not.toContain('${{');
  });
});

/** The steps of a workflow, or of a list of some. */
function stepsOf(document: unknown): readonly ActionStep[] {
  if (Array.isArray(document)) return document as ActionStep[];
  const { jobs = {} } = (document ?? {}) as { jobs?: Record<string, { steps: ActionStep[] }> };
  return Object.values(jobs).flatMap((job) => job.steps);
}

/** A block that is a workflow, by its keys. */
const isWorkflow = (block: string): boolean => {
  const document: unknown = parse(block);
  return typeof document === 'object' && document !== null && 'jobs' in document && 'on' in document;
};

describe('the workflows of the README', () => {
  const workflows = yamlBlocks('README.md').filter(isWorkflow);

  it('are there, and are what GitHub takes', async () => {
    expect(workflows.length).toBeGreaterThan(0);
    for (const workflow of workflows) expect(await workflowErrors(workflow)).toEqual([]);
  });

  it('may do what they do, and no more', () => {
    for (const workflow of workflows) {
      const { permissions, concurrency } = parse(workflow) as { permissions: object; concurrency: object };
      expect(permissions).toEqual({
        'id-token': 'write',
        contents: 'read',
        actions: 'read',
        'security-events': 'write',
        'pull-requests': 'write',
      });
      expect(concurrency).toEqual({ group: 'trespass-${{ github.ref }}', 'cancel-in-progress': true });
    }
  });
});

describe.each(['README.md', 'docs/ci.md'])('the use of the action in %s', (page) => {
  const uses = yamlBlocks(page).flatMap((block) =>
    stepsOf(parse(block)).filter((step) => step.uses?.includes('/trespass@')),
  );

  it('gives only inputs that it has', () => {
    expect(uses.length).toBeGreaterThan(0);
    const { inputs } = readAction();
    for (const { with: given } of uses)
      expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(given ?? {})));
  });
});

it('a broken workflow would be refused', async () => {
  expect(await workflowErrors('on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - runs: x\n')).not.toEqual([]);
});

describe('the job for GitLab, by the schema of GitLab', () => {
  const job = yamlBlocks('docs/ci.md').find((block) => block.includes('id_tokens')) ?? '';

  it.each([
    ['a merge request', 'merge_request_event', 'on_success'],
    ['a schedule', 'schedule', 'on_success'],
    ['a push, of which nobody is told', 'push', 'never'],
  ])('is well defined, and runs as it should for %s', (_, source, when) => {
    expect(gitlabJobs(job, { CI_PIPELINE_SOURCE: source })).toMatchObject([{ name: 'trespass', when }]);
  });

  it.each([
    ['a key that nobody knows', job.replace('artifacts:', 'artefacts:'), "'artefacts' property is not expected"],
    ['a report that is none', job.replace('junit: trespass.xml', 'junit: { is: 3 }'), 'reports.junit'],
    ['a token for nobody', job.replace('{ aud: sts.amazonaws.com }', '{}'), "must have required property 'aud'"],
  ])('would be refused with %s', (_, broken, said) => {
    expect(() => gitlabJobs(broken, {})).toThrow(said);
  });
});
