import type { ClauseSet, Derivation, FactId } from '../attack/index.js';
import { type Access, accessOf } from '../techniques/fact.js';
import { readFact } from './read-fact.js';

/** Something that can be done to an asset, and the fact that means it. */
export interface ReachedAsset {
  readonly asset: string;
  readonly fact: FactId;
  readonly access: Access;
  /** Without any condition. */
  readonly isCertain: boolean;
  readonly cost: number;
}

/** What one may do who may do the other: reading and writing are two things. */
const INCLUDES: Readonly<Record<Access, readonly Access[]>> = {
  admin: ['control', 'read', 'write'],
  control: ['read', 'write'],
  read: [],
  write: [],
};

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

/**
 * Of each asset what can be done to it, in the order in which the assets are first met: the best fact for each kind of access, without what a stronger
 * one says that is as certain.
 */
export function accessOfEach(facts: readonly ReachedAsset[]): readonly ReachedAsset[] {
  const best = new Map<string, Map<Access, ReachedAsset>>();
  for (const reached of facts) {
    const own = best.get(reached.asset) ?? new Map<Access, ReachedAsset>();
    best.set(reached.asset, own);
    const known = own.get(reached.access);
    if (!known || isBetter(reached, known)) own.set(reached.access, reached);
  }
  return [...best.values()].flatMap((own) => {
    const all = [...own.values()];
    return all.filter((one) => !all.some((other) => saysMore(other, one)));
  });
}

function isBetter(a: ReachedAsset, b: ReachedAsset): boolean {
  return a.isCertain === b.isCertain ? a.cost < b.cost : a.isCertain;
}

const saysMore = (a: ReachedAsset, b: ReachedAsset): boolean =>
  INCLUDES[a.access].includes(b.access) && (a.isCertain || !b.isCertain);
