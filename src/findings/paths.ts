import type { Derivation, FactId, Proof } from '../attack/index.js';
import { byCode, groupBy, sortedUnique } from '../model/index.js';
import { type Access, accessOf, adminId, fact, INTERNET_FACT, parseFact } from '../techniques/index.js';
import type { AttackGraph } from './attack-graph.js';
import type { DataSensitivity } from './data-sensitivity.js';
import { type Entry, findEntries } from './entries.js';
import { pathIdOf } from './path-id.js';
import { distinctConditions, stepsOf } from './proof-steps.js';
import type { ReportPath, ReportStep } from './report.js';
import { scorePath } from './severity.js';
import { ACCESS_ORDER, findTargets, type Target } from './targets.js';

export interface PathOptions {
  readonly pathsPerPair: number;
  readonly data: DataSensitivity;
}

/** The best paths for each pair of entry and target; by score, highest first, then id. */
export function findPaths(attack: AttackGraph, options: PathOptions): readonly ReportPath[] {
  const targets = findTargets(attack, options.data);
  const entries = findEntries(attack);
  const administrators = administratorFacts(attack);
  const reached = new Set<string>();
  const paths: ReportPath[] = [];
  for (const entry of entries) {
    const derivation = attack.derive([entry.fact]);
    const own = ownPath(attack, entry, options.data);
    if (own) {
      paths.push(own);
      reached.add(own.target.id);
    }
    for (const path of pathsFrom(attack, entry, derivation, targets, administrators, options)) {
      paths.push(path);
      for (const member of path.target.members) reached.add(member);
    }
  }
  paths.push(...pathsThatNeedSeveralEntries(attack, entries, targets, reached));
  return mergeSame(paths).sort((a, b) => b.score - a.score || byCode(a.id, b.id));
}

function pathsFrom(
  attack: AttackGraph,
  entry: Entry,
  derivation: Derivation,
  targets: readonly Target[],
  administrators: ReadonlyMap<FactId, string>,
  options: PathOptions,
): readonly ReportPath[] {
  const covered = new Map<string, string[]>();
  const paths: ReportPath[] = [];
  const admins: { readonly target: Target; readonly account: string }[] = [];
  for (const target of targets) {
    if (!target.facts.some(({ id }) => derivation.isDerived(id))) continue;
    if (entry.asset === target.id || (target.members.length > 1 && target.members.includes(entry.asset))) continue;
    const account = accountOfAdmin(target.id);
    if (account !== undefined) {
      admins.push({ target, account });
      continue;
    }
    for (const { proof, access } of bestWays(derivation, target, options.pathsPerPair)) {
      const by = administrators.size === 0 ? undefined : administratorIn(attack, proof, administrators);
      const known = by === undefined ? undefined : covered.get(by);
      if (by === undefined) paths.push(makePath(attack, entry, proof, target, access));
      else if (known) for (const member of target.members) known.push(member);
      else covered.set(by, [...target.members]);
    }
  }
  for (const { target, account } of admins) {
    const members = sortedUnique([target.id, ...(covered.get(account) ?? [])]);
    for (const { proof, access } of bestWays(derivation, target, options.pathsPerPair)) {
      paths.push(makePath(attack, entry, proof, { ...target, members }, access));
    }
  }
  return paths;
}

const ADMIN_PREFIX = adminId('');

const accountOfAdmin = (target: string): string | undefined =>
  target.startsWith(ADMIN_PREFIX) ? target.slice(ADMIN_PREFIX.length) : undefined;

/** Being a certain administrator of an account by policy alone: fact → account. */
function administratorFacts({ engine, iam }: AttackGraph): ReadonlyMap<FactId, string> {
  return new Map(
    iam.principals.flatMap(({ id, account }) => {
      const creds = engine.clauses.factId(fact('creds', id));
      return creds !== undefined && iam.isAdministrator(id).verdict === 'allowed' ? [[creds, account] as const] : [];
    }),
  );
}

/** The account whose administrator the proof uses on its way: what follows from that is told once, with the account. */
function administratorIn(
  attack: AttackGraph,
  proof: Proof,
  administrators: ReadonlyMap<FactId, string>,
): string | undefined {
  const { head } = attack.engine.clauses.columns();
  for (const id of proof.clauses) {
    const account = administrators.get(head[id] as FactId);
    if (account !== undefined) return account;
  }
  return undefined;
}

/** The best ways to have a target: a certain one before a conditional one, then the easier, then the access that says most. */
function bestWays(
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

/** The path of a store that is open to the world itself: entry and target are one. */
function ownPath(attack: AttackGraph, entry: Entry, data: DataSensitivity): ReportPath | undefined {
  const { kind, id } = parseFact(entry.fact);
  if (kind !== 'data-read' && kind !== 'data-write') return undefined;
  const sensitivity = data.of(id);
  const target = { id, members: [id], ...(sensitivity && { sensitivity }) };
  return makePath(attack, entry, undefined, target, accessOf(kind) as Access);
}

function makePath(
  attack: AttackGraph,
  entry: Entry,
  proof: Proof | undefined,
  { id: target, members, groupId, sensitivity }: Omit<Target, 'facts'>,
  access: Access,
): ReportPath {
  const steps: readonly ReportStep[] = [entry.step, ...(proof ? stepsOf(attack, proof) : [])];
  const conditions = distinctConditions(steps.flatMap((s) => s.conditions));
  const described = describe(attack, target);
  const scored = scorePath({
    type: described.type,
    ...(sensitivity && { sensitivity }),
    access,
    cost: entry.cost + (proof?.cost ?? 0),
    certain: conditions.length === 0,
  });
  return {
    id: pathIdOf(steps, target, (asset) =>
      asset === target ? (groupId ?? attack.logicalId(asset)) : attack.logicalId(asset),
    ),
    ...scored,
    confidence: conditions.length === 0 ? 'confirmed' : 'conditional',
    conditions,
    entry: { ...describe(attack, entry.asset), members: entry.members },
    target: { ...described, access, members },
    steps,
  };
}

export function describe(
  attack: Pick<AttackGraph, 'graph'>,
  id: string,
): { readonly id: string; readonly type: string; readonly name?: string } {
  const asset = attack.graph.asset(id);
  const type = asset?.type ?? (accountOfAdmin(id) !== undefined ? 'aws:admin' : 'aws:unknown');
  return { id, type, ...(asset?.name !== undefined && { name: asset.name }) };
}

/** Targets that no single entry leads to, but several together do: told with the entry that comes first in the proof. */
function pathsThatNeedSeveralEntries(
  attack: AttackGraph,
  entries: readonly Entry[],
  targets: readonly Target[],
  reached: ReadonlySet<string>,
): readonly ReportPath[] {
  const left = targets.filter((t) => !reached.has(t.id));
  if (left.length === 0 || entries.length < 2) return [];
  const together = attack.derive([INTERNET_FACT]);
  const entryByAsset = new Map(entries.flatMap((entry) => entry.members.map((member) => [member, entry] as const)));
  return left.flatMap((target) =>
    bestWays(together, target, 1).flatMap(({ proof, access }) => {
      const first = proof.clauses
        .map((id) => attack.engine.clauses.clause(id))
        .find((c) => c.body.includes(INTERNET_FACT));
      const entry = first && entryByAsset.get(parseFact(first.head).id);
      if (!entry) return [];
      const path = makePath(attack, entry, proof, target, access);
      // The proof starts from the internet and holds the entry's step itself.
      return [{ ...path, steps: path.steps.slice(1) }];
    }),
  );
}

/** Paths with one id are one path: entries of one group that differ in what does not matter here. */
function mergeSame(paths: readonly ReportPath[]): ReportPath[] {
  return [...groupBy(paths, (p) => p.id).values()].map((same) => {
    const [first] = same as [ReportPath];
    if (same.length === 1) return first;
    const best = [...same].sort((a, b) => b.score - a.score || byCode(a.entry.id, b.entry.id))[0] as ReportPath;
    return {
      ...best,
      entry: { ...best.entry, members: sortedUnique(same.flatMap((p) => p.entry.members)) },
      target: { ...best.target, members: sortedUnique(same.flatMap((p) => p.target.members)) },
    };
  });
}
