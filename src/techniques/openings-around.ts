import { groupBy } from '../model/index.js';
import type { NetworkOpening, Surroundings } from '../network/index.js';
import type { ChangeKind, Openable } from './network-changes.js';
import type { World } from './world.js';

/** What of one kind could be opened around a target. */
export function changeable(
  openable: Openable,
  kind: ChangeKind,
  target: string,
  near: Surroundings,
  regrouped: boolean,
): readonly string[] {
  switch (kind) {
    case 'groups':
      return among(openable, kind, regrouped ? near.groupsOfVpcs : near.groups);
    case 'acls':
      return among(openable, kind, near.narrowAcls);
    case 'tables':
      return among(openable, kind, near.inwardTables);
    case 'stores':
      return openable.by.stores.has(target) ? [target] : [];
    default:
      return kind satisfies never;
  }
}

const amongMemo = new WeakMap<Openable, Map<readonly string[], readonly string[]>>();

/** Of a list those that may be opened. Assets of one VPC share the list of its groups: it is looked through once. */
function among(openable: Openable, kind: ChangeKind, ids: readonly string[]): readonly string[] {
  const memo = amongMemo.get(openable) ?? new Map<readonly string[], readonly string[]>();
  amongMemo.set(openable, memo);
  const made = memo.get(ids) ?? ids.filter((id) => openable.by[kind].has(id));
  memo.set(ids, made);
  return made;
}

const oneForEachMemo = new WeakMap<readonly string[], readonly string[]>();

/** One open group is enough: of some, one for each set of people who may open it. */
export function oneForEach({ by }: Openable, groups: readonly string[]): readonly string[] {
  const made =
    oneForEachMemo.get(groups) ??
    [...groupBy(groups, (id) => by.groups.get(id)).values()].flatMap((own) => own.slice(0, 1));
  oneForEachMemo.set(groups, made);
  return made;
}

/** The changes of some kinds around all targets, and some network ACLs besides. */
export function openingOf(
  openable: Openable,
  changes: readonly ChangeKind[],
  around: ReadonlyMap<string, Surroundings>,
  hostAcls: ReadonlySet<string>,
): NetworkOpening {
  const { by, moved, madePublic } = openable;
  const near = [...around.values()];
  const opened = (kind: ChangeKind, of: (near: Surroundings) => readonly string[]): readonly string[] =>
    changes.includes(kind) ? near.flatMap((own) => among(openable, kind, of(own))) : [];
  const acls = new Set([...opened('acls', (own) => own.narrowAcls), ...hostAcls]);
  return {
    ...(changes.includes('groups') && { groups: new Set(by.groups.keys()) }),
    ...(acls.size > 0 && { acls }),
    ...(changes.includes('tables') && { tables: new Set(opened('tables', (own) => own.inwardTables)) }),
    ...(changes.includes('stores') && { regrouped: moved, madePublic }),
  };
}

/** The network ACLs that may be opened and stand around none of the targets. */
export function aclsAtHosts(
  world: World,
  openable: Openable,
  around: ReadonlyMap<string, Surroundings>,
): ReadonlySet<string> {
  if (around.size === 0 || openable.by.acls.size === 0) return new Set();
  const near = new Set([...around.values()].flatMap(({ narrowAcls }) => narrowAcls));
  return new Set(world.network.narrowAcls().filter((id) => openable.by.acls.has(id) && !near.has(id)));
}

/** Whether an opening changes something. */
export const isOpened = ({ groups, acls, tables, regrouped }: NetworkOpening, id: string): boolean =>
  [groups, acls, tables, regrouped].some((changed) => changed?.has(id) === true);
