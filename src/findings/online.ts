import type { AttackEngine, Derivation, FactId } from '../attack/index.js';
import { ONLINE_FACT } from '../techniques/fact.js';

/**
 * An intruder who has something is on the internet too: stores that it reaches are connected to with credentials that come later. What anybody
 * there has without them is not what having something gives.
 */
export interface Online {
  /** What is held beside the assets. */
  readonly held: readonly string[];
  /** Whether a fact of a derivation is more than what anybody on the internet has. */
  readonly isMore: (derivation: Derivation, fact: FactId) => boolean;
}

const OFFLINE: Online = { held: [], isMore: () => true };

/** Asked once for many derivations of one engine. */
export function makeOnline({ clauses, derive }: Pick<AttackEngine<unknown>, 'clauses' | 'derive'>): Online {
  const online = clauses.factId(ONLINE_FACT);
  if (online === undefined) return OFFLINE;
  const anyway = derive([online]);
  return {
    held: [ONLINE_FACT],
    isMore: (derivation, fact) => !anyway.isDerived(fact) || (derivation.isCertain(fact) && !anyway.isCertain(fact)),
  };
}
