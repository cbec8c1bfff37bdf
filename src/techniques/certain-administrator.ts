import type { World } from './world.js';

const known = new WeakMap<World['iam'], Map<string, boolean>>();

/** Whether a principal administers its account without a doubt: what it can do is not worth listing step by step. */
export function isCertainAdministrator({ iam }: World, principal: string): boolean {
  const memo = known.get(iam) ?? new Map<string, boolean>();
  known.set(iam, memo);
  const before = memo.get(principal);
  if (before !== undefined) return before;
  const is = iam.isAdministrator(principal).verdict === 'allowed';
  memo.set(principal, is);
  return is;
}
