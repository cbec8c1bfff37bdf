import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { actionErrors, readAction, readDoc, workflowErrors, yamlBlocks } from './workflows.js';

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

/** A block that is a workflow, by its keys. */
const isWorkflow = (block: string): boolean => {
  const document: unknown = parse(block);
  return typeof document === 'object' && document !== null && 'jobs' in document && 'on' in document;
};

describe.each(['README.md', 'docs/ci.md'])('the workflows of %s', (page) => {
  const workflows = yamlBlocks(page).filter(isWorkflow);

  it('are there, and are what GitHub takes', async () => {
    expect(workflows.length).toBeGreaterThan(0);
    for (const workflow of workflows) expect(await workflowErrors(workflow)).toEqual([]);
  });

  it('give the action only inputs that it has', () => {
    const { inputs } = readAction();
    for (const workflow of workflows) {
      const { jobs } = parse(workflow) as { jobs: Record<string, { steps: { uses?: string; with?: object }[] }> };
      const steps = Object.values(jobs).flatMap((job) => job.steps);
      for (const { uses, with: given } of steps) {
        if (uses?.includes('trespass') !== true) continue;
        expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(given ?? {})));
      }
    }
  });
});

it('a broken workflow would be refused', async () => {
  expect(await workflowErrors('on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - runs: x\n')).not.toEqual([]);
});
