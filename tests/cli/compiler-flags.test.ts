import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { compilerFlags } from '../../src/cli/compiler-flags.js';

describe('flags for the compiler', () => {
  it('are known to this V8, which says nothing about them', () => {
    const flags = compilerFlags(process.versions.v8);
    const script = `for (const flag of ${JSON.stringify(flags)}) require('node:v8').setFlagsFromString(flag)`;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: '' });
    expect(flags.length).toBeGreaterThan(0);
  });

  it('are not set where they were not looked at', () => {
    expect(compilerFlags('10.2.154.26-node.38')).toEqual([]);
    expect(compilerFlags('15.0.1')).toEqual([]);
    expect(compilerFlags('no version')).toEqual([]);
  });
});
