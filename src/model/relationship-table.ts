import type { Relationship } from './asset.js';

/** Relationships as columns: row `i` goes from the asset at `from[i]` to the one at `to[i]` (positions in a list of assets). */
export interface RelationshipTable {
  readonly length: number;
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  /** Index in `kinds`. */
  readonly kind: Uint16Array;
  /** Index in `sources`. */
  readonly source: Uint32Array;
  readonly kinds: readonly string[];
  readonly sources: readonly string[];
}

/** Lays relationships out as columns, in their order. @throws Error where one names an asset that has no position */
export function tableOf(
  relationships: readonly Relationship[],
  positionOf: (id: string) => number | undefined,
): RelationshipTable {
  const kinds = numbering();
  const sources = numbering();
  const position = (id: string): number => {
    const found = positionOf(id);
    if (found === undefined) throw new Error(`a relationship names ${id}, which is no asset`);
    return found;
  };
  return {
    length: relationships.length,
    from: Uint32Array.from(relationships, (r) => position(r.from)),
    to: Uint32Array.from(relationships, (r) => position(r.to)),
    kind: Uint16Array.from(relationships, (r) => kinds.numberOf(r.kind)),
    source: Uint32Array.from(relationships, (r) => sources.numberOf(r.source)),
    kinds: kinds.names,
    sources: sources.names,
  };
}

/** A row of a table as an object. */
export const rowOf = (table: RelationshipTable, idAt: (position: number) => string, row: number): Relationship => ({
  from: idAt(table.from[row] as number),
  kind: table.kinds[table.kind[row] as number] as string,
  to: idAt(table.to[row] as number),
  source: table.sources[table.source[row] as number] as string,
});

/** Numbers for names, in the order in which they come. */
export function numbering(): { readonly names: string[]; readonly numberOf: (name: string) => number } {
  const names: string[] = [];
  const numbers = new Map<string, number>();
  return {
    names,
    numberOf: (name) => {
      const known = numbers.get(name);
      if (known !== undefined) return known;
      numbers.set(name, names.length);
      return names.push(name) - 1;
    },
  };
}
