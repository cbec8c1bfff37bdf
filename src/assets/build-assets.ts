import {
  type Asset,
  byCode,
  byKey,
  field,
  type Gap,
  isObject,
  type JsonObject,
  parseArn,
  type Relationship,
} from '../model/index.js';
import type { Answer, Snapshot, SnapshotAccount } from '../snapshot/index.js';
import { type AssetIndex, bareOf, indexAssets } from './asset-index.js';
import type { AssetDetail, AssetType, FieldLink, Link, Place } from './declaration.js';
import { assetDetails, assetTypes } from './families.js';
import { forEachValue, readRecords, textAt, valuesAt } from './path.js';
import { accountReference } from './principal-reference.js';
import {
  type AssetDraft,
  draftOf,
  operationOf,
  placeOf,
  readAssets,
  readTagValue,
  type Statement,
  unreadable,
} from './read-assets.js';

/** The asset graph as plain data. */
export interface AssetInventory {
  /** Sorted by id. Those that answers only name have an empty `source` and `record` (see `isMentionedOnly`). */
  readonly assets: readonly Asset[];
  /** Distinct; sorted by `from`, `kind`, `to`. Both ends are in `assets`. */
  readonly relationships: readonly Relationship[];
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

/** Owns the growing index of assets while relationships are read; used once. */
class InventoryBuilder {
  private readonly drafts: Map<string, AssetDraft>;
  private readonly statements: readonly Statement[];
  private readonly gaps: Gap[];
  private readonly index: AssetIndex;
  private readonly collected: ReadonlySet<string>;

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
    for (const { draft, declaration, record, place } of this.statements) {
      // What a shared asset names belongs to its owner, whoever was asked.
      const account = draft.asset.account || place.account;
      this.addLinks(draft, declaration, record, account === place.account ? place : { ...place, account });
    }
    for (const detail of assetDetails) {
      for (const answer of this.snapshot.answers(...operationOf(detail.answer))) this.addDetail(detail, answer);
    }
    const drafts = [...this.drafts.values()].sort((a, b) => byCode(a.asset.id, b.asset.id));
    const relationships: Relationship[] = [];
    for (const draft of drafts) for (const item of distinctSorted(draft.relationships)) relationships.push(item);
    return {
      assets: drafts.map(({ asset, details }) => (details ? { ...asset, details } : asset)),
      relationships,
      gaps: this.gaps.sort(
        byKey((gap) => `${gap.account}/${gap.region}/${gap.service}/${gap.operation} ${gap.message}`),
      ),
    };
  }

  private addLinks(from: AssetDraft, declaration: AssetType | AssetDetail, record: JsonObject, place: Place): void {
    for (const fieldLink of declaration.links ?? []) this.addFieldLink(from, fieldLink, record, place);
    for (const stated of declaration.moreLinks?.(record, place) ?? []) this.addLink(from, stated, place);
  }

  private addFieldLink(from: AssetDraft, [kind, type, path]: FieldLink, record: JsonObject, place: Place): void {
    forEachValue(record, path, (id) => {
      if (typeof id === 'string' && id !== '') this.relate(from, kind, this.endOf(type, id, place), place);
    });
  }

  private addLink(self: AssetDraft, { kind, from, to }: Link, place: Place): void {
    const source = from ? this.endOf(from.type, from.id, place) : self;
    this.relate(source, kind, this.endOf(to.type, to.id, place), place);
  }

  private relate(from: AssetDraft | undefined, kind: string, to: AssetDraft | undefined, { source }: Place): void {
    if (!from || !to || from === to) return;
    from.relationships.push({ from: from.asset.id, kind, to: to.asset.id, source });
  }

  /** An end of a relationship, which becomes an asset if it is none yet. */
  private endOf(type: string, id: string, place: Place): AssetDraft | undefined {
    const found = this.index.resolve(type, id, place);
    return typeof found === 'string' ? (this.drafts.get(found) ?? this.addMentioned(found, type, place)) : found;
  }

  private addDetail(detail: AssetDetail, answer: Answer): void {
    const place = placeOf(answer, this.snapshot);
    for (const [key, record] of this.detailRecords(detail, answer)) {
      const draft = this.assetOfDetail(detail, detail.assetIn?.(key) ?? key, place);
      if (!draft) continue;
      draft.details ??= new Map();
      draft.details.set(draft.details.has(detail.answer) ? `${detail.answer}/${key}` : detail.answer, record);
      this.addLinks(draft, detail, record, place);
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
      const found = this.index.resolve(type, key, place);
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
      this.relate(draft, 'belongs-to', this.endOf(owner.type, owner.id, place), place);
    }
    return draft;
  }

  private addAsset(stated: Partial<Asset> & Pick<Asset, 'id' | 'type' | 'account' | 'region'>): AssetDraft {
    const draft = draftOf({ tags: NO_TAGS, source: '', record: EMPTY, ...stated }, bareOf(stated.id));
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

/** Sorts one asset's relationships and leaves out repetitions; of several sources the first in order stays. */
function distinctSorted(relationships: readonly Relationship[]): readonly Relationship[] {
  if (relationships.length < 2) return relationships;
  return [...relationships]
    .sort((a, b) => byCode(a.kind, b.kind) || byCode(a.to, b.to) || byCode(a.source, b.source))
    .filter((item, at, all) => at === 0 || item.kind !== all[at - 1]?.kind || item.to !== all[at - 1]?.to);
}
