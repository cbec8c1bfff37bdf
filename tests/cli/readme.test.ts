import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runCli } from './run-cli.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

it('the sample of the README is what the program prints', async () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [, args = '', sample = ''] = /```console\n\$ node dist\/cli\/bin\.js (.*)\n([\s\S]*?)```/.exec(readme) ?? [];
  const [command = '', snapshot = ''] = args.split(' ');
  const { code, out } = await runCli([command, `${ROOT}/${snapshot}`]);
  expect(code).toBe(0);
  expect(out.replaceAll(`${ROOT}/`, '')).toBe(sample);
});
