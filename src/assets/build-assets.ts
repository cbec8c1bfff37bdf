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
import type { Answer, Snapshot } from '../snapshot/index.js';
import { type AssetIndex, bareOf, indexAssets } from './asset-index.js';
import type { AssetDetail, AssetType, FieldLink, Link, Place } from './declaration.js';
import { assetDetails, assetTypes } from './families.js';
import { readRecords, textAt, textsAt, valuesAt } from './path.js';
import { accountReference } from './principal-reference.js';
import { operationOf, placeOf, readAssets, readTagValue, unreadable } from './read-assets.js';

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
  private readonly assets: Map<string, Asset>;
  private readonly relationships = new Map<string, Relationship[]>();
  private readonly details = new Map<string, Map<string, JsonObject>>();
  private readonly gaps: Gap[];
  private readonly index: AssetIndex;
  private readonly collected: ReadonlySet<string>;
  private readonly read;

  constructor(private readonly snapshot: Snapshot) {
    this.read = readAssets(snapshot, assetTypes);
    this.assets = this.read.assets;
    this.gaps = [...this.read.gaps];
    this.collected = new Set(snapshot.accounts.map(({ id }) => id));
    for (const account of snapshot.accounts) this.addAccount(account.id, account.name);
    this.addSynthetic('internet', 'internet');
    const bareIds = new Map<Asset, string>();
    for (const asset of this.assets.values()) bareIds.set(asset, this.read.bareIds.get(asset.id) ?? bareOf(asset.id));
    this.index = indexAssets(this.assets, bareIds, assetTypes, this.collected);
  }

  build(): AssetInventory {
    for (const { assetId, declaration, record, place } of this.read.statements) {
      // What a shared asset names belongs to its owner, whoever was asked.
      const account = this.assets.get(assetId)?.account || place.account;
      this.addLinks(assetId, declaration, record, { ...place, account });
    }
    for (const detail of assetDetails) {
      for (const answer of this.snapshot.answers(...operationOf(detail.answer))) this.addDetail(detail, answer);
    }
    for (const [id, answers] of this.details) {
      const asset = this.assets.get(id);
      if (asset) this.assets.set(id, { ...asset, details: answers });
    }
    const ids = [...this.assets.keys()].sort(byCode);
    return {
      assets: ids.map((id) => this.assets.get(id) as Asset),
      relationships: ids.flatMap((id) => distinctSorted(this.relationships.get(id) ?? [])),
      gaps: this.gaps.sort(
        byKey((gap) => `${gap.account}/${gap.region}/${gap.service}/${gap.operation} ${gap.message}`),
      ),
    };
  }

  private addLinks(from: string, declaration: AssetType | AssetDetail, record: JsonObject, place: Place): void {
    for (const fieldLink of declaration.links ?? []) this.addFieldLink(from, fieldLink, record, place);
    for (const stated of declaration.moreLinks?.(record, place) ?? []) this.addLink(from, stated, place);
  }

  private addFieldLink(from: string, [kind, type, path]: FieldLink, record: JsonObject, place: Place): void {
    for (const id of textsAt(record, path)) this.addLink(from, { kind, to: { type, id } }, place);
  }

  private addLink(from: string, stated: Link, place: Place): void {
    const fromId = stated.from ? this.endOf(stated.from, place) : from;
    const toId = this.endOf(stated.to, place);
    if (fromId === undefined || toId === undefined || fromId === toId) return;
    this.relate({ from: fromId, kind: stated.kind, to: toId, source: place.source });
  }

  private relate(relationship: Relationship): void {
    const known = this.relationships.get(relationship.from);
    if (known) known.push(relationship);
    else this.relationships.set(relationship.from, [relationship]);
  }

  /** The id of an end of a relationship, which becomes an asset if it is none yet. */
  private endOf(reference: Link['to'], place: Place): string | undefined {
    const found = this.index.resolve(reference, place);
    if (typeof found !== 'string') return found?.id;
    if (!this.assets.has(found)) this.addMentioned(found, reference.type, place);
    return found;
  }

  private addDetail(detail: AssetDetail, answer: Answer): void {
    const place = placeOf(answer, this.snapshot);
    for (const [key, record] of this.detailRecords(detail, answer)) {
      const id = this.assetOfDetail(detail, detail.assetIn?.(key) ?? key, place);
      if (id === undefined) continue;
      const answers = this.details.get(id) ?? new Map<string, JsonObject>();
      this.details.set(id, answers.set(answers.has(detail.answer) ? `${detail.answer}/${key}` : detail.answer, record));
      this.addLinks(id, detail, record, place);
      this.completeAsset(id, detail, record, place);
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

  private assetOfDetail({ about }: AssetDetail, key: string, place: Place): string | undefined {
    for (const type of typeof about === 'string' ? [about] : about) {
      const found = this.index.resolve({ type, id: key }, place);
      if (typeof found === 'object') return found.id;
    }
    return undefined;
  }

  private completeAsset(id: string, detail: AssetDetail, record: JsonObject, place: Place): void {
    const asset = this.assets.get(id);
    if (!asset || (!detail.tellsRegion && detail.tags === undefined)) return;
    const tags = detail.tags === undefined ? NO_TAGS : readTagValue(valuesAt(record, detail.tags)[0] ?? null);
    const name = asset.name ?? tags.get('Name');
    this.assets.set(id, {
      ...asset,
      region: detail.tellsRegion ? place.region : asset.region,
      ...(name !== undefined && { name }),
      tags: tags.size === 0 ? asset.tags : new Map([...asset.tags, ...tags]),
    });
  }

  private addAccount(id: string, name: string | undefined): void {
    const answers = ['global', ...(this.snapshot.accounts.find((a) => a.id === id)?.regions ?? [])].map((region) =>
      this.snapshot.answer(id, region, 'sts', 'GetCallerIdentity'),
    );
    const answer = answers.find((candidate) => candidate !== undefined);
    const partition = parseArn(textAt(answer?.body, 'Arn') ?? '')?.partition;
    const { id: root } = accountReference(id, partition);
    if (this.assets.has(root)) return;
    this.assets.set(root, {
      id: root,
      type: 'aws:account',
      account: id,
      region: 'global',
      ...(name !== undefined && { name }),
      tags: NO_TAGS,
      source: answer?.source ?? '',
      record: answer?.body ?? EMPTY,
    });
  }

  private addSynthetic(id: string, type: string): void {
    this.assets.set(id, { id, type, account: '', region: 'global', tags: NO_TAGS, source: '', record: EMPTY });
  }

  /** An asset that is only named. One of an account outside the snapshot belongs to that account. */
  private addMentioned(id: string, type: string, place: Place): void {
    const arn = parseArn(id);
    const account = arn ? (/^\d{12}$/.test(arn.account) ? arn.account : '') : (id.split('aws:account/')[1] ?? '');
    this.assets.set(id, {
      id,
      type,
      account,
      region: arn?.region || 'global',
      tags: NO_TAGS,
      source: '',
      record: EMPTY,
    });
    if (arn && account !== '' && !this.collected.has(account)) {
      const owner = this.endOf(accountReference(account, arn.partition), place);
      if (owner !== undefined) this.relate({ from: id, kind: 'belongs-to', to: owner, source: place.source });
    }
  }
}

/** Sorts one asset's relationships and leaves out repetitions; of several sources the first in order stays. */
function distinctSorted(relationships: readonly Relationship[]): Relationship[] {
  return [...relationships]
    .sort((a, b) => byCode(a.kind, b.kind) || byCode(a.to, b.to) || byCode(a.source, b.source))
    .filter((item, at, all) => at === 0 || item.kind !== all[at - 1]?.kind || item.to !== all[at - 1]?.to);
}
