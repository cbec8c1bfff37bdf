import { type AssetGraph, graphOf } from '../../graph/index.js';
import { type Asset, type JsonObject, numbering, once } from '../../model/index.js';
import { interned } from '../interned.js';
import type { SectionReader, SectionWriter } from './sections.js';

/** The tables that columns of the stored asset graph count in. */
interface GraphTables {
  readonly types: readonly string[];
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  readonly sources: readonly string[];
  readonly kinds: readonly string[];
  /** By asset; absent where it has none. */
  readonly names: readonly (string | null)[];
}

/** Tags as they are written. */
type TagList = readonly (readonly [key: string, value: string])[];

/** What of an asset is looked at for few of them. */
interface AssetRest {
  readonly record: JsonObject;
  readonly details?: readonly (readonly [string, JsonObject])[];
}

/** Writes assets and relationships, but for the assets' ids. */
export function writeGraph(sections: SectionWriter, { assets, outgoing, position }: AssetGraph): void {
  const [types, accounts, regions, sources, kinds] = [numbering(), numbering(), numbering(), numbering(), numbering()];
  const column = <T>(name: string, items: readonly T[], numberOf: (item: T) => number): void =>
    sections.numbers(name, items.map(numberOf));
  column('asset types', assets, ({ type }) => types.numberOf(type));
  column('asset accounts', assets, ({ account }) => accounts.numberOf(account));
  column('asset regions', assets, ({ region }) => regions.numberOf(region));
  column('asset sources', assets, ({ source }) => sources.numberOf(source));
  // Many are tagged alike, the untagged above all.
  const tagLists = interned<TagList>([], JSON.stringify);
  column('asset tags', assets, ({ tags }) => tagLists.place([...tags]));
  sections.json('tag lists', tagLists.list);
  sections.values('assets', assets.length, (at): AssetRest => {
    const { record, details } = assets[at] as Asset;
    return { record, ...(details && { details: [...details] }) };
  });
  const rows = assets.flatMap(({ id }) => outgoing(id));
  column('relationship from', rows, ({ from }) => position(from) as number);
  column('relationship to', rows, ({ to }) => position(to) as number);
  column('relationship kind', rows, ({ kind }) => kinds.numberOf(kind));
  column('relationship source', rows, ({ source }) => sources.numberOf(source));
  const tables: GraphTables = {
    types: types.names,
    accounts: accounts.names,
    regions: regions.names,
    sources: sources.names,
    kinds: kinds.names,
    names: assets.map(({ name }) => name ?? null),
  };
  sections.json('graph tables', tables);
}

/** @param names that begin with the assets' ids, in their order */
export function readGraph(sections: SectionReader, names: readonly string[]): AssetGraph {
  const tables = sections.json('graph tables') as GraphTables;
  const ids = names.slice(0, tables.names.length);
  const columns = {
    types: sections.numbers('asset types'),
    accounts: sections.numbers('asset accounts'),
    regions: sections.numbers('asset regions'),
    sources: sections.numbers('asset sources'),
  };
  const tagsOf = sections.numbers('asset tags');
  const tagMaps = once(() => (sections.json('tag lists') as readonly TagList[]).map((list) => new Map(list)));
  const tagsAt = (at: number): Asset['tags'] => tagMaps()[tagsOf[at] as number] as Asset['tags'];
  const restAt = sections.values('assets');
  const valueAt = (name: keyof typeof columns, at: number): string =>
    tables[name][columns[name][at] as number] as string;
  const assets = ids.map(
    (id, at): Asset =>
      new StoredAsset(
        id,
        valueAt('types', at),
        valueAt('accounts', at),
        valueAt('regions', at),
        tables.names[at] ?? undefined,
        valueAt('sources', at),
        () => tagsAt(at),
        () => {
          const { record, details } = restAt(at) as AssetRest;
          return { record, details: details && new Map(details) };
        },
      ),
  );
  const from = sections.numbers('relationship from');
  const positions = new Map(ids.map((id, at) => [id, at]));
  return graphOf({
    assets,
    positionOf: (id) => positions.get(id),
    table: {
      length: from.length,
      from,
      to: sections.numbers('relationship to'),
      kind: Uint16Array.from(sections.numbers('relationship kind')),
      source: sections.numbers('relationship source'),
      kinds: tables.kinds,
      sources: tables.sources,
    },
  });
}

/** What is looked at for few assets, as they have it. */
type Rest = Pick<Asset, 'record' | 'details'>;

/** An asset whose tags and record are read when they are first looked at. */
class StoredAsset implements Asset {
  #rest: Rest | undefined;
  readonly #readTags: () => Asset['tags'];
  readonly #read: () => Rest;

  constructor(
    readonly id: string,
    readonly type: string,
    readonly account: string,
    readonly region: string,
    readonly name: string | undefined,
    readonly source: string,
    readTags: () => Asset['tags'],
    read: () => Rest,
  ) {
    this.#readTags = readTags;
    this.#read = read;
  }

  private get rest(): Rest {
    return (this.#rest ??= this.#read());
  }

  get tags(): Asset['tags'] {
    return this.#readTags();
  }

  get record(): JsonObject {
    return this.rest.record;
  }

  get details(): ReadonlyMap<string, JsonObject> | undefined {
    return this.rest.details;
  }
}
