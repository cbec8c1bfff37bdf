import { type Asset, byCode, EXIT, sortedUnique, UserError } from '../model/index.js';
import { type Access, accessOf, fact, parseFact } from '../techniques/index.js';
import type { AttackGraph } from './attack-graph.js';
import { containmentOf } from './containment.js';
import { describe } from './paths.js';
import { distinctConditions, stepsOf } from './proof-steps.js';
import { type BlastRadius, REPORT_VERSION, type Reached, type ReachedFrom } from './report.js';
import { tracesOf } from './traces.js';

const HOSTS = new Set(['ec2:instance', 'lambda:function', 'ecs:task', 'ecs:service']);
const PRINCIPALS = new Set(['iam:user', 'iam:role']);

/** What an intruder who has the asset holds from the start: a principal's credentials, code on a host, a store's data. */
function factsOfHaving(asset: Asset): readonly string[] {
  if (PRINCIPALS.has(asset.type)) return [fact('creds', asset.id)];
  if (HOSTS.has(asset.type)) return [fact('exec', asset.id)];
  return [fact('data-read', asset.id), fact('data-write', asset.id)];
}

/** Everything that follows from having some assets; each asset once, with the most that can be done to it. */
export function blastRadius(attack: AttackGraph, assets: readonly Asset[]): BlastRadius {
  const held = assets.flatMap(factsOfHaving);
  const derivation = attack.derive(held);
  const { clauses } = attack.engine;
  const own = new Set(held);
  const reachedFacts: number[] = [];
  const best = new Map<string, { readonly reached: Reached; readonly cost: number }>();
  for (let id = 0; id < clauses.factCount; id++) {
    const key = clauses.factKey(id);
    const { kind, id: asset } = parseFact(key);
    const access = accessOf(kind);
    if (access === undefined || own.has(key) || !derivation.isDerived(id)) continue;
    const proof = derivation.bestProof(id);
    if (!proof) continue;
    reachedFacts.push(id);
    const known = best.get(asset);
    const certain = derivation.isCertain(id);
    if (known && !isStronger(access, certain, proof.cost, known)) continue;
    const steps = stepsOf(attack, proof);
    const conditions = distinctConditions(steps.flatMap((s) => s.conditions));
    const reached = {
      ...describe(attack, asset),
      asset,
      access,
      confidence: conditions.length > 0 ? ('conditional' as const) : ('confirmed' as const),
      conditions,
      steps,
    };
    best.set(asset, { reached: withoutId(reached), cost: proof.cost });
  }
  const reaches = [...best.values()]
    .sort((a, b) => a.cost - b.cost || byCode(a.reached.asset, b.reached.asset))
    .map((b) => b.reached);
  const traces = tracesOf(
    assets.map((a) => a.id),
    reaches,
  );
  return {
    schemaVersion: REPORT_VERSION,
    from: assets.map((a) => a.id),
    reaches,
    otherAccounts: otherAccounts(attack, assets, reaches),
    containment: containmentOf(attack, assets, held, reachedFacts),
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

function withoutId<T extends { readonly id: string }>(value: T): Omit<T, 'id'> {
  const { id: _, ...rest } = value;
  return rest;
}

const STRENGTH: Readonly<Record<Access, number>> = { admin: 3, control: 2, read: 1, write: 0 };

function isStronger(
  access: Access,
  certain: boolean,
  cost: number,
  than: { readonly reached: Reached; readonly cost: number },
): boolean {
  const isCertain = than.reached.confidence === 'confirmed';
  if (certain !== isCertain) return certain;
  return STRENGTH[access] - STRENGTH[than.reached.access] > 0 || (access === than.reached.access && cost < than.cost);
}

/**
 * Who could reach some assets: every host and principal from which one of them can be had. Each is asked for by itself, only those that stand
 * in some derivation backwards of the target at all.
 */
export function whoCanReach(attack: AttackGraph, assets: readonly Asset[]): ReachedFrom {
  const { clauses } = attack.engine;
  const targets = assets.flatMap((a) =>
    PRINCIPALS.has(a.type) || HOSTS.has(a.type)
      ? factsOfHaving(a)
      : [fact('data-read', a.id), fact('data-write', a.id)],
  );
  const targetIds = targets.map((key) => clauses.factId(key)).filter((id) => id !== undefined);
  const own = new Set(assets.map((a) => a.id));
  const starts = relevantFacts(attack, targetIds).filter((key) => {
    const { kind, id } = parseFact(key);
    return (kind === 'creds' || kind === 'exec') && !own.has(id);
  });
  const reachedFrom = starts.flatMap((start) => {
    const derivation = attack.derive([start]);
    const proofs = targetIds.flatMap((id) => derivation.bestProof(id) ?? []);
    const [proof] = proofs.sort((a, b) => Number(b.certain) - Number(a.certain) || a.cost - b.cost);
    if (!proof) return [];
    const { id, kind } = parseFact(clauses.factKey(proof.target));
    const steps = stepsOf(attack, proof);
    const conditions = distinctConditions(steps.flatMap((s) => s.conditions));
    const from = parseFact(start).id;
    const access = accessOf(kind) ?? 'read';
    const reached: Reached = {
      ...withoutId(describe(attack, from)),
      asset: from,
      access,
      confidence: conditions.length > 0 ? 'conditional' : 'confirmed',
      conditions,
      steps,
    };
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

/** Facts from which some target could depend at all: walked backwards over the clauses. */
function relevantFacts(attack: AttackGraph, targets: readonly number[]): readonly string[] {
  const { clauses } = attack.engine;
  const { head, body, bodyStart, clauseCount } = clauses.columns();
  const byHead = new Map<number, number[]>();
  for (let clause = 0; clause < clauseCount; clause++) {
    const known = byHead.get(head[clause] as number);
    if (known) known.push(clause);
    else byHead.set(head[clause] as number, [clause]);
  }
  const seen = new Set(targets);
  const pending = [...targets];
  for (let target = pending.pop(); target !== undefined; target = pending.pop()) {
    for (const clause of byHead.get(target) ?? []) {
      for (let i = bodyStart[clause] as number; i < (bodyStart[clause + 1] as number); i++) {
        const premise = body[i] as number;
        if (seen.has(premise)) continue;
        seen.add(premise);
        pending.push(premise);
      }
    }
  }
  return [...seen].map((f) => clauses.factKey(f)).sort(byCode);
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
