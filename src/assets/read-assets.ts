import {
  type Asset,
  field,
  type Gap,
  isObject,
  type Json,
  type JsonObject,
  parseArn,
  partitionOf,
  tagMap,
  text,
} from '../model/index.js';
import type { Answer, Snapshot } from '../snapshot/index.js';
import { bareOf } from './asset-index.js';
import type { AssetType, Place } from './declaration.js';
import { readRecords, textReader } from './path.js';

/** An asset, to which answers about it are added. */
export interface DraftAsset extends Omit<Asset, 'details'> {
  details?: Map<string, JsonObject>;
}

/** An asset while answers about it are read. */
export interface AssetDraft {
  asset: DraftAsset;
  /** What other records call it. */
  readonly bare: string;
  /** How much the answer that states it is believed; the lowest is believed most. */
  rank: number;
  /** Counts assets in the order in which they were found. */
  readonly serial: number;
}

/** What one answer states of assets of one type: their declaration reads their relationships once all assets are known. */
export interface Statements {
  readonly declaration: AssetType;
  readonly place: Place;
  /** `drafts[i]` is stated by `records[i]`. */
  readonly drafts: readonly AssetDraft[];
  readonly records: readonly JsonObject[];
}

export interface AssetsRead {
  /** By asset id. */
  readonly drafts: Map<string, AssetDraft>;
  readonly statements: readonly Statements[];
  readonly gaps: readonly Gap[];
}

const ACCOUNT_ID = /^\d{12}$/;

/**
 * Reads every asset that the declarations find. Where several answers state the same one, the owner's account is believed
 * before others, and an earlier declaration before a later one; tags are united. A record without the id that it needs is left
 * out and told as a gap.
 */
export function readAssets(snapshot: Snapshot, types: readonly AssetType[]): AssetsRead {
  const drafts = new Map<string, AssetDraft>();
  const statements: Statements[] = [];
  const gaps: Gap[] = [];
  types.forEach((declaration, order) => {
    for (const answer of snapshot.answers(...operationOf(declaration.answer))) {
      const place = placeOf(answer, snapshot);
      const stated: AssetDraft[] = [];
      const records: JsonObject[] = [];
      const makeOwn = assetMaker(declaration, place);
      const bareIn = textReader(declaration.identity.bare ?? '');
      for (const record of recordsOf(answer, declaration, gaps)) {
        const made = makeOwn(record);
        if (made === undefined) {
          gaps.push(unreadable(answer, `a ${declaration.type} has no ${idField(declaration)}`));
          continue;
        }
        const rank = (made.account === place.account ? 0 : types.length) + order;
        const known = drafts.get(made.id);
        if (!known) {
          const bare = bareIn(record) ?? bareOf(made.id);
          const draft = { asset: made, bare, rank, serial: drafts.size };
          drafts.set(made.id, draft);
          stated.push(draft);
        } else {
          known.asset = rank < known.rank ? mergeAssets(made, known.asset) : mergeAssets(known.asset, made);
          known.rank = Math.min(known.rank, rank);
          stated.push(known);
        }
        records.push(record);
      }
      if (records.length > 0) statements.push({ declaration, place, drafts: stated, records });
    }
  });
  return { drafts, statements, gaps };
}

/** `ec2/DescribeInstances` as the two arguments of `Snapshot.answers`. */
export function operationOf(answer: string): [service: string, operation: string] {
  const [service = '', operation = ''] = answer.split('/');
  return [service, operation];
}

/** Where an answer was given; global answers take the partition of their account's regions. */
export function placeOf(answer: Answer, snapshot: Snapshot): Place {
  const { account, region, source } = answer;
  const known = region === 'global' ? snapshot.accounts.find(({ id }) => id === account)?.regions[0] : region;
  return { account, asked: account, region, partition: partitionOf(known ?? ''), source };
}

export const unreadable = (answer: Answer, message: string): Gap => ({
  account: answer.account,
  region: answer.region,
  service: answer.service,
  operation: answer.operation,
  error: 'Unreadable',
  message: `${answer.source}: ${message}`,
});

function recordsOf(answer: Answer, declaration: AssetType, gaps: Gap[]): readonly JsonObject[] {
  const bodies: Json[] = declaration.keyed ? keyedBodies(answer) : [answer.body];
  return bodies.flatMap((body) => {
    if (!isObject(body)) {
      gaps.push(unreadable(answer, 'holds something that is not an answer'));
      return [];
    }
    const read = readRecords(body, declaration.list, declaration.textAs);
    for (const message of read.unreadable) gaps.push(unreadable(answer, message));
    return read.records;
  });
}

const keyedBodies = (answer: Answer): Json[] =>
  Object.keys(answer.body).flatMap((key) => field(answer.body, key) ?? []);

const idField = ({ identity }: AssetType): string => identity.bare ?? identity.arn ?? 'id';

/** Makes the assets that records of one answer state; `undefined` for a record without the id that it needs. */
function assetMaker({ identity, type, name: named, owner: owned = 'OwnerId' }: AssetType, place: Place) {
  const { region, source } = place;
  const ownerIn = textReader(owned);
  const arnIn = identity.arn === undefined ? undefined : textReader(identity.arn);
  const bareIn = identity.bare === undefined ? undefined : textReader(identity.bare);
  const nameIn = named === undefined ? undefined : textReader(named);
  const isAccount = (text: string): boolean => text === place.account || ACCOUNT_ID.test(text);
  return (record: JsonObject): DraftAsset | undefined => {
    const written = ownerIn(record);
    const owner = written !== undefined && isAccount(written) ? written : place.account;
    const stated = arnIn?.(record);
    const arn = stated === undefined ? undefined : parseArn(stated);
    // Some emulators and old answers leave ARNs out or fill in something else.
    const bare = arn ? undefined : bareIn?.(record);
    const ownPlace = owner === place.account ? place : { ...place, account: owner };
    const id = arn ? stated : bare === undefined ? undefined : identity.make?.(bare, ownPlace);
    if (id === undefined) return undefined;
    const tags = readTags(record);
    const name = tags.get('Name') || nameIn?.(record);
    const account =
      arn === undefined ? owner : arn.account === 'aws' ? '' : isAccount(arn.account) ? arn.account : owner;
    const at = arn?.region || region;
    return name === undefined
      ? { id, type, account, region: at, tags, source, record }
      : { id, type, account, region: at, tags, source, record, name };
  };
}

const NO_TAGS: ReadonlyMap<string, string> = new Map();

/** Tags as a list (`Tags`, `TagSet`, `TagList`, `tags`) or as an object (`tags`). */
function readTags(record: JsonObject): ReadonlyMap<string, string> {
  const value =
    field(record, 'Tags') ?? field(record, 'TagSet') ?? field(record, 'TagList') ?? field(record, 'tags') ?? null;
  return readTagValue(value);
}

export function readTagValue(value: Json): ReadonlyMap<string, string> {
  if (value === null || (Array.isArray(value) && value.length === 0)) return NO_TAGS;
  if (!isObject(value)) return tagMap(value);
  return new Map(Object.keys(value).map((key) => [key, text(field(value, key)) ?? '']));
}

function mergeAssets(better: DraftAsset, other: DraftAsset): DraftAsset {
  if (other.tags.size === 0 && (better.name !== undefined || other.name === undefined)) return better;
  const name = better.name ?? other.name;
  const tags = other.tags.size === 0 ? better.tags : new Map([...other.tags, ...better.tags]);
  return { ...better, ...(name !== undefined && { name }), tags };
}
