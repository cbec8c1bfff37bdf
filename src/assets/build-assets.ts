import {
  type Asset,
  byKey,
  field,
  type Gap,
  isObject,
  type JsonObject,
  parseArn,
  type Relationship,
  type RelationshipTable,
  rowOf,
} from '../model/index.js';
import type { Answer, Snapshot, SnapshotAccount } from '../snapshot/index.js';
import { AssetIndex } from './asset-index.js';
import type { AssetRegister, DraftAsset } from './asset-register.js';
import type { AssetDetail, Place } from './declaration.js';
import { assetDetails, assetTypes } from './families.js';
import { LinkReader } from './link-reader.js';
import { readRecords, textAt, textReader, valuesAt } from './path.js';
import { accountReference } from './principal-reference.js';
import { operationOf, placeOf, readAssets, readTagValue, type Statements, unreadable } from './read-assets.js';
import { RelationshipRows } from './relationship-rows.js';

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

/** Owns the growing index of assets while relationships are read; used once. */
class InventoryBuilder {
  private readonly register: AssetRegister;
  private readonly statements: readonly Statements[];
  private readonly gaps: Gap[];
  private readonly index: AssetIndex;
  private readonly collected: ReadonlySet<string>;
  private readonly rows = new RelationshipRows();
  private readonly links: LinkReader;

  constructor(private readonly snapshot: Snapshot) {
    const { register, statements, gaps } = readAssets(snapshot, assetTypes);
    this.register = register;
    this.statements = statements;
    this.gaps = [...gaps];
    this.collected = new Set(snapshot.accounts.map(({ id }) => id));
    for (const account of snapshot.accounts) this.addAccount(account);
    this.addUnstated('internet', 'internet', '', 'global');
    this.index = new AssetIndex(register, assetTypes, this.collected);
    this.links = new LinkReader(this.index, this.rows, (id, type, place) => this.addMentioned(id, type, place));
  }

  build(): AssetInventory {
    for (const statements of this.statements) this.addStatements(statements);
    for (const detail of assetDetails) {
      for (const answer of this.snapshot.answers(...operationOf(detail.answer))) this.addDetails(detail, answer);
    }
    const { register } = this;
    // JavaScript's own order of strings is that of `byCode`.
    const order = register.assets
      .map(({ id }) => id)
      .sort()
      .map((id) => register.numberOf(id) as number);
    const positions = new Uint32Array(order.length);
    order.forEach((number, position) => {
      positions[number] = position;
    });
    const assets = order.map((number) => register.assets[number] as Asset);
    const table = this.rows.sorted(positions);
    const idAt = (position: number): string => (assets[position] as Asset).id;
    return {
      assets,
      table,
      get relationships() {
        return Array.from({ length: table.length }, (_, row) => rowOf(table, idAt, row));
      },
      positionOf: (id) => {
        const number = register.numberOf(id);
        return number === undefined ? undefined : positions[number];
      },
      assetOf: (id) => {
        const number = register.numberOf(id);
        return number === undefined ? undefined : register.assets[number];
      },
      gaps: this.gaps.sort(
        byKey((gap) => `${gap.account}/${gap.region}/${gap.service}/${gap.operation} ${gap.message}`),
      ),
    };
  }

  private addStatements({ declaration, place, numbers, records }: Statements): void {
    const readLinks = this.links.of(declaration, place.source);
    numbers.forEach((number, i) => {
      // What a shared asset names belongs to its owner, whoever was asked.
      const account = this.register.assets[number]?.account || place.account;
      readLinks(number, records[i] as JsonObject, account === place.account ? place : { ...place, account });
    });
  }

  private addDetails(detail: AssetDetail, answer: Answer): void {
    const place = placeOf(answer, this.snapshot);
    const readLinks = this.links.of(detail, place.source);
    const { assets } = this.register;
    this.visitDetails(detail, answer, (key, record) => {
      const number = this.assetOfDetail(detail, detail.assetIn?.(key) ?? key, place);
      if (number === undefined) return;
      const asset = assets[number] as DraftAsset;
      asset.details ??= new Map();
      asset.details.set(asset.details.has(detail.answer) ? `${detail.answer}/${key}` : detail.answer, record);
      readLinks(number, record, place);
      assets[number] = completed(asset, detail, record, place);
    });
  }

  private visitDetails(detail: AssetDetail, answer: Answer, visit: (key: string, record: JsonObject) => void): void {
    if (detail.list !== undefined) {
      const { records, unreadable: messages } = readRecords(answer.body, detail.list);
      for (const message of messages) this.gaps.push(unreadable(answer, message));
      const keyIn = textReader(detail.nameField ?? '');
      for (const record of records) {
        const key = keyIn(record);
        if (key !== undefined) visit(key, record);
      }
      return;
    }
    for (const key of Object.keys(answer.body)) {
      const record = field(answer.body, key);
      if (isObject(record)) visit(key, record);
      else if (record !== null) this.gaps.push(unreadable(answer, `the answer for ${key} is not an object`));
    }
  }

  private assetOfDetail({ about }: AssetDetail, key: string, place: Place): number | undefined {
    for (const type of typeof about === 'string' ? [about] : about) {
      const found = this.index.ofType(type).resolve(key, place);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private addAccount({ id, name, regions }: SnapshotAccount): void {
    const answer = ['global', ...regions]
      .map((region) => this.snapshot.answer(id, region, 'sts', 'GetCallerIdentity'))
      .find((candidate) => candidate !== undefined);
    const root = accountReference(id, parseArn(textAt(answer?.body, 'Arn') ?? '')?.partition);
    this.addUnstated(root.id, root.type, id, 'global', {
      name,
      ...(answer && { source: answer.source, record: answer.body }),
    });
  }

  /** An asset that is only named. One of an account outside the snapshot belongs to that account. */
  private addMentioned(id: string, type: string, place: Place): number {
    const known = this.register.numberOf(id);
    if (known !== undefined) return known;
    const arn = parseArn(id);
    const named = arn ? arn.account : (id.split('aws:account/')[1] ?? '');
    const account = /^\d{12}$/.test(named) ? named : '';
    const number = this.addUnstated(id, type, account, arn?.region || 'global');
    if (arn && account !== '' && !this.collected.has(account)) {
      const owner = accountReference(account, arn.partition);
      this.links.add(number, { kind: 'belongs-to', to: owner }, place, this.rows.sourceNumber(place.source));
    }
    return number;
  }

  /** An asset that no declaration finds. */
  private addUnstated(
    id: string,
    type: string,
    account: string,
    region: string,
    { source = '', record = EMPTY, name }: { source?: string; record?: JsonObject; name?: string | undefined } = {},
  ): number {
    return this.register.put({ id, type, account, region, tags: NO_TAGS, source, record, name, details: undefined });
  }
}

/** The asset with what an answer about it adds: its region, its tags, its name. */
function completed(asset: DraftAsset, detail: AssetDetail, record: JsonObject, place: Place): DraftAsset {
  const region = detail.tellsRegion ? place.region : asset.region;
  const tags = detail.tags === undefined ? NO_TAGS : readTagValue(valuesAt(record, detail.tags)[0] ?? null);
  if (region === asset.region && tags.size === 0) return asset;
  return {
    ...asset,
    region,
    name: asset.name ?? tags.get('Name'),
    tags: tags.size === 0 ? asset.tags : new Map([...asset.tags, ...tags]),
  };
}
