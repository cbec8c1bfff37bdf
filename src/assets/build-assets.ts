import {
  type Asset,
  byKey,
  field,
  type Gap,
  isObject,
  type Json,
  type JsonObject,
  parseArn,
  type Relationship,
  type RelationshipTable,
  rowOf,
} from '../model/index.js';
import type { Answer, Snapshot, SnapshotAccount } from '../snapshot/index.js';
import { type AssetIndex, bareOf, indexAssets, type TypeIndex } from './asset-index.js';
import type { AssetDetail, AssetType, Link, Place } from './declaration.js';
import { assetDetails, assetTypes } from './families.js';
import { collectValues, compilePath, type PathStep, readRecords, textAt, valuesAt } from './path.js';
import { accountReference } from './principal-reference.js';
import {
  type AssetDraft,
  type DraftAsset,
  operationOf,
  placeOf,
  readAssets,
  readTagValue,
  type Statements,
  unreadable,
} from './read-assets.js';
import { RelationshipRows } from './relationship-rows.js';
import { sortByIds } from './sort-ids.js';

/** The asset graph as plain data. */
export interface AssetInventory {
  /** Sorted by id. Those that answers only name have an empty `source` and `record` (see `isMentionedOnly`). */
  readonly assets: readonly Asset[];
  /** Distinct; sorted by `from`, `kind`, `to`. */
  readonly table: RelationshipTable;
  /** The table's rows as objects, made anew each time. */
  readonly relationships: readonly Relationship[];
  /** Where an asset stands in `assets`. */
  positionOf(id: string): number | undefined;
  assetOf(id: string): Asset | undefined;
  /** Records that could not be read. */
  readonly gaps: readonly Gap[];
}

/**
 * Draws the assets of a snapshot and the relationships that they state, from AWS's answers alone: nothing is concluded here.
 */
export function buildAssets(snapshot: Snapshot): AssetInventory {
  return new InventoryBuilder(snapshot).build();
}

const EMPTY: JsonObject = {};
const NO_TAGS: ReadonlyMap<string, string> = new Map();

/** A field that states relationships, ready to be read. */
interface FieldReader {
  readonly kind: number;
  readonly index: TypeIndex;
  readonly steps: readonly PathStep[];
  /** The key, where it is all of the path. */
  readonly key: string | undefined;
}

/** Owns the growing index of assets while relationships are read; used once. */
class InventoryBuilder {
  private readonly drafts: Map<string, AssetDraft>;
  private readonly statements: readonly Statements[];
  private readonly gaps: Gap[];
  private readonly index: AssetIndex;
  private readonly collected: ReadonlySet<string>;
  private readonly rows = new RelationshipRows();

  constructor(private readonly snapshot: Snapshot) {
    const { drafts, statements, gaps } = readAssets(snapshot, assetTypes);
    this.drafts = drafts;
    this.statements = statements;
    this.gaps = [...gaps];
    this.collected = new Set(snapshot.accounts.map(({ id }) => id));
    for (const account of snapshot.accounts) this.addAccount(account);
    this.addAsset({ id: 'internet', type: 'internet', account: '', region: 'global' });
    this.index = indexAssets(drafts, assetTypes, this.collected);
  }

  build(): AssetInventory {
    for (const { declaration, place, drafts, records } of this.statements) {
      const readers = this.readersOf(declaration);
      const source = this.rows.sourceNumber(place.source);
      for (let i = 0; i < drafts.length; i++) {
        const draft = drafts[i] as AssetDraft;
        // What a shared asset names belongs to its owner, whoever was asked.
        const account = draft.asset.account || place.account;
        const own = account === place.account ? place : { ...place, account };
        this.addLinks(draft, declaration, readers, records[i] as JsonObject, own, source);
      }
    }
    for (const detail of assetDetails) {
      for (const answer of this.snapshot.answers(...operationOf(detail.answer))) this.addDetail(detail, answer);
    }
    const drafts = sortByIds([...this.drafts.values()], (draft) => draft.asset.id);
    const positions = new Uint32Array(drafts.length);
    drafts.forEach((draft, position) => {
      positions[draft.serial] = position;
    });
    const assets = drafts.map(({ asset }) => asset);
    const table = this.rows.sorted(positions);
    const idAt = (position: number): string => (assets[position] as Asset).id;
    return {
      assets,
      table,
      get relationships() {
        return Array.from({ length: table.length }, (_, row) => rowOf(table, idAt, row));
      },
      positionOf: (id) => {
        const draft = this.drafts.get(id);
        return draft && positions[draft.serial];
      },
      assetOf: (id) => this.drafts.get(id)?.asset,
      gaps: this.gaps.sort(
        byKey((gap) => `${gap.account}/${gap.region}/${gap.service}/${gap.operation} ${gap.message}`),
      ),
    };
  }

  private readersOf({ links = [] }: AssetType | AssetDetail): readonly FieldReader[] {
    return links.map(([kind, type, path]) => {
      const steps = compilePath(path);
      const [only] = steps;
      const key = steps.length === 1 && only?.isList === false ? only.key : undefined;
      return { kind: this.rows.kindNumber(kind), index: this.index.ofType(type), steps, key };
    });
  }

  private addLinks(
    from: AssetDraft,
    declaration: AssetType | AssetDetail,
    readers: readonly FieldReader[],
    record: JsonObject,
    place: Place,
    source: number,
  ): void {
    for (const { kind, index, steps, key } of readers) {
      if (key !== undefined) this.relateTo(from, kind, index, record[key], place, source);
      else {
        const found: Json[] = [];
        collectValues(record, steps, 0, found);
        for (const id of found) this.relateTo(from, kind, index, id, place, source);
      }
    }
    const more = declaration.moreLinks?.(record, place);
    if (more) for (const stated of more) this.addLink(from, stated, place, source);
  }

  private relateTo(
    from: AssetDraft,
    kind: number,
    index: TypeIndex,
    id: Json | undefined,
    place: Place,
    source: number,
  ): void {
    if (typeof id === 'string' && id !== '') this.relate(from, kind, this.endOf(index, id, place), source);
  }

  private addLink(self: AssetDraft, { kind, from, to }: Link, place: Place, source: number): void {
    const start = from ? this.endOf(this.index.ofType(from.type), from.id, place) : self;
    this.relate(start, this.rows.kindNumber(kind), this.endOf(this.index.ofType(to.type), to.id, place), source);
  }

  private relate(from: AssetDraft | undefined, kind: number, to: AssetDraft | undefined, source: number): void {
    if (from && to && from !== to) this.rows.add(from, kind, to, source);
  }

  /** An end of a relationship, which becomes an asset if it is none yet. */
  private endOf(index: TypeIndex, id: string, place: Place): AssetDraft | undefined {
    const found = index.resolve(id, place);
    return typeof found === 'string' ? (this.drafts.get(found) ?? this.addMentioned(found, index.type, place)) : found;
  }

  private addDetail(detail: AssetDetail, answer: Answer): void {
    const place = placeOf(answer, this.snapshot);
    const readers = this.readersOf(detail);
    const source = this.rows.sourceNumber(place.source);
    for (const [key, record] of this.detailRecords(detail, answer)) {
      const draft = this.assetOfDetail(detail, detail.assetIn?.(key) ?? key, place);
      if (!draft) continue;
      const details = (draft.asset.details ??= new Map());
      details.set(details.has(detail.answer) ? `${detail.answer}/${key}` : detail.answer, record);
      this.addLinks(draft, detail, readers, record, place, source);
      completeAsset(draft, detail, record, place);
    }
  }

  private detailRecords(detail: AssetDetail, answer: Answer): (readonly [string, JsonObject])[] {
    if (detail.list !== undefined) {
      const { records, unreadable: messages } = readRecords(answer.body, detail.list);
      for (const message of messages) this.gaps.push(unreadable(answer, message));
      return records.flatMap((record) => {
        const key = textAt(record, detail.nameField ?? '');
        return key === undefined ? [] : [[key, record] as const];
      });
    }
    return Object.keys(answer.body).flatMap((key) => {
      const record = field(answer.body, key);
      if (isObject(record)) return [[key, record] as const];
      if (record !== null) this.gaps.push(unreadable(answer, `the answer for ${key} is not an object`));
      return [];
    });
  }

  private assetOfDetail({ about }: AssetDetail, key: string, place: Place): AssetDraft | undefined {
    for (const type of typeof about === 'string' ? [about] : about) {
      const found = this.index.ofType(type).resolve(key, place);
      if (typeof found === 'object') return found;
    }
    return undefined;
  }

  private addAccount({ id, name, regions }: SnapshotAccount): void {
    const answer = ['global', ...regions]
      .map((region) => this.snapshot.answer(id, region, 'sts', 'GetCallerIdentity'))
      .find((candidate) => candidate !== undefined);
    const root = accountReference(id, parseArn(textAt(answer?.body, 'Arn') ?? '')?.partition);
    this.addAsset({
      id: root.id,
      type: root.type,
      account: id,
      region: 'global',
      ...(name !== undefined && { name }),
      ...(answer && { source: answer.source, record: answer.body }),
    });
  }

  /** An asset that is only named. One of an account outside the snapshot belongs to that account. */
  private addMentioned(id: string, type: string, place: Place): AssetDraft {
    const arn = parseArn(id);
    const named = arn ? arn.account : (id.split('aws:account/')[1] ?? '');
    const account = /^\d{12}$/.test(named) ? named : '';
    const draft = this.addAsset({ id, type, account, region: arn?.region || 'global' });
    if (arn && account !== '' && !this.collected.has(account)) {
      const owner = accountReference(account, arn.partition);
      this.addLink(draft, { kind: 'belongs-to', to: owner }, place, this.rows.sourceNumber(place.source));
    }
    return draft;
  }

  private addAsset(stated: Partial<DraftAsset> & Pick<Asset, 'id' | 'type' | 'account' | 'region'>): AssetDraft {
    const known = this.drafts.get(stated.id);
    const draft = {
      asset: { tags: NO_TAGS, source: '', record: EMPTY, ...stated },
      bare: bareOf(stated.id),
      rank: 0,
      serial: known?.serial ?? this.drafts.size,
    };
    this.drafts.set(stated.id, draft);
    return draft;
  }
}

/** What an answer about one asset adds to it: its region, its tags, its name. */
function completeAsset(draft: AssetDraft, detail: AssetDetail, record: JsonObject, place: Place): void {
  if (!detail.tellsRegion && detail.tags === undefined) return;
  const { asset } = draft;
  const tags = detail.tags === undefined ? NO_TAGS : readTagValue(valuesAt(record, detail.tags)[0] ?? null);
  const name = asset.name ?? tags.get('Name');
  draft.asset = {
    ...asset,
    region: detail.tellsRegion ? place.region : asset.region,
    ...(name !== undefined && { name }),
    tags: tags.size === 0 ? asset.tags : new Map([...asset.tags, ...tags]),
  };
}
