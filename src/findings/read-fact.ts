import type { ClauseSet, FactId } from '../attack/index.js';
import type { FactKind } from '../techniques/fact.js';

/** What a fact says, and of what. */
export const readFact = (
  clauses: Pick<ClauseSet<unknown>, 'factKind' | 'factSubject'>,
  fact: FactId,
): { readonly kind: FactKind; readonly id: string } => ({
  kind: clauses.factKind(fact) as FactKind,
  id: clauses.factSubject(fact),
});
