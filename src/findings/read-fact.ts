import type { ClauseSet, FactId } from '../attack/index.js';
import { type FactKind, parseFact } from '../techniques/fact.js';

/** Splits a fact's key; the id is the very string of the asset where the fact came with those of many. */
export function readFact(
  clauses: Pick<ClauseSet<unknown>, 'factKey' | 'factMember'>,
  fact: FactId,
): { readonly kind: FactKind; readonly id: string } {
  const key = clauses.factKey(fact);
  const member = clauses.factMember(fact);
  if (member === undefined) return parseFact(key);
  return { kind: key.slice(0, key.length - member.length - 1) as FactKind, id: member };
}
