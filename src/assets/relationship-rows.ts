import { byCode, numbering, type RelationshipTable } from '../model/index.js';

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

  /** @param from,to numbers of assets */
  add(from: number, kind: number, to: number, source: number): void {
    const row = this.#length++;
    if (row === this.#from.length) this.#grow();
    this.#from[row] = from;
    this.#to[row] = to;
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
   * @param positions of the assets in their final order, by number
   */
  sorted(positions: Uint32Array): RelationshipTable {
    const kinds = ranksOf(this.#kinds.names);
    const sources = ranksOf(this.#sources.names);
    const sourceCount = sources.names.length;
    const ends = this.#endOfEach(positions);
    // The rows of each asset side by side, `kind`, `to` and `source` of a row in one number: it is exact below 2 ** 53.
    const rows = new Float64Array(this.#length);
    const room = ends.slice();
    for (let row = 0; row < this.#length; row++) {
      const from = positions[this.#from[row] as number] as number;
      const to = positions[this.#to[row] as number] as number;
      const what = (kinds.rank[this.#kind[row] as number] as number) * positions.length + to;
      const at = (room[from] as number) - 1;
      room[from] = at;
      rows[at] = what * sourceCount + (sources.rank[this.#source[row] as number] as number);
    }
    const made = {
      from: new Uint32Array(rows.length),
      to: new Uint32Array(rows.length),
      kind: new Uint16Array(rows.length),
      source: new Uint32Array(rows.length),
    };
    let length = 0;
    for (let from = 0, start = 0; from < positions.length; from++) {
      const end = ends[from] as number;
      sortPart(rows, start, end);
      for (let last = -1; start < end; start++) {
        const row = rows[start] as number;
        const what = Math.floor(row / sourceCount);
        if (what === last) continue;
        last = what;
        const kind = Math.floor(what / positions.length);
        made.from[length] = from;
        made.kind[length] = kind;
        made.to[length] = what - kind * positions.length;
        made.source[length++] = row - what * sourceCount;
      }
    }
    return {
      length,
      from: made.from.slice(0, length),
      to: made.to.slice(0, length),
      kind: made.kind.slice(0, length),
      source: made.source.slice(0, length),
      kinds: kinds.names,
      sources: sources.names,
    };
  }

  /** Where the rows of each asset end, if they stand in the order of the assets. */
  #endOfEach(positions: Uint32Array): Uint32Array {
    const ends = new Uint32Array(positions.length);
    for (let row = 0; row < this.#length; row++) {
      const from = positions[this.#from[row] as number] as number;
      ends[from] = (ends[from] as number) + 1;
    }
    for (let i = 1; i < ends.length; i++) ends[i] = (ends[i] as number) + (ends[i - 1] as number);
    return ends;
  }
}

/** More than most assets have relationships; below it, inserting one after the other is the fastest way to sort. */
const MANY = 40;

function sortPart(values: Float64Array, start: number, end: number): void {
  if (end - start > MANY) {
    values.subarray(start, end).sort();
    return;
  }
  for (let i = start + 1; i < end; i++) {
    const value = values[i] as number;
    let at = i;
    for (; at > start && (values[at - 1] as number) > value; at--) values[at] = values[at - 1] as number;
    values[at] = value;
  }
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

function grown<A extends { set(from: A): void }>(from: A, into: A): A {
  into.set(from);
  return into;
}
