import { type Asset, byCode, EXIT, sortedUnique, UserError } from '../model/index.js';
import { accessOf, parseFact } from '../techniques/index.js';
import type { AttackGraph } from './attack-graph.js';
import { containmentOf } from './containment.js';
import { factsOfHaving } from './held-facts.js';
import { describe } from './paths.js';
import { distinctConditions, stepsOf } from './proof-steps.js';
import { type ReachedAsset, reachedFacts, strongestOfEach } from './reached-assets.js';
import { relevantFacts } from './relevant-facts.js';
import { type BlastRadius, REPORT_VERSION, type Reached, type ReachedFrom, type ReportStep } from './report.js';
import { tracesOf } from './traces.js';

/** Everything that follows from having some assets; each asset once, with the most that can be done to it. */
export function blastRadius(attack: AttackGraph, assets: readonly Asset[]): BlastRadius {
  const held = assets.flatMap(factsOfHaving);
  const derivation = attack.derive(held);
  const reached = reachedFacts(attack.engine.clauses, derivation, new Set(held));
  const reaches = [...strongestOfEach(reached).values()]
    .sort((a, b) => a.cost - b.cost || byCode(a.asset, b.asset))
    .flatMap((strongest) => {
      const proof = derivation.bestProof(strongest.fact);
      return proof ? [describeReached(attack, strongest, stepsOf(attack, proof))] : [];
    });
  const traces = tracesOf(
    assets.map((a) => a.id),
    reaches,
  );
  return {
    schemaVersion: REPORT_VERSION,
    from: assets.map((a) => a.id),
    reaches,
    otherAccounts: otherAccounts(attack, assets, reaches),
    containment: containmentOf(
      attack,
      assets,
      held,
      reached.map((r) => r.fact),
    ),
    ...(traces && { traces }),
  };
}

function otherAccounts(attack: AttackGraph, assets: readonly Asset[], reaches: readonly Reached[]): readonly string[] {
  const own = new Set(assets.map(({ account }) => account));
  const accounts = reaches.map(
    ({ asset }) => attack.graph.asset(asset)?.account ?? /^aws:admin\/(\d{12})$/.exec(asset)?.[1] ?? '',
  );
  return sortedUnique(accounts.filter((account) => account !== '' && !own.has(account)));
}

function describeReached(
  attack: AttackGraph,
  { asset, access }: Pick<ReachedAsset, 'asset' | 'access'>,
  steps: readonly ReportStep[],
): Reached {
  const { id: _, ...described } = describe(attack, asset);
  const conditions = distinctConditions(steps.flatMap((s) => s.conditions));
  return {
    ...described,
    asset,
    access,
    confidence: conditions.length > 0 ? 'conditional' : 'confirmed',
    conditions,
    steps,
  };
}

/**
 * Who could reach some assets: every host and principal from which one of them can be had. Each is asked for by itself, only those that stand
 * in some derivation backwards of the target at all.
 */
export function whoCanReach(attack: AttackGraph, assets: readonly Asset[]): ReachedFrom {
  const { clauses } = attack.engine;
  const targets = assets.flatMap(factsOfHaving);
  const targetIds = targets.map((key) => clauses.factId(key)).filter((id) => id !== undefined);
  const own = new Set(assets.map((a) => a.id));
  const relevant = Array.from(relevantFacts(clauses, targetIds), (f) => clauses.factKey(f)).sort(byCode);
  const starts = relevant.filter((key) => {
    const { kind, id } = parseFact(key);
    return (kind === 'creds' || kind === 'exec') && !own.has(id);
  });
  const reachedFrom = starts.flatMap((start) => {
    const derivation = attack.derive([start]);
    const proofs = targetIds.flatMap((id) => derivation.bestProof(id) ?? []);
    const [proof] = proofs.sort((a, b) => Number(b.certain) - Number(a.certain) || a.cost - b.cost);
    if (!proof) return [];
    const { id, kind } = parseFact(clauses.factKey(proof.target));
    const access = accessOf(kind) ?? 'read';
    const reached = describeReached(attack, { asset: parseFact(start).id, access }, stepsOf(attack, proof));
    return [{ reached, cost: proof.cost, id }];
  });
  return {
    schemaVersion: REPORT_VERSION,
    to: assets.map((a) => a.id),
    reachedFrom: reachedFrom
      .sort((a, b) => a.cost - b.cost || byCode(a.reached.asset, b.reached.asset))
      .map((r) => r.reached),
    containment: [],
  };
}

export function oneAsset(attack: Pick<AttackGraph, 'graph'>, text: string): Asset {
  const search = attack.graph.findAsset(text);
  if (search.kind === 'found') return search.asset;
  if (search.kind === 'none') throw new UserError(`${text}: no such asset in the snapshot`, EXIT.usage);
  const some = search.candidates.slice(0, 5).map((c) => c.id);
  throw new UserError(
    `${text}: several assets are called so, for example ${some.join(', ')}; give the ARN`,
    EXIT.usage,
  );
}
