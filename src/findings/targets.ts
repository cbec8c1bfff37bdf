import type { FactId } from '../attack/index.js';
import { type Asset, byKey } from '../model/index.js';
import { type Access, accessOf, type FactKind } from '../techniques/index.js';
import type { AttackGraph } from './attack-graph.js';
import type { DataSensitivity, Sensitivity } from './data-sensitivity.js';
import { DISKS, makeDiskClasses } from './disk-classes.js';

/** What an intruder may be after: a store, the administration of an account, or disks that are had in exactly the same ways. */
export interface Target {
  /** The first of the members, which stands for them all. */
  readonly id: string;
  /** Sorted. */
  readonly members: readonly string[];
  /** Their places among all assets, ascending; none for what is no asset. */
  readonly positions: readonly number[];
  /** What the target counts as in a path's id; `undefined` where it is an asset of its own. */
  readonly groupId?: string;
  /** What is known of its data; of several members, the most that is known of one. */
  readonly sensitivity?: Sensitivity;
  /** The facts that mean having it, the access that says most first. */
  readonly facts: readonly TargetFact[];
}

export interface TargetFact {
  readonly id: FactId;
  readonly access: Access;
}

export const ACCESS_ORDER: readonly Access[] = ['admin', 'control', 'read', 'write'];

/** Kinds of fact that are worth having for their own sake, in the order of what they give. */
const WANTED: readonly FactKind[] = ['admin', 'data-read', 'data-write'];

/** Everything that an intruder may be after, sorted by id. */
export function findTargets(attack: AttackGraph, data: DataSensitivity): readonly Target[] {
  const classOf = makeDiskClasses(attack);
  const targets: GrowingTarget[] = [];
  const disks = new Map<number, GrowingTarget>();
  for (const { id, position, facts } of wantedAssets(attack)) {
    const asset = position === undefined ? undefined : attack.graph.assets[position];
    const disk = asset && DISKS.has(asset.type) ? asset : undefined;
    const rated = data.levelOf(id);
    const number = disk && classOf(disk, facts, levelOf(rated));
    const known = number === undefined ? undefined : disks.get(number);
    if (known) {
      known.members.push(id);
      if (position !== undefined) known.positions.push(position);
      if (rated) known.sensitivity ??= ofOneOfThem(data, id, asset?.name);
      continue;
    }
    const groupId = disk && groupIdOf(attack, disk, levelOf(rated));
    const positions = position === undefined ? [] : [position];
    const made = { id, members: [id], positions, groupId, sensitivity: rated && data.of(id), facts };
    targets.push(made);
    if (number !== undefined) disks.set(number, made);
  }
  return targets
    .map(({ id, members, positions, groupId, sensitivity, facts }) => ({
      id,
      members,
      positions,
      ...(groupId !== undefined && { groupId }),
      ...(sensitivity && { sensitivity }),
      facts,
    }))
    .sort(byKey((t) => t.id));
}

/** A target while its members are found, in their order. */
interface GrowingTarget {
  readonly id: string;
  readonly members: string[];
  readonly positions: number[];
  readonly groupId: string | undefined;
  sensitivity: Sensitivity | undefined;
  readonly facts: readonly TargetFact[];
}

interface Wanted {
  readonly id: string;
  /** Where it stands among all assets; `undefined` for what is none. */
  readonly position: number | undefined;
  readonly facts: readonly TargetFact[];
}

/** What is wanted with the facts that mean having it: assets by id, then what is none. */
function wantedAssets({ engine: { clauses }, graph }: AttackGraph): readonly Wanted[] {
  const columns = WANTED.map(() => new Uint32Array(graph.size));
  const others = new Map<string, TargetFact[]>();
  for (let fact = 0; fact < clauses.factCount; fact++) {
    const at = WANTED.indexOf(clauses.factKind(fact) as FactKind);
    if (at < 0) continue;
    const id = clauses.factSubject(fact);
    const position = graph.position(id);
    if (position !== undefined) (columns[at] as Uint32Array)[position] = fact + 1;
    else others.set(id, [...(others.get(id) ?? []), { id: fact, access: accessOf(WANTED[at] as FactKind) as Access }]);
  }
  const accesses = WANTED.map((kind) => accessOf(kind) as Access);
  const wanted: Wanted[] = [];
  for (let position = 0; position < graph.size; position++) {
    let facts: TargetFact[] | undefined;
    for (let at = 0; at < columns.length; at++) {
      const fact = columns[at]?.[position] as number;
      if (fact > 0) (facts ??= []).push({ id: fact - 1, access: accesses[at] as Access });
    }
    if (facts) wanted.push({ id: (graph.assets[position] as Asset).id, position, facts });
  }
  for (const [id, facts] of others) {
    facts.sort((a, b) => ACCESS_ORDER.indexOf(a.access) - ACCESS_ORDER.indexOf(b.access));
    wanted.push({ id, position: undefined, facts });
  }
  return wanted;
}

/** What a group of disks counts as: those of one kind, place, level and key. */
function groupIdOf({ graph }: AttackGraph, { id, type, account, region }: Asset, level: string): string {
  const key = graph.outgoing(id, 'encrypted-with')[0]?.to;
  return [type, account, region, level, ...(key === undefined ? [] : [key])].join(' ');
}

/** What tells disks apart. Their names do not: a renamed disk stays in its group. */
const levelOf = (rated: Omit<Sensitivity, 'reason'> | undefined): string =>
  rated === undefined || rated.basis === 'name' ? '' : rated.level;

/** Members of a group are of one level, or nothing but names tells anything of them. */
function ofOneOfThem(data: DataSensitivity, member: string, name = member): Sensitivity | undefined {
  const known = data.of(member);
  return known && { ...known, reason: `of one of them (${name}): ${known.reason}` };
}
