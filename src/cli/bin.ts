#!/usr/bin/env node
import { setV8Flags } from './v8-flags.js';
import { readVersion } from './version.js';

const args = process.argv.slice(2);
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  process.stdout.write(`${readVersion()}\n`);
} else {
  setV8Flags();
  const { runProcess } = await import('./run-process.js');
  await runProcess(args);
}
