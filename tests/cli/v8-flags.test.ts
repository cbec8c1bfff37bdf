import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { v8Flags } from '../../src/cli/v8-flags.js';

describe('flags for V8', () => {
  it('are known to this V8, which says nothing about them', () => {
    const flags = v8Flags(process.versions.v8);
    const script = `for (const flag of ${JSON.stringify(flags)}) require('node:v8').setFlagsFromString(flag)`;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: '' });
    expect(flags.length).toBeGreaterThan(0);
  });

  it('are not set where they were not looked at', () => {
    expect(v8Flags('10.2.154.26-node.38')).toEqual([]);
    expect(v8Flags('15.0.1')).toEqual([]);
    expect(v8Flags('no version')).toEqual([]);
  });
});
