import type { Json, JsonObject } from '../model/index.js';
import type { AssetIndex, TypeIndex } from './asset-index.js';
import type { AssetDetail, AssetType, Link, Place, Reference } from './declaration.js';
import { compilePath, type PathStep, valueOf } from './path.js';
import type { RelationshipRows } from './relationship-rows.js';

/** Makes an asset of what is only named, or gives the one that it is. */
export type Mention = (id: string, type: string, place: Place) => number;

/** A field that states relationships. */
interface LinkField {
  readonly kind: number;
  readonly index: TypeIndex;
  readonly steps: readonly PathStep[];
}

/** Reads the relationships that records state into rows. */
export class LinkReader {
  constructor(
    private readonly index: AssetIndex,
    private readonly rows: RelationshipRows,
    private readonly mention: Mention,
  ) {}

  /**
   * What reads the relationships that a declaration finds in a record of the asset with number `self`.
   * @param source that they are stated by
   */
  of({ links = [], moreLinks }: AssetType | AssetDetail, source: string) {
    const number = this.rows.sourceNumber(source);
    const fields = links.map(
      ([kind, type, path]): LinkField => ({
        kind: this.rows.kindNumber(kind),
        index: this.index.ofType(type),
        steps: compilePath(path),
      }),
    );
    return (self: number, record: JsonObject, place: Place): void => {
      for (let i = 0; i < fields.length; i++) this.readField(self, fields[i] as LinkField, record, 0, place, number);
      const more = moreLinks?.(record, place);
      if (more) for (const link of more) this.add(self, link, place, number);
    };
  }

  /** @param source by its number */
  add(self: number, { kind, from, to }: Link, place: Place, source: number): void {
    const start = from ? this.referred(from, place) : self;
    this.relate(start, this.rows.kindNumber(kind), to ? this.referred(to, place) : self, source);
  }

  /** Relates to what stands at the end of the field's path, from the step `at` on. */
  private readField(
    self: number,
    field: LinkField,
    value: Json | undefined,
    at: number,
    place: Place,
    source: number,
  ): void {
    const { steps } = field;
    let found = value;
    for (let i = at; i < steps.length; i++) {
      const { key, isList } = steps[i] as PathStep;
      found = valueOf(found, key);
      if (!isList) continue;
      if (Array.isArray(found))
        for (const element of found) this.readField(self, field, element as Json, i + 1, place, source);
      return;
    }
    if (typeof found !== 'string' || found === '') return;
    this.relate(self, field.kind, field.index.resolveOrMention(found, place, this.mention), source);
  }

  private referred({ type, id, isKnownOnly }: Reference, place: Place): number | undefined {
    const index = this.index.ofType(type);
    return isKnownOnly ? index.resolveKnown(id, place) : index.resolveOrMention(id, place, this.mention);
  }

  private relate(from: number | undefined, kind: number, to: number | undefined, source: number): void {
    if (from !== undefined && to !== undefined && from !== to) this.rows.add(from, kind, to, source);
  }
}
