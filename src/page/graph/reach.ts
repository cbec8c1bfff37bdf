import { factsOfHaving } from '../../findings/held-facts.js';
import { makeOnlineReach } from '../../findings/online.js';
import { accessOfEach, reachedFacts } from '../../findings/reached-assets.js';
import { relevantFacts } from '../../findings/relevant-facts.js';
import { byCode } from '../../model/index.js';
import { type Access, accessOf, INTERNET_FACT, parseFact } from '../../techniques/fact.js';
import type { PageEngine } from '../data/page-attack.js';
import { type ProofLine, proofLines } from '../data/proof-lines.js';

/** An asset that an intruder could have, or that could be where it comes from. */
export interface ReachedByWay {
  readonly asset: string;
  readonly access: Access;
  readonly isCertain: boolean;
  readonly lines: readonly ProofLine[];
}

/** As `blast-radius` takes it, and for the internet. */
const heldWith = (asset: { readonly id: string; readonly type: string }): readonly string[] =>
  asset.type === 'internet' ? [INTERNET_FACT] : factsOfHaving(asset);

/** What an intruder who has the asset can reach, the soonest first: by steps, then by how hard they are. The question of `trespass blast-radius`. */
export function whatCanBeReached(
  page: PageEngine,
  asset: { readonly id: string; readonly type: string },
): readonly ReachedByWay[] {
  const { engine } = page;
  const held = heldWith(asset);
  const heldIds = held.flatMap((key) => engine.clauses.factId(key) ?? []);
  const { own, online, by } = makeOnlineReach(engine)(heldIds);
  const reached = [own, ...(online ? [online] : [])].flatMap((derivation) =>
    reachedFacts(engine.clauses, derivation, new Set(held)).filter((one) => by(one.fact) === derivation),
  );
  return accessOfEach(reached)
    .flatMap(({ asset, access, isCertain, fact, cost }) => {
      const proof = by(fact)?.bestProof(fact);
      return proof ? [{ asset, access, isCertain, cost, lines: proofLines(page, proof) }] : [];
    })
    .sort(
      (a, b) =>
        a.lines.length - b.lines.length || a.cost - b.cost || byCode(a.asset, b.asset) || byCode(a.access, b.access),
    );
}

/**
 * Every host and principal from which the asset can be had: the question of `trespass who-can-reach`. Each is asked by itself, so it pauses now and
 * then. @param pause told how many of how many were asked; a false answer ends the search
 */
export async function whoCanReach(
  page: PageEngine,
  asset: { readonly id: string; readonly type: string },
  pause: (asked: number, all: number) => Promise<boolean>,
): Promise<readonly ReachedByWay[]> {
  const { engine } = page;
  const { clauses } = engine;
  const targets = heldWith(asset).flatMap((key) => clauses.factId(key) ?? []);
  const matter = relevantFacts(clauses, targets);
  const reachOf = makeOnlineReach(engine, matter);
  const starts = [...matter].filter((start) => {
    const { kind, id } = parseFact(clauses.factKey(start));
    return (kind === 'creds' || kind === 'exec') && id !== asset.id;
  });
  const found: (ReachedByWay & { readonly cost: number })[] = [];
  for (const [at, start] of starts.entries()) {
    if (!(await pause(at, starts.length))) return [];
    const { by } = reachOf([start]);
    const proofs = targets.flatMap((target) => by(target)?.bestProof(target) ?? []);
    const [proof] = proofs.sort((a, b) => Number(b.certain) - Number(a.certain) || a.cost - b.cost);
    if (!proof) continue;
    found.push({
      asset: parseFact(clauses.factKey(start)).id,
      access: accessOf(parseFact(clauses.factKey(proof.target)).kind) ?? 'read',
      isCertain: proof.certain,
      lines: proofLines(page, proof),
      cost: proof.cost,
    });
  }
  return found.sort((a, b) => a.cost - b.cost || byCode(a.asset, b.asset));
}
