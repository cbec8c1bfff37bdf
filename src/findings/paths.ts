import type { Derivation, FactId } from '../attack/index.js';
import { byCode, groupBy, sortedUnique } from '../model/index.js';
import { type Access, accessOf, accountOfAdmin, INTERNET_FACT, parseFact, TECHNIQUES } from '../techniques/index.js';
import type { AttackGraph } from './attack-graph.js';
import { bestFact, bestWays } from './best-ways.js';
import type { DataSensitivity, Sensitivity } from './data-sensitivity.js';
import { type Entry, findEntries } from './entries.js';
import { findOwnGain, isData, type OwnGain } from './open-to-all.js';
import { type MakePath, pathMaker, wayOf } from './path-maker.js';
import { bestLines } from './proof-lines.js';
import type { ReportPath } from './report.js';
import { indexTargets, type TargetIndex } from './target-index.js';
import type { Target } from './targets.js';
import { administratorFacts, administratorFinder, isAdministratorUncertain, NOBODY } from './told-by-administrator.js';

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
  const reached = new Set<Target>();
  const search: Search = { index, administrators, ownGain, reached, counted: new Set(), ...options };
  const paths: ReportPath[] = [];
  for (const entry of entries) {
    const derivation = attack.derive([entry.fact]);
    const own = ownPath(makePath, entry, options.data);
    if (own) {
      paths.push(own);
      const target = index.ofMember(entry.asset);
      if (target) reached.add(target);
    }
    for (const path of pathsFrom(attack, makePath, entry, derivation, search)) paths.push(path);
  }
  paths.push(...pathsThatNeedSeveralEntries(attack, makePath, entries, targets, reached));
  return mergeSame(paths).sort((a, b) => b.score - a.score || byCode(a.id, b.id));
}

/** What is the same for every entry. */
interface Search extends PathOptions {
  readonly index: TargetIndex;
  readonly administrators: ReadonlyMap<FactId, string>;
  readonly ownGain: OwnGain;
  /** Targets to which some path leads. */
  readonly reached: Set<Target>;
  /** The lists of members of several targets that are counted among these. */
  readonly counted: Set<readonly string[]>;
}

function pathsFrom(
  attack: AttackGraph,
  makePath: MakePath,
  entry: Entry,
  derivation: Derivation,
  { index, administrators, ownGain, reached, counted, pathsPerPair, besidesAdministration = false }: Search,
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
        reached.add(whole);
      }
      continue;
    }
    const best = besidesAdministration ? bestFact(derivation, target) : undefined;
    if (best && cover(administratorOf.byFact(best.id), whole, derivation.isCertain(best.id))) continue;
    for (const { proof, access } of bestWays(derivation, target, pathsPerPair)) {
      if (cover(administratorOf.byProof(proof), whole, proof.certain)) continue;
      paths.push(makePath(entry, wayOf(attack, proof), target, access));
      reached.add(whole);
    }
  }
  for (const { whole, target, account } of admins) {
    const told = [whole, ...(covered.get(account) ?? [])];
    const members = index.membersOf(told);
    for (const { proof, access } of bestWays(derivation, target, pathsPerPair)) {
      paths.push(makePath(entry, wayOf(attack, proof), { ...target, members }, access));
      if (counted.has(members)) continue;
      counted.add(members);
      for (const one of told) reached.add(one);
    }
  }
  return paths;
}

/** The path of a store that is open to the world itself: entry and target are one. */
function ownPath(makePath: MakePath, entry: Entry, data: DataSensitivity): ReportPath | undefined {
  const { kind, id } = parseFact(entry.fact);
  if (kind !== 'data-read' && kind !== 'data-write') return undefined;
  const sensitivity = data.of(id) ?? (kind === 'data-read' ? PUBLISHED.get(entry.step.technique) : undefined);
  const target = { id, members: [id], ...(sensitivity && { sensitivity }) };
  return makePath(entry, { cost: 0, line: { steps: [], isConditional: false } }, target, accessOf(kind) as Access);
}

/** What is known of data by its being open in the way of a technique, by the technique. */
const PUBLISHED: ReadonlyMap<string, Sensitivity> = new Map(
  TECHNIQUES.flatMap(({ id, published }) =>
    published === undefined ? [] : [[id, { level: 'harmless', basis: 'published', reason: published }]],
  ),
);

/** Targets that no single entry leads to, but several together do: told with the entry that comes first in the proof. */
function pathsThatNeedSeveralEntries(
  attack: AttackGraph,
  makePath: MakePath,
  entries: readonly Entry[],
  targets: readonly Target[],
  reached: ReadonlySet<Target>,
): readonly ReportPath[] {
  const left = targets.filter((target) => !reached.has(target));
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
