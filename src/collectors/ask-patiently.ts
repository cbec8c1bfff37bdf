import { setTimeout as sleep } from 'node:timers/promises';
import { readFailure } from './failure.js';

const ROUNDS = 6;
const LONGEST_WAIT = 20_000;

/**
 * Calls again while AWS throttles, each time after a longer wait. The SDK retries by itself, but out of one budget a client: a long
 * run of calls for single resources, each throttled now and then, would use it up and lose answers that patience gets.
 */
export async function askPatiently<T>(ask: () => Promise<T>, firstWait = 1000): Promise<T> {
  for (let round = 1; ; round += 1) {
    try {
      return await ask();
    } catch (cause) {
      if (round === ROUNDS || readFailure(cause).kind !== 'throttled') throw cause;
      const wait = Math.min(LONGEST_WAIT, firstWait * 2 ** (round - 1));
      await sleep(wait / 2 + (wait / 2) * Math.random());
    }
  }
}
