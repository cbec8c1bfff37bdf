import type { ClauseId, FactId } from '../attack/index.js';
import { type Asset, byCode } from '../model/index.js';
import type { AttackGraph } from './attack-graph.js';
import type { TargetFact } from './targets.js';

/** Disks come by the thousand and are told apart by nobody: those that are had alike are one target with its members counted. */
export const DISKS: ReadonlySet<string> = new Set(['ec2:volume', 'ec2:snapshot']);

/** A class by one of its disks. */
interface KnownClass {
  readonly asset: Asset;
  readonly level: string;
  readonly facts: readonly TargetFact[];
  readonly number: number;
}

/**
 * Puts disks into classes: those that every derivation treats alike, as the same clauses lead to them but for the disk's own name. Facts that are about
 * the disk alone (a permission on it) are looked through to what they rest on.
 *
 * @returns the number of a disk's class, given the facts that mean having it and what is known of its data
 */
export function makeDiskClasses(
  attack: AttackGraph,
): (asset: Asset, facts: readonly TargetFact[], level: string) => number {
  const { clauses } = attack.engine;
  const { group } = clauses.columns();
  const rows = clauses.byHead();
  const ways = describeWays(attack);
  const numbers = new Map<string, number>();
  const byHash = new Map<number, KnownClass[]>();

  /** Of the groups of the clauses that lead to facts: clauses of one group differ in the disk's name alone. */
  function hashOf(facts: readonly TargetFact[]): number {
    let hash = 0;
    for (const { id, access } of facts) {
      hash = (Math.imul(hash, 31) + access.length) | 0;
      for (let i = rows.start[id] as number; i < (rows.start[id + 1] as number); i++)
        hash = (Math.imul(hash, 31) + (group[rows.clause[i] as number] as number)) | 0;
    }
    return hash;
  }

  const isSame = (known: KnownClass, { type, account, region }: Asset, facts: readonly TargetFact[], level: string) =>
    known.asset.type === type &&
    known.asset.account === account &&
    known.asset.region === region &&
    known.level === level &&
    known.facts.length === facts.length &&
    known.facts.every(({ id, access }, at) => access === facts[at]?.access && isOfSameGroups(id, facts[at].id));

  function isOfSameGroups(a: FactId, b: FactId): boolean {
    const [startOfA, startOfB] = [rows.start[a] as number, rows.start[b] as number];
    const count = (rows.start[a + 1] as number) - startOfA;
    if ((rows.start[b + 1] as number) - startOfB !== count) return false;
    for (let i = 0; i < count; i++)
      if (group[rows.clause[startOfA + i] as number] !== group[rows.clause[startOfB + i] as number]) return false;
    return true;
  }

  return (asset, facts, level) => {
    const hash = hashOf(facts);
    const candidates = byHash.get(hash) ?? [];
    for (const known of candidates) if (isSame(known, asset, facts, level)) return known.number;
    const { id, type, account, region } = asset;
    const texts = facts.map((fact) => `${fact.access}: ${ways.to(fact.id, id)}`).sort(byCode);
    const key = [type, account, region, level, ...texts].join('\n');
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    if (!facts.some((fact) => ways.isAboutPremises(fact.id, id)))
      byHash.set(hash, [...candidates, { asset, level, facts, number }]);
    return number;
  };
}

const SPACE = 32;

/** What leads to a fact about a disk, in words that do not name it. */
function describeWays({ engine: { clauses } }: AttackGraph) {
  const { body, bodyStart, cost, conditional } = clauses.columns();
  const rows = clauses.byHead();
  const clausesOf = (fact: FactId): Uint32Array =>
    rows.clause.subarray(rows.start[fact] as number, rows.start[fact + 1] as number);
  const endsWith = (fact: FactId, asset: string): boolean => {
    const key = clauses.factKey(fact);
    return key.length > asset.length && key.charCodeAt(key.length - asset.length - 1) === SPACE && key.endsWith(asset);
  };
  const keyOf = (fact: FactId, asset: string, deep: boolean): string =>
    deep && endsWith(fact, asset) ? waysTo(fact, asset, false) : String(fact);
  const wayOf = (clause: ClauseId, asset: string, deep: boolean): string => {
    const premises: string[] = [];
    for (let i = bodyStart[clause] as number; i < (bodyStart[clause + 1] as number); i++)
      premises.push(keyOf(body[i] as FactId, asset, deep));
    if (premises.length > 1) premises.sort();
    const needs = conditional[clause] === 0 ? '' : JSON.stringify(clauses.conditions(clause)).replaceAll(asset, '*');
    return `${clauses.label(clause).technique.id} ${cost[clause]} ${needs} ${premises.join(' ')}`;
  };
  const waysTo = (fact: FactId, asset: string, deep: boolean): string => {
    const ways = Array.from(clausesOf(fact), (clause) => wayOf(clause, asset, deep));
    return ways.length > 1 ? ways.sort().join('\n') : (ways[0] ?? '');
  };
  return {
    to: (fact: FactId, asset: string): string => waysTo(fact, asset, true),
    /** Whether a premise of some clause is about the disk too: then clauses of one group say different things of each. */
    isAboutPremises: (fact: FactId, asset: string): boolean =>
      clausesOf(fact).some((clause) =>
        body.subarray(bodyStart[clause], bodyStart[clause + 1]).some((premise) => endsWith(premise, asset)),
      ),
  };
}
