import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runCli } from './run-cli.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe('the sample that the program printed', () => {
  it.each([['README.md'], ['docs/fixes.md']])('in %s is what it prints', async (page) => {
    const content = readFileSync(`${ROOT}/${page}`, 'utf8');
    const [, args = '', sample = ''] = /```console\n\$ node dist\/cli\/bin\.js (.*)\n([\s\S]*?)```/.exec(content) ?? [];
    const [command = '', snapshot = '', ...flags] = args.split(' ');
    const { code, out } = await runCli([command, `${ROOT}/${snapshot}`, ...flags]);
    expect(code).toBe(0);
    expect(out.replaceAll(`${ROOT}/`, '')).toBe(sample);
  });
});
