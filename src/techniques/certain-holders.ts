import { onceFor } from '../model/index.js';
import type { Holder } from './permissions.js';

/** Those who may do something as things are, on no condition. */
export const certainHolders = onceFor(
  (holders: readonly Holder[]): ReadonlySet<string> =>
    new Set(
      holders.flatMap(({ principal, conditions, needs }) =>
        conditions.length + needs.length === 0 ? [principal] : [],
      ),
    ),
);
