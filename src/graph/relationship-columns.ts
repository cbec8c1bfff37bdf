import type { RelationshipTable } from '../model/index.js';

/** Relationships as columns: who has which, in both directions, in 22 bytes a relationship. */
export interface RelationshipColumns extends RelationshipTable {
  /** Relationships by `from`: those of asset `a` are `outgoing[outgoingStart[a]]` up to `outgoingStart[a + 1]`; likewise incoming. */
  readonly outgoing: Uint32Array;
  readonly outgoingStart: Uint32Array;
  readonly incoming: Uint32Array;
  readonly incomingStart: Uint32Array;
}

/** Indexes a table by the assets at both ends; the order within an asset is that of the table. */
export function indexColumns(table: RelationshipTable, assetCount: number): RelationshipColumns {
  const [outgoing, outgoingStart] = bucketSort(table.from, assetCount);
  const [incoming, incomingStart] = bucketSort(table.to, assetCount);
  return { ...table, outgoing, outgoingStart, incoming, incomingStart };
}

/** Indices of `keys` in the order of their value, and where each value starts. */
function bucketSort(keys: Uint32Array, buckets: number): [order: Uint32Array, start: Uint32Array] {
  const start = new Uint32Array(buckets + 1);
  for (let i = 0; i < keys.length; i++) {
    const next = (keys[i] as number) + 1;
    start[next] = (start[next] as number) + 1;
  }
  for (let i = 0; i < buckets; i++) start[i + 1] = (start[i + 1] as number) + (start[i] as number);
  const next = start.slice();
  const order = new Uint32Array(keys.length);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as number;
    const slot = next[key] as number;
    order[slot] = i;
    next[key] = slot + 1;
  }
  return [order, start];
}

/** Calls back with the position of every asset that a relationship joins to the one at `position`, in either direction. */
export function forEachNeighbour(columns: RelationshipColumns, position: number, visit: (other: number) => void): void {
  const { outgoing, outgoingStart, incoming, incomingStart, from, to } = columns;
  for (let i = outgoingStart[position] as number; i < (outgoingStart[position + 1] as number); i++) {
    visit(to[outgoing[i] as number] as number);
  }
  for (let i = incomingStart[position] as number; i < (incomingStart[position + 1] as number); i++) {
    visit(from[incoming[i] as number] as number);
  }
}

/** How many relationships away every asset is from the one at `start`, in either direction; -1 for out of reach. */
export function distancesFrom(columns: RelationshipColumns, start: number): Int32Array {
  const distances = new Int32Array(columns.outgoingStart.length - 1).fill(-1);
  const queue = new Uint32Array(distances.length);
  let end = 0;
  const reach = (position: number, distance: number): void => {
    if (distances[position] !== -1) return;
    distances[position] = distance;
    queue[end++] = position;
  };
  reach(start, 0);
  for (let head = 0; head < end; head++) {
    const current = queue[head] as number;
    forEachNeighbour(columns, current, (other) => reach(other, (distances[current] as number) + 1));
  }
  return distances;
}
