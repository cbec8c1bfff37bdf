import { byCode, numbering, type RelationshipTable } from '../model/index.js';
import type { AssetDraft } from './read-assets.js';

/** Relationships as they come, in columns that grow. */
export class RelationshipRows {
  readonly #kinds = numbering();
  readonly #sources = numbering();
  #length = 0;
  #from: Uint32Array = new Uint32Array(1024);
  #to: Uint32Array = new Uint32Array(1024);
  #kind: Uint16Array = new Uint16Array(1024);
  #source: Uint32Array = new Uint32Array(1024);

  kindNumber(kind: string): number {
    return this.#kinds.numberOf(kind);
  }

  sourceNumber(source: string): number {
    return this.#sources.numberOf(source);
  }

  add(from: AssetDraft, kind: number, to: AssetDraft, source: number): void {
    const row = this.#length++;
    if (row === this.#from.length) this.#grow();
    this.#from[row] = from.serial;
    this.#to[row] = to.serial;
    this.#kind[row] = kind;
    this.#source[row] = source;
  }

  #grow(): void {
    const room = this.#from.length * 2;
    this.#from = grown(this.#from, new Uint32Array(room));
    this.#to = grown(this.#to, new Uint32Array(room));
    this.#kind = grown(this.#kind, new Uint16Array(room));
    this.#source = grown(this.#source, new Uint32Array(room));
  }

  /**
   * The distinct rows by `from`, `kind`, `to`; of several sources the first in order stays.
   * @param positions of the assets in their final order, by serial
   */
  sorted(positions: Uint32Array): RelationshipTable {
    const length = this.#length;
    const kindRanks = ranksOf(this.#kinds.names);
    const sourceRanks = ranksOf(this.#sources.names);
    const from = translated(this.#from, positions, length);
    const to = translated(this.#to, positions, length);
    const kind = translated(this.#kind, kindRanks.rank, length);
    const source = translated(this.#source, sourceRanks.rank, length);
    // Stable sorts, the least column first.
    let order = new Uint32Array(length);
    for (let row = 0; row < length; row++) order[row] = row;
    order = byColumn(order, source, sourceRanks.names.length);
    order = byColumn(order, to, positions.length);
    order = byColumn(order, kind, kindRanks.names.length);
    order = byColumn(order, from, positions.length);
    let kept = 0;
    for (let i = 0; i < length; i++) {
      const row = order[i] as number;
      const before = order[kept - 1];
      const isAgain =
        before !== undefined && from[before] === from[row] && kind[before] === kind[row] && to[before] === to[row];
      if (!isAgain) order[kept++] = row;
    }
    return {
      length: kept,
      from: translated(order, from, kept),
      to: translated(order, to, kept),
      kind: Uint16Array.from(translated(order, kind, kept)),
      source: translated(order, source, kept),
      kinds: kindRanks.names,
      sources: sourceRanks.names,
    };
  }
}

/** The first values of a column, each as `into` has it. */
function translated(column: Uint32Array | Uint16Array, into: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const made = new Uint32Array(length);
  for (let row = 0; row < length; row++) made[row] = into[column[row] as number] as number;
  return made;
}

/** Names in order, and the place of each by its number. */
function ranksOf(names: readonly string[]): { readonly names: readonly string[]; readonly rank: Uint32Array } {
  const order = [...names.keys()].sort((a, b) => byCode(names[a] as string, names[b] as string));
  const rank = new Uint32Array(names.length);
  order.forEach((number, at) => {
    rank[number] = at;
  });
  return { names: order.map((number) => names[number] as string), rank };
}

/** Rows in the order of a column, those of equal value as they were. */
function byColumn(rows: Uint32Array, column: Uint32Array, values: number): Uint32Array<ArrayBuffer> {
  const start = new Uint32Array(values + 1);
  for (let i = 0; i < column.length; i++) {
    const next = (column[i] as number) + 1;
    start[next] = (start[next] as number) + 1;
  }
  for (let value = 0; value < values; value++)
    start[value + 1] = (start[value + 1] as number) + (start[value] as number);
  const sorted = new Uint32Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const value = column[row] as number;
    const slot = start[value] as number;
    sorted[slot] = row;
    start[value] = slot + 1;
  }
  return sorted;
}

function grown<A extends { set(from: A): void }>(from: A, into: A): A {
  into.set(from);
  return into;
}
