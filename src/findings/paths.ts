import type { Derivation, FactId, Proof } from '../attack/index.js';
import { byCode, type Condition, groupBy, sortedUnique } from '../model/index.js';
import { type Access, accessOf, accountOfAdmin, adminId, fact, INTERNET_FACT, parseFact } from '../techniques/index.js';
import type { AttackGraph } from './attack-graph.js';
import type { DataSensitivity } from './data-sensitivity.js';
import { type Entry, findEntries } from './entries.js';
import { findOwnGain, isData, type OwnGain } from './open-to-all.js';
import { makePathIds } from './path-id.js';
import { bestLines, type ProofLine } from './proof-lines.js';
import { conditionsOfSteps, stepsOf } from './proof-steps.js';
import type { ReportPath, ReportStep } from './report.js';
import { type Score, scorePath } from './severity.js';
import { indexTargets, type TargetIndex } from './target-index.js';
import { ACCESS_ORDER, type Target } from './targets.js';

export interface PathOptions {
  readonly pathsPerPair: number;
  readonly data: DataSensitivity;
  /** Looks for no further ways to what is best had by administering its account. */
  readonly besidesAdministration?: boolean;
  /** Tells nothing with the administration of an account: each target has a path of its own. */
  readonly eachAlone?: boolean;
}

/** The best paths for each pair of entry and target; by score, highest first, then id. */
export function findPaths(
  attack: AttackGraph,
  targets: readonly Target[],
  options: PathOptions,
): readonly ReportPath[] {
  const entries = findEntries(attack);
  const index = indexTargets(attack.graph, targets, entries, attack.engine.clauses.factCount);
  const makePath = pathMaker(attack);
  const administrators = options.eachAlone === true ? NOBODY : administratorFacts(attack);
  const ownGain = findOwnGain(attack, entries);
  const reached = new Set<string>();
  const counted = new Set<readonly string[]>();
  const paths: ReportPath[] = [];
  for (const entry of entries) {
    const derivation = attack.derive([entry.fact]);
    const own = ownPath(makePath, entry, options.data);
    if (own) {
      paths.push(own);
      reached.add(own.target.id);
    }
    for (const path of pathsFrom(attack, makePath, entry, derivation, { index, administrators, ownGain, ...options })) {
      paths.push(path);
      const { members } = path.target;
      if (counted.has(members)) continue;
      counted.add(members);
      for (const member of members) reached.add(member);
    }
  }
  paths.push(...pathsThatNeedSeveralEntries(attack, makePath, entries, targets, reached));
  return mergeSame(paths).sort((a, b) => b.score - a.score || byCode(a.id, b.id));
}

/** What is the same for every entry. */
interface Search extends PathOptions {
  readonly index: TargetIndex;
  readonly administrators: ReadonlyMap<FactId, string>;
  readonly ownGain: OwnGain;
}

function pathsFrom(
  attack: AttackGraph,
  makePath: MakePath,
  entry: Entry,
  derivation: Derivation,
  { index, administrators, ownGain, pathsPerPair, besidesAdministration = false }: Search,
): readonly ReportPath[] {
  const covered = new Map<string, Target[]>();
  const paths: ReportPath[] = [];
  const admins: { readonly whole: Target; readonly target: Target; readonly account: string }[] = [];
  const lineOf = bestLines(attack, derivation);
  const had = [...administrators.keys()].some((id) => derivation.isDerived(id)) ? administrators : NOBODY;
  const administratorOf = administratorFinder(attack, derivation, had);
  const own = isData(entry) ? index.ofMember(entry.asset) : undefined;
  /** Whether a target is told with the account's administrator: not where more has to hold for it than for that. */
  const cover = (account: string | undefined, target: Target, isCertain: boolean): boolean => {
    if (account === undefined || !(isCertain || isAdministratorUncertain(attack, derivation, account))) return false;
    const known = covered.get(account);
    if (known) known.push(target);
    else covered.set(account, [target]);
    return true;
  };
  for (const whole of index.amongFacts(derivation.derived)) {
    const target = whole === own ? undefined : ownGain(entry, whole, derivation);
    if (!target) continue;
    const account = accountOfAdmin(target.id);
    if (account !== undefined) {
      admins.push({ whole, target, account });
      continue;
    }
    if (pathsPerPair === 1) {
      const best = bestFact(derivation, target);
      if (best && !cover(administratorOf.byFact(best.id), whole, derivation.isCertain(best.id))) {
        paths.push(makePath(entry, { cost: derivation.cost(best.id), line: lineOf(best.id) }, target, best.access));
      }
      continue;
    }
    const best = besidesAdministration ? bestFact(derivation, target) : undefined;
    if (best && cover(administratorOf.byFact(best.id), whole, derivation.isCertain(best.id))) continue;
    for (const { proof, access } of bestWays(derivation, target, pathsPerPair)) {
      if (!cover(administratorOf.byProof(proof), whole, proof.certain))
        paths.push(makePath(entry, wayOf(attack, proof), target, access));
    }
  }
  for (const { whole, target, account } of admins) {
    const members = index.membersOf([whole, ...(covered.get(account) ?? [])]);
    for (const { proof, access } of bestWays(derivation, target, pathsPerPair)) {
      paths.push(makePath(entry, wayOf(attack, proof), { ...target, members }, access));
    }
  }
  return paths;
}

const NOBODY: ReadonlyMap<FactId, string> = new Map();

function isAdministratorUncertain(attack: AttackGraph, derivation: Derivation, account: string): boolean {
  const is = attack.engine.clauses.factId(fact('admin', adminId(account)));
  return is !== undefined && derivation.isDerived(is) && !derivation.isCertain(is);
}

/** Being an administrator of an account, or somebody who is one for certain by policy alone: fact → account. */
function administratorFacts({ engine, iam }: AttackGraph): ReadonlyMap<FactId, string> {
  const accounts = new Set(iam.principals.map(({ account }) => account));
  const is = [...accounts].map((account) => [fact('admin', adminId(account)), account] as const);
  const certain = iam.principals.flatMap(({ id, account }) =>
    iam.isAdministrator(id).verdict === 'allowed' ? [[fact('creds', id), account] as const] : [],
  );
  return new Map(
    [...is, ...certain].flatMap(([key, account]) => {
      const known = engine.clauses.factId(key);
      return known === undefined ? [] : [[known, account] as const];
    }),
  );
}

/** Finds the account whose administrator a proof uses on its way: what follows from that is told once, with the account. */
function administratorFinder(attack: AttackGraph, derivation: Derivation, administrators: ReadonlyMap<FactId, string>) {
  const { head, body, bodyStart } = attack.engine.clauses.columns();
  const known = new Map<FactId, string | undefined>();
  /** What is known of a fact once it is known of its premises; otherwise the premise that has to be looked at first. */
  const look = (fact: FactId): { readonly first: FactId } | undefined => {
    const clause = derivation.lastClause(fact);
    let found: string | undefined;
    if (clause !== undefined) {
      for (let i = bodyStart[clause] as number; found === undefined && i < (bodyStart[clause + 1] as number); i++) {
        const premise = body[i] as FactId;
        if (!known.has(premise)) return { first: premise };
        found = known.get(premise);
      }
      found ??= administrators.get(fact);
    }
    known.set(fact, found);
    return undefined;
  };
  /** The first that the best proof of a fact comes to. */
  const byFact = (target: FactId): string | undefined => {
    if (administrators.size === 0) return undefined;
    const pending = [target];
    for (let fact = pending.at(-1); fact !== undefined; fact = pending.at(-1)) {
      const next = known.has(fact) ? undefined : look(fact);
      if (next) pending.push(next.first);
      else pending.pop();
    }
    return known.get(target);
  };
  const byProof = (proof: Proof): string | undefined => {
    const clause = proof.clauses.find((id) => administrators.has(head[id] as FactId));
    return clause === undefined ? undefined : administrators.get(head[clause] as FactId);
  };
  return { byFact, byProof };
}

/** The fact by which a target is had best, as in {@link bestWays}. */
function bestFact(derivation: Derivation, { facts }: Target): Target['facts'][number] | undefined {
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
function ownPath(makePath: MakePath, entry: Entry, data: DataSensitivity): ReportPath | undefined {
  const { kind, id } = parseFact(entry.fact);
  if (kind !== 'data-read' && kind !== 'data-write') return undefined;
  const sensitivity = data.of(id);
  const target = { id, members: [id], ...(sensitivity && { sensitivity }) };
  return makePath(entry, { cost: 0, line: { steps: [], isConditional: false } }, target, accessOf(kind) as Access);
}

/** A way from an entry to a target, without the entry's own step. */
interface Way {
  readonly cost: number;
  readonly line: ProofLine;
}

function wayOf(attack: AttackGraph, proof: Proof): Way {
  const steps = stepsOf(attack, proof);
  return { cost: proof.cost, line: { steps, isConditional: steps.some(({ conditions }) => conditions.length > 0) } };
}

/** What of a target a path needs. */
type ToldTarget = Omit<Target, 'facts' | 'positions'>;

type MakePath = (entry: Entry, way: Way, target: ToldTarget, access: Access) => ReportPath;

/** A target as paths tell it, and its scores by cost. */
interface DescribedTarget {
  readonly told: ReportPath['target'];
  readonly certain: Map<number, Score>;
  readonly conditional: Map<number, Score>;
}

/** Puts paths together; what they have in common (their entry, their target, its score) is one object. */
function pathMaker(attack: AttackGraph): MakePath {
  const pathId = makePathIds(attack.logicalId);
  const entries = new Map<Entry, ReportPath['entry']>();
  const targets = new Map<readonly string[], DescribedTarget[]>();
  const entryOf = (entry: Entry): ReportPath['entry'] => {
    const known = entries.get(entry) ?? {
      ...describe(attack, entry.asset),
      members: entry.members,
      identities: sortedUnique(entry.members.map(attack.logicalId)),
    };
    entries.set(entry, known);
    return known;
  };
  const targetOf = ({ id, members }: ToldTarget, access: Access): DescribedTarget => {
    const ofMembers = targets.get(members) ?? [];
    const known = ofMembers.find(({ told }) => told.access === access && told.id === id);
    if (known) return known;
    const made = { told: { ...describe(attack, id), access, members }, certain: new Map(), conditional: new Map() };
    targets.set(members, [...ofMembers, made]);
    return made;
  };
  /** What of a target's data is known is the same whenever it is told. */
  const scoreOf = (
    { told: { type, access }, certain: ifCertain, conditional }: DescribedTarget,
    sensitivity: Target['sensitivity'],
    cost: number,
    certain: boolean,
  ): Score => {
    const byCost = certain ? ifCertain : conditional;
    const known = byCost.get(cost) ?? scorePath({ type, ...(sensitivity && { sensitivity }), access, cost, certain });
    byCost.set(cost, known);
    return known;
  };
  return (entry, { cost, line }, target, access) => {
    const steps: readonly ReportStep[] = [entry.step, ...line.steps];
    const isConditional = line.isConditional || entry.step.conditions.length > 0;
    const conditions = isConditional ? conditionsOfSteps(steps) : NO_CONDITIONS;
    const described = targetOf(target, access);
    const scored = scoreOf(described, target.sensitivity, entry.cost + cost, conditions.length === 0);
    return {
      id: pathId(entry.step, line, target.id, target.groupId),
      ...scored,
      confidence: conditions.length === 0 ? 'confirmed' : 'conditional',
      conditions,
      entry: entryOf(entry),
      target: described.told,
      steps,
      notes: [],
    };
  };
}

const NO_CONDITIONS: readonly Condition[] = [];

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
  makePath: MakePath,
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
      const path = makePath(entry, wayOf(attack, proof), target, access);
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
      entry: {
        ...best.entry,
        members: united(same.map((p) => p.entry.members)),
        identities: united(same.map((p) => p.entry.identities ?? [])),
      },
      target: { ...best.target, members: united(same.map((p) => p.target.members)) },
    };
  });
}

/** Sorted; most lists are the same. */
function united(lists: readonly (readonly string[])[]): readonly string[] {
  const distinct = [...new Set(lists)];
  return distinct.length === 1 ? (distinct[0] as readonly string[]) : sortedUnique(distinct.flat());
}
