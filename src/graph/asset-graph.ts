import type { MultiDirectedGraph } from 'graphology';
import {
  type Asset,
  byCode,
  isMentionedOnly,
  once,
  type Relationship,
  type RelationshipTable,
  rowOf,
  tableOf,
} from '../model/index.js';
import { type Connection, findConnections } from './connection.js';
import { type AssetSearch, indexNames, searchAssets } from './find-asset.js';
import { drawGraph, type EdgeAttributes, type NodeAttributes } from './graphology.js';
import { forEachNeighbour, indexColumns } from './relationship-columns.js';

/** Assets and their stated relationships, to be looked up and asked. */
export interface AssetGraph {
  /** All assets, sorted by id; also those that are only named (`isMentionedOnly`). */
  readonly assets: readonly Asset[];
  readonly size: number;
  readonly relationshipCount: number;
  asset(id: string): Asset | undefined;
  /** The place of an asset in `assets`. */
  position(id: string): number | undefined;
  /**
   * The assets of a type that an answer states, sorted by id. Those that are only named (another account's key, a vendor's image) are left
   * out: nothing is known of them.
   */
  assetsOfType(type: string): readonly Asset[];
  /** The relationships that go out from an asset, of one kind or of all; sorted by kind and other end. */
  outgoing(id: string, kind?: string): readonly Relationship[];
  incoming(id: string, kind?: string): readonly Relationship[];
  /** For each asset of a type, in the order of `assetsOfType`: the other ends of its relationships of a kind, in their order. */
  endsOfType(type: string, kind: string): readonly (readonly string[])[];
  /** Ids of the assets that a relationship joins to this one in either direction; distinct and sorted. */
  neighbours(id: string): readonly string[];
  /**
   * The `k` (1 when absent) shortest chains of relationships between two assets, whichever way each of them points; shortest first,
   * then by ids; none of them more than 4 relationships longer than the shortest. None where there is no chain or no such asset.
   */
  connection(from: string, to: string, k?: number): readonly Connection[];
  /** The asset that a person means: by id, bare id (`i-0abc`), name, or the end of its ARN. */
  findAsset(text: string): AssetSearch;
  /** The graph as a graphology graph: of all assets, or of those given and the relationships among them. */
  toGraphology(ids?: Iterable<string>): MultiDirectedGraph<NodeAttributes, EdgeAttributes>;
}

/**
 * Puts assets and relationships in order for being asked. Look-ups stand on maps and columns (about 0.2 µs a relationship); a
 * graphology graph, which costs 50 times that, is drawn only of the part that a question is about.
 * @param assets distinct by id
 * @param relationships both ends in `assets`
 */
export function buildAssetGraph(assets: readonly Asset[], relationships: readonly Relationship[]): AssetGraph {
  const sorted = isSorted(assets) ? assets : [...assets].sort((a, b) => byCode(a.id, b.id));
  const positions = new Map(sorted.map((asset, position) => [asset.id, position]));
  const positionOf = (id: string): number | undefined => positions.get(id);
  return graphOf({ assets: sorted, positionOf, table: tableOf(relationships, positionOf) });
}

/** Assets in order, and their relationships as columns. */
interface Inventory {
  /** Sorted by id, distinct. */
  readonly assets: readonly Asset[];
  readonly table: RelationshipTable;
  readonly positionOf: (id: string) => number | undefined;
  /** The asset itself, where it is found sooner than by its position. */
  readonly assetOf?: (id: string) => Asset | undefined;
}

/** The same of what is in order already. */
export function graphOf({ assets: sorted, table, positionOf, assetOf }: Inventory): AssetGraph {
  const byType = new Map<string, { readonly assets: Asset[]; readonly positions: number[] }>();
  sorted.forEach((asset, position) => {
    if (isMentionedOnly(asset)) return;
    const own = byType.get(asset.type);
    if (own) {
      own.assets.push(asset);
      own.positions.push(position);
    } else byType.set(asset.type, { assets: [asset], positions: [position] });
  });
  const columns = indexColumns(table, sorted.length);
  const idAt = (position: number): string => (sorted[position] as Asset).id;
  const kinds = new Map(table.kinds.map((kind, number) => [kind, number]));
  /** The relationships of an asset among the rows of one direction. */
  const pick = (
    rows: Uint32Array,
    start: Uint32Array,
    id: string,
    kind: string | undefined,
  ): readonly Relationship[] => {
    const position = positionOf(id);
    const wanted = kind === undefined ? undefined : kinds.get(kind);
    if (position === undefined || (kind !== undefined && wanted === undefined)) return NONE;
    let found: Relationship[] | undefined;
    for (let i = start[position] as number; i < (start[position + 1] as number); i++) {
      const row = rows[i] as number;
      if (wanted === undefined || table.kind[row] === wanted) (found ??= []).push(rowOf(table, idAt, row));
    }
    return found ?? NONE;
  };
  const names = once(() => indexNames(sorted));
  const part = (members: ReadonlySet<number>) => drawGraph(sorted, columns, members);
  return {
    assets: sorted,
    size: sorted.length,
    relationshipCount: table.length,
    asset:
      assetOf ??
      ((id) => {
        const position = positionOf(id);
        return position === undefined ? undefined : sorted[position];
      }),
    position: positionOf,
    assetsOfType: (type) => byType.get(type)?.assets ?? NO_ASSETS,
    endsOfType: (type, kind) => {
      const wanted = kinds.get(kind);
      const { outgoing, outgoingStart } = columns;
      return (byType.get(type)?.positions ?? []).map((position) => {
        let found: string[] | undefined;
        for (let i = outgoingStart[position] as number; i < (outgoingStart[position + 1] as number); i++) {
          const row = outgoing[i] as number;
          if (table.kind[row] === wanted) (found ??= []).push(idAt(table.to[row] as number));
        }
        return found ?? NO_ENDS;
      });
    },
    outgoing: (id, kind) => pick(columns.outgoing, columns.outgoingStart, id, kind),
    incoming: (id, kind) => pick(columns.incoming, columns.incomingStart, id, kind),
    neighbours: (id) => {
      const position = positionOf(id);
      const found = new Set<number>();
      if (position !== undefined) forEachNeighbour(columns, position, (other) => found.add(other));
      return [...found].sort((a, b) => a - b).map((other) => (sorted[other] as Asset).id);
    },
    connection: (from, to, k = 1) => {
      const [start, end] = [positionOf(from), positionOf(to)];
      return start === undefined || end === undefined
        ? []
        : findConnections(columns, start, end, k, part, (at) => (sorted[at] as Asset).id);
    },
    findAsset: (text) => searchAssets(text, names, (id) => sorted[positionOf(id) ?? -1]),
    toGraphology: (ids) => {
      const chosen = ids === undefined ? sorted.keys() : [...ids].flatMap((id) => positionOf(id) ?? []);
      return part(new Set(chosen));
    },
  };
}

const isSorted = (assets: readonly Asset[]): boolean =>
  assets.every((asset, at) => at === 0 || byCode((assets[at - 1] as Asset).id, asset.id) < 0);

const NONE: readonly Relationship[] = [];
const NO_ENDS: readonly string[] = [];
const NO_ASSETS: readonly Asset[] = [];
