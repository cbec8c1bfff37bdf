import { byCode, groupBy } from '../../model/index.js';
import type { PageAssets } from '../data/page-graph.js';

/** Assets by where they are: account, then VPC, then subnet, then type. */
export interface Place {
  /** Tells it apart from every other place: the keys from the top, joined. */
  readonly id: string;
  /** What it is, in words: `VPC shop`, `3 volumes`. */
  readonly label: string;
  /** Those of all places under it. */
  readonly assets: readonly number[];
  /** None for a place whose assets are all of one type and place. */
  readonly children: readonly Place[];
}

interface Level {
  readonly keyOf: (asset: number) => string;
  readonly labelOf: (key: string, assets: readonly number[]) => string;
}

/** Puts assets into their places. Levels that make no difference are left out, so every place has several children or none. */
export function placeTree(graph: PageAssets, assets: readonly number[]): readonly Place[] {
  const named = (kind: string) => (key: string) => {
    const asset = Number(key);
    return asset < 0 ? '' : `${kind} ${graph.names.short(graph.id(asset))}`;
  };
  const levels: readonly Level[] = [
    { keyOf: graph.account, labelOf: (key) => (key === '' ? 'outside' : `account ${key}`) },
    { keyOf: (asset) => String(graph.vpc(asset)), labelOf: (key) => named('VPC')(key) || 'outside VPCs' },
    { keyOf: (asset) => String(graph.subnet(asset)), labelOf: (key) => named('subnet')(key) || 'in no subnet' },
    { keyOf: graph.type, labelOf: (key, some) => `${some.length} × ${wordOf(key)}` },
  ];
  const divide = (id: string, some: readonly number[], depth: number): readonly Place[] => {
    const level = levels[depth];
    if (!level) return [];
    const groups = [...groupBy(some, level.keyOf)].sort(([a], [b]) => byCode(a, b));
    if (groups.length === 1 && depth < levels.length - 1) return divide(id, some, depth + 1);
    return groups.map(([key, members]): Place => {
      const own = `${id}/${depth}=${key}`;
      const children = divide(own, members, depth + 1);
      const [only] = children;
      return {
        id: own,
        label: level.labelOf(key, members),
        assets: members,
        children: children.length === 1 && only ? only.children : children,
      };
    });
  };
  return divide('', assets, 0);
}

/** A type as a person says it: `ec2:security-group` is a security group. */
export const wordOf = (type: string): string => type.slice(type.indexOf(':') + 1).replaceAll('-', ' ');
