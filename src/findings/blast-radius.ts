import type { FactId } from '../attack/index.js';
import { type Asset, byCode, EXIT, sortedUnique, UserError } from '../model/index.js';
import { accessOf, accountOfAdmin, ONLINE_FACT, parseFact } from '../techniques/index.js';
import type { AttackGraph } from './attack-graph.js';
import { containmentOf } from './containment.js';
import { dataWithin, type RightBySteps } from './data-within.js';
import { findSigners } from './signers.js';
import { ADMINISTRATION, factsOfHaving, HOSTS, PRINCIPALS } from './held-facts.js';
import { describe } from './path-maker.js';
import { makeOnlineReach } from './online.js';
import { bestLines } from './proof-lines.js';
import { conditionsOfSteps, stepsOf } from './proof-steps.js';
import { accessOfEach, type ReachedAsset, reachedFacts } from './reached-assets.js';
import { relevantFacts } from './relevant-facts.js';
import { type BlastRadius, REPORT_VERSION, type Reached, type ReachedFrom, type ReportStep } from './report.js';
import { STORE_CALLS } from './store-calls.js';
import { techniquesWithin, tracesOf } from './traces.js';

/** Whether an intruder can have an asset of the type: others that are called so cannot be meant. */
export const canBeHeld = (type: string): boolean => PRINCIPALS.has(type) || HOSTS.has(type) || STORE_CALLS.has(type);

/** Everything that follows from having some assets; each asset with what can be done to it, reading and changing apart. */
export function blastRadius(attack: AttackGraph, assets: readonly Asset[]): BlastRadius {
  const held = assets.flatMap(factsOfHaving);
  const { clauses } = attack.engine;
  const { own, online, by } = makeOnlineReach(attack.engine)(held.flatMap((key) => clauses.factId(key) ?? []));
  const derivation = online ?? own;
  const lines = new Map([own, derivation].map((one) => [one, bestLines(attack, one)]));
  const stepsTo = (fact: FactId): readonly ReportStep[] => lines.get(by(fact) ?? derivation)?.(fact).steps ?? [];
  const reached = [...lines.keys()].flatMap((one) =>
    reachedFacts(clauses, one, new Set(held)).filter(({ fact }) => by(fact) === one),
  );
  const reaches = accessOfEach(reached)
    .map((one) => ({ cost: one.cost, reach: describeReached(attack, one, stepsTo(one.fact)) }))
    .sort(
      (a, b) =>
        a.reach.steps.length - b.reach.steps.length ||
        a.cost - b.cost ||
        byCode(a.reach.asset, b.reach.asset) ||
        byCode(a.reach.access, b.reach.access),
    )
    .map(({ reach }) => reach);
  const principals = assets.filter(({ type }) => PRINCIPALS.has(type)).map(({ id }) => id);
  const signers = findSigners(attack, principals, derivation, stepsTo);
  const { data, calls, toldByCalls } = dataWithin(
    attack,
    [...administeredFrom(assets), ...administeredBy(reaches)],
    [...rightsHeld(assets), ...rightsReached(reached, stepsTo)],
    signers,
  );
  const traces = tracesOf({
    had: [...assets.map((a) => a.id), ...signers.map(({ principal }) => principal)],
    steps: reached.flatMap(({ fact }) => stepsTo(fact)),
    techniques: techniquesWithin(clauses, derivation).filter((id) => !toldByCalls.has(id)),
    calls,
  });
  return {
    schemaVersion: REPORT_VERSION,
    from: assets.map((a) => a.id),
    holds: assets.flatMap((asset) => whatIsHeld(attack, asset)),
    reaches,
    data,
    otherAccounts: otherAccounts(attack, assets, reaches),
    containment: containmentOf(
      attack,
      assets,
      online ? [...held, ONLINE_FACT] : held,
      reached.map((r) => r.fact),
      signers,
    ),
    ...(traces && { traces }),
  };
}

const isStore = ({ type }: Asset): boolean => !PRINCIPALS.has(type) && !HOSTS.has(type) && type !== ADMINISTRATION;

/** Accounts that are administered for certain, with after how many steps. */
const administeredBy = (reaches: readonly Reached[]): readonly (readonly [string, number])[] =>
  reaches.flatMap(({ asset, access, confidence, steps }) =>
    access === 'admin' && confidence === 'confirmed' ? [[asset, steps.length] as const] : [],
  );

const administeredFrom = (assets: readonly Asset[]): readonly (readonly [string, number])[] =>
  assets.flatMap(({ id, type }) => (type === ADMINISTRATION ? [[id, 0] as const] : []));

/** Of stores that are had from the start. */
const rightsHeld = (assets: readonly Asset[]): readonly RightBySteps[] =>
  assets
    .filter(isStore)
    .flatMap(({ id }) => (['read', 'write'] as const).map((right) => ({ asset: id, right, steps: [] })));

const rightsReached = (
  reached: readonly ReachedAsset[],
  stepsTo: (fact: FactId) => readonly ReportStep[],
): readonly RightBySteps[] =>
  reached.flatMap(({ asset, fact, access }) =>
    access === 'read' || access === 'write' ? [{ asset, right: access, steps: stepsTo(fact) }] : [],
  );

/** What the intruder has without a step. */
function whatIsHeld({ graph }: AttackGraph, asset: Asset): readonly string[] {
  const name = asset.name === undefined ? asset.id : `${asset.name} (${asset.id})`;
  if (PRINCIPALS.has(asset.type)) return [`the credentials of ${name}`];
  if (asset.type === ADMINISTRATION) return [`all that account ${asset.account} holds`];
  if (isStore(asset)) return [`the data of ${name}`];
  const disks = graph.outgoing(asset.id, 'has-volume').map(({ to }) => to);
  return [
    `code that runs on ${name}`,
    ...(disks.length > 0
      ? [`what is on its disks, as far as the software's own user gets there: ${sortedUnique(disks).join(', ')}`]
      : []),
  ];
}

function otherAccounts(attack: AttackGraph, assets: readonly Asset[], reaches: readonly Reached[]): readonly string[] {
  const own = new Set(assets.map(({ account }) => account));
  const accounts = reaches.map(({ asset }) => attack.graph.asset(asset)?.account ?? accountOfAdmin(asset) ?? '');
  return sortedUnique(accounts.filter((account) => account !== '' && !own.has(account)));
}

function describeReached(
  attack: AttackGraph,
  { asset, access }: Pick<ReachedAsset, 'asset' | 'access'>,
  steps: readonly ReportStep[],
): Reached {
  const { id: _, ...described } = describe(attack, asset);
  const conditions = conditionsOfSteps(steps);
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
  const matter = relevantFacts(clauses, targetIds);
  const reachOf = makeOnlineReach(attack.engine.towards(targetIds), matter);
  const relevant = Array.from(matter, (f) => clauses.factKey(f)).sort(byCode);
  const starts = relevant.filter((key) => {
    const { kind, id } = parseFact(key);
    return (kind === 'creds' || kind === 'exec') && !own.has(id);
  });
  const reachedFrom = starts.flatMap((start) => {
    const { by } = reachOf([clauses.factId(start)].filter((id) => id !== undefined));
    const proofs = targetIds.flatMap((id) => by(id)?.bestProof(id) ?? []);
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

/**
 * The asset that a text means, or the administration of an account.
 * @throws UserError where there is none, there are several, or it is nothing that an intruder could have
 */
export function oneAsset(attack: Pick<AttackGraph, 'graph' | 'engine'>, text: string): Asset {
  const { graph, engine } = attack;
  const administered = accountOfAdmin(text);
  if (administered !== undefined && graph.assets.some(({ account }) => account === administered))
    return administration(text, administered);
  const search = graph.findAsset(text);
  if (search.kind === 'none') throw new UserError(`${text}: no such asset in the snapshot`, EXIT.usage);
  if (search.kind === 'ambiguous') {
    const some = search.candidates.slice(0, 5).map((c) => c.id);
    throw new UserError(
      `${text}: several assets are called so, for example ${some.join(', ')}; give the ARN`,
      EXIT.usage,
    );
  }
  const { asset } = search;
  const isKnown = factsOfHaving(asset).some((key) => engine.clauses.factId(key) !== undefined);
  if (!isKnown && !canBeHeld(asset.type)) {
    throw new UserError(
      `${text} is nothing that an intruder could have: ask about a host, a user, a role or a store of data`,
      EXIT.usage,
    );
  }
  return asset;
}

const administration = (id: string, account: string): Asset => ({
  id,
  type: ADMINISTRATION,
  account,
  region: 'global',
  tags: new Map(),
  source: '',
  record: {},
});
