import type { Derivation, Proof } from '../attack/index.js';
import type { Access } from '../techniques/index.js';
import { ACCESS_ORDER, type Target } from './targets.js';

/** The fact by which a target is had best, as in {@link bestWays}. */
export function bestFact(derivation: Derivation, { facts }: Target): Target['facts'][number] | undefined {
  let best: Target['facts'][number] | undefined;
  for (const candidate of facts) {
    if (!derivation.isDerived(candidate.id)) continue;
    const order =
      best &&
      (Number(derivation.isCertain(candidate.id)) - Number(derivation.isCertain(best.id)) ||
        derivation.cost(best.id) - derivation.cost(candidate.id));
    if (order === undefined || order > 0) best = candidate;
  }
  return best;
}

/** The best ways to have a target: a certain one before a conditional one, then the easier, then the access that says most. */
export function bestWays(
  derivation: Derivation,
  target: Target,
  count: number,
): readonly { readonly proof: Proof; readonly access: Access }[] {
  const ways = target.facts.flatMap(({ id, access }) => {
    if (!derivation.isDerived(id)) return [];
    const proofs = count === 1 ? [derivation.bestProof(id)] : derivation.bestProofs(id, count);
    return proofs.flatMap((proof) => (proof ? [{ proof, access }] : []));
  });
  return ways
    .sort(
      (a, b) =>
        Number(b.proof.certain) - Number(a.proof.certain) ||
        a.proof.cost - b.proof.cost ||
        ACCESS_ORDER.indexOf(a.access) - ACCESS_ORDER.indexOf(b.access),
    )
    .slice(0, count);
}
