import type { ClauseId, FactId } from '../attack/index.js';
import { type Asset, byCode, byKey, groupBy, sortedUnique } from '../model/index.js';
import { type Access, accessOf } from '../techniques/index.js';
import type { AttackGraph } from './attack-graph.js';
import type { DataSensitivity, Sensitivity } from './data-sensitivity.js';
import { readFact } from './read-fact.js';

/** What an intruder may be after: a store, the administration of an account, or disks that are had in exactly the same ways. */
export interface Target {
  /** The first of the members, which stands for them all. */
  readonly id: string;
  /** Sorted. */
  readonly members: readonly string[];
  /** What the target counts as in a path's id; `undefined` where it is an asset of its own. */
  readonly groupId?: string;
  /** What is known of its data; of several members, the most that is known of one. */
  readonly sensitivity?: Sensitivity;
  /** The facts that mean having it, the access that says most first. */
  readonly facts: readonly { readonly id: FactId; readonly access: Access }[];
}

export const ACCESS_ORDER: readonly Access[] = ['admin', 'control', 'read', 'write'];

/** Facts of a kind that is worth having for its own sake. */
const WANTED_FACT = /^(?:admin|data-read|data-write) /;

/** Disks come by the thousand and are told apart by nobody: those that are had alike are one target with its members counted. */
const DISKS = new Set(['ec2:volume', 'ec2:snapshot']);

const SPACE = 32;

interface Wanted {
  readonly fact: FactId;
  readonly access: Access;
}

/** Everything that an intruder may be after, sorted by id. */
export function findTargets(attack: AttackGraph, data: DataSensitivity): readonly Target[] {
  const { clauses } = attack.engine;
  const byAsset = new Map<string, Wanted[]>();
  for (let fact = 0; fact < clauses.factCount; fact++) {
    if (!WANTED_FACT.test(clauses.factKey(fact))) continue;
    const { kind, id: asset } = readFact(clauses, fact);
    const access = accessOf(kind) as Access;
    const known = byAsset.get(asset);
    if (known) known.push({ fact, access });
    else byAsset.set(asset, [{ fact, access }]);
  }
  const signatureOf = makeSignatures(attack, data);
  const groups = groupBy(byAsset.entries(), ([asset, facts]) => signatureOf(asset, facts) ?? asset);
  return [...groups.values()].map((group) => makeTarget(attack, data, group)).sort(byKey((t) => t.id));
}

function makeTarget(
  attack: AttackGraph,
  data: DataSensitivity,
  group: readonly (readonly [string, readonly Wanted[]])[],
): Target {
  const [id, facts] = group.reduce((least, one) => (one[0] < least[0] ? one : least));
  const asset = attack.graph.asset(id);
  const isGrouped = asset !== undefined && DISKS.has(asset.type);
  const members = sortedUnique(group.map(([member]) => member));
  const sensitivity = sensitivityOf(attack, data, members);
  return {
    id,
    members,
    ...(isGrouped && { groupId: groupIdOf(attack, data, asset) }),
    ...(sensitivity && { sensitivity }),
    facts: facts
      .map(({ fact, access }) => ({ id: fact, access }))
      .sort((a, b) => ACCESS_ORDER.indexOf(a.access) - ACCESS_ORDER.indexOf(b.access)),
  };
}

/** What a group of disks counts as: those of one kind, place, level and key. */
function groupIdOf(attack: AttackGraph, data: DataSensitivity, { id, type, account, region }: Asset): string {
  const key = attack.graph.outgoing(id, 'encrypted-with')[0]?.to;
  return [type, account, region, levelOf(data, id), ...(key === undefined ? [] : [key])].join(' ');
}

/** What tells disks apart. Their names do not: a renamed disk stays in its group. */
function levelOf(data: DataSensitivity, asset: string): string {
  const known = data.levelOf(asset);
  return known === undefined || known.basis === 'name' ? '' : known.level;
}

/** Members of a group are of one level, or nothing but names tells anything of them. */
function sensitivityOf(
  attack: AttackGraph,
  data: DataSensitivity,
  members: readonly string[],
): Sensitivity | undefined {
  for (const [at, member] of members.entries()) {
    if (data.levelOf(member) === undefined) continue;
    const known = data.of(member) as Sensitivity;
    const name = attack.graph.asset(member)?.name ?? member;
    return at === 0 ? known : { ...known, reason: `of one of them (${name}): ${known.reason}` };
  }
  return undefined;
}

/**
 * Equal for disks that every derivation treats alike: the same clauses lead to them, but for the disk's own name. Facts that are about the disk
 * alone (a permission on it) are looked through to what they rest on.
 */
function makeSignatures(
  attack: AttackGraph,
  data: DataSensitivity,
): (asset: string, facts: readonly Wanted[]) => string | undefined {
  const { clauses } = attack.engine;
  const { body, bodyStart, cost, conditional, group } = clauses.columns();
  const byHead = clauses.byHead();
  const clausesOf = (fact: FactId): Uint32Array =>
    byHead.clause.subarray(byHead.start[fact] as number, byHead.start[fact + 1] as number);
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
  /** Whether a premise of some clause is about the disk too: then clauses of one group say different things of each. */
  const isAboutPremises = (fact: FactId, asset: string): boolean =>
    clausesOf(fact).some((clause) =>
      body.subarray(bodyStart[clause], bodyStart[clause + 1]).some((f) => endsWith(f, asset)),
    );
  const waysOfGroups = new Map<string, number>();
  const numbers = new Map<string, number>();
  /** A number for the ways to a disk: the same for the same ways. */
  const waysOf = (asset: string, facts: readonly Wanted[]): number => {
    const groups = facts
      .map(
        ({ access, fact }) =>
          `${access} ${clausesOf(fact)
            .map((clause) => group[clause] as number)
            .join()}`,
      )
      .join(' ');
    const known = waysOfGroups.get(groups);
    if (known !== undefined) return known;
    const ways = facts.map(({ access, fact }) => `${access}: ${waysTo(fact, asset, true)}`).sort(byCode);
    const text = ways.join('\n');
    const made = numbers.get(text) ?? numbers.size;
    numbers.set(text, made);
    if (!facts.some(({ fact }) => isAboutPremises(fact, asset))) waysOfGroups.set(groups, made);
    return made;
  };
  return (asset, facts) => {
    const known = attack.graph.asset(asset);
    if (known === undefined || !DISKS.has(known.type)) return undefined;
    return [known.type, known.account, known.region, levelOf(data, asset), waysOf(asset, facts)].join('\n');
  };
}
