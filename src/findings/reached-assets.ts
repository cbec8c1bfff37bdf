import type { ClauseSet, Derivation, FactId } from '../attack/index.js';
import { type Access, accessOf } from '../techniques/fact.js';
import { readFact } from './read-fact.js';

/** The most that can be done to an asset, and the fact that means it. */
export interface ReachedAsset {
  readonly asset: string;
  readonly fact: FactId;
  readonly access: Access;
  /** Without any condition. */
  readonly isCertain: boolean;
  readonly cost: number;
}

const STRENGTH: Readonly<Record<Access, number>> = { admin: 3, control: 2, read: 1, write: 0 };

function isStronger(a: ReachedAsset, b: ReachedAsset): boolean {
  if (a.isCertain !== b.isCertain) return a.isCertain;
  return STRENGTH[a.access] > STRENGTH[b.access] || (a.access === b.access && a.cost < b.cost);
}

/** Every fact of a derivation that means having an asset, but for those held from the start. */
export function reachedFacts(
  clauses: Pick<ClauseSet<unknown>, 'factId' | 'factKind' | 'factSubject'>,
  derivation: Derivation,
  held: ReadonlySet<string>,
): readonly ReachedAsset[] {
  const found: ReachedAsset[] = [];
  const heldIds = new Set(Array.from(held, (key) => clauses.factId(key)));
  for (const fact of Uint32Array.from(derivation.derived).sort()) {
    const { kind, id } = readFact(clauses, fact);
    const access = accessOf(kind);
    if (access === undefined || heldIds.has(fact)) continue;
    found.push({ asset: id, fact, access, isCertain: derivation.isCertain(fact), cost: derivation.cost(fact) });
  }
  return found;
}

/** Of each asset the most that can be done to it, in the order in which the assets are first met. */
export function strongestOfEach(facts: readonly ReachedAsset[]): ReadonlyMap<string, ReachedAsset> {
  const best = new Map<string, ReachedAsset>();
  for (const reached of facts) {
    const known = best.get(reached.asset);
    if (!known || isStronger(reached, known)) best.set(reached.asset, reached);
  }
  return best;
}
