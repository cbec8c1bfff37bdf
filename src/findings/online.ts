import type { AttackEngine, Derivation, FactId } from '../attack/index.js';
import { once } from '../model/index.js';
import { ONLINE_FACT } from '../techniques/fact.js';

/** What follows from having something. */
export interface OnlineReach {
  /** From having it, and nothing else. */
  readonly own: Derivation;
  /** From having it and connecting from the internet, where that gives more. */
  readonly online: Derivation | undefined;
  /** By which of the two a fact is had; `undefined` where it is not, or only as everybody on the internet has it. */
  readonly by: (fact: FactId) => Derivation | undefined;
}

/**
 * An intruder who has something is on the internet too: stores that it reaches are connected to with credentials that come later. What anybody
 * there has without them is not what having something gives.
 * @param matter the facts that what is asked about can hang on; all when absent
 * @returns what follows from some facts, asked of one engine again and again
 */
export function makeOnlineReach(
  { clauses, derive }: Pick<AttackEngine<unknown>, 'clauses' | 'derive'>,
  matter?: ReadonlySet<FactId>,
): (held: readonly FactId[]) => OnlineReach {
  const online = clauses.factId(ONLINE_FACT);
  if (online === undefined || (matter && !matter.has(online)))
    return (held) => {
      const own = derive(held);
      return { own, online: undefined, by: (fact) => (own.isDerived(fact) ? own : undefined) };
    };
  const anyway = derive([online]);
  const isMoreIn = (some: Derivation, other: Derivation, fact: FactId): boolean =>
    some.isDerived(fact) && (!other.isDerived(fact) || (some.isCertain(fact) && !other.isCertain(fact)));
  return (held) => {
    const own = once(() => derive(held));
    const both = once(() => derive([...held, online]));
    const isMore = (fact: FactId): boolean => isMoreIn(both(), own(), fact) && isMoreIn(both(), anyway, fact);
    return {
      get own() {
        return own();
      },
      get online() {
        return both().derived.some(isMore) ? both() : undefined;
      },
      by: (fact) => {
        // Nothing is more than what is had for certain.
        if (!own().isCertain(fact) && isMore(fact)) return both();
        return own().isDerived(fact) ? own() : undefined;
      },
    };
  };
}
