import {
  type Asset,
  field,
  type Gap,
  isObject,
  type Json,
  type JsonObject,
  parseArn,
  partitionOf,
  type Relationship,
  tagMap,
  text,
} from '../model/index.js';
import type { Answer, Snapshot } from '../snapshot/index.js';
import { bareOf } from './asset-index.js';
import type { AssetType, Place } from './declaration.js';
import { readRecords, textAt } from './path.js';

/** An asset while answers about it are read. */
export interface AssetDraft {
  asset: Asset;
  /** What other records call it. */
  readonly bare: string;
  /** How much the answer that states it is believed; the lowest is believed most. */
  rank: number;
  /** Those that go out from it, as they come. */
  readonly relationships: Relationship[];
  details?: Map<string, JsonObject>;
}

export const draftOf = (asset: Asset, bare: string, rank = 0): AssetDraft => ({ asset, bare, rank, relationships: [] });

/** One statement of an asset: its declaration reads its relationships once all assets are known. */
export interface Statement {
  readonly draft: AssetDraft;
  readonly declaration: AssetType;
  readonly record: JsonObject;
  readonly place: Place;
}

export interface AssetsRead {
  /** By asset id. */
  readonly drafts: Map<string, AssetDraft>;
  readonly statements: readonly Statement[];
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
  const statements: Statement[] = [];
  const gaps: Gap[] = [];
  types.forEach((declaration, order) => {
    for (const answer of snapshot.answers(...operationOf(declaration.answer))) {
      const place = placeOf(answer, snapshot);
      for (const record of recordsOf(answer, declaration, gaps)) {
        const made = makeAsset(record, declaration, place);
        if (made === undefined) {
          gaps.push(unreadable(answer, `a ${declaration.type} has no ${idField(declaration)}`));
          continue;
        }
        const rank = (made.account === place.account ? 0 : types.length) + order;
        const known = drafts.get(made.id);
        const draft = known ?? draftOf(made, textAt(record, declaration.identity.bare ?? '') ?? bareOf(made.id), rank);
        if (!known) drafts.set(made.id, draft);
        else if (rank < known.rank) Object.assign(known, { asset: mergeAssets(made, known.asset), rank });
        else known.asset = mergeAssets(known.asset, made);
        statements.push({ draft, declaration, record, place });
      }
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

function ownerOf(record: JsonObject, path = 'OwnerId'): string | undefined {
  const owner = textAt(record, path);
  return owner !== undefined && ACCOUNT_ID.test(owner) ? owner : undefined;
}

/** @returns `undefined` for a record without the id that it needs */
function makeAsset(record: JsonObject, declaration: AssetType, place: Place): Asset | undefined {
  const { identity, type } = declaration;
  const owner = ownerOf(record, declaration.owner) ?? place.account;
  const stated = identity.arn === undefined ? undefined : textAt(record, identity.arn);
  const arn = stated === undefined ? undefined : parseArn(stated);
  // Some emulators and old answers leave ARNs out or fill in something else.
  const bare = arn || identity.bare === undefined ? undefined : textAt(record, identity.bare);
  const ownPlace = owner === place.account ? place : { ...place, account: owner };
  const id = arn ? stated : bare === undefined ? undefined : identity.make?.(bare, ownPlace);
  if (id === undefined) return undefined;
  const tags = readTags(record);
  const name = tags.get('Name') || (declaration.name === undefined ? undefined : textAt(record, declaration.name));
  return {
    id,
    type,
    account:
      arn === undefined ? owner : arn.account === 'aws' ? '' : ACCOUNT_ID.test(arn.account) ? arn.account : owner,
    region: arn?.region || place.region,
    ...(name !== undefined && { name }),
    tags,
    source: place.source,
    record,
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

function mergeAssets(better: Asset, other: Asset): Asset {
  const name = better.name ?? other.name;
  const tags = other.tags.size === 0 ? better.tags : new Map([...other.tags, ...better.tags]);
  return { ...better, ...(name !== undefined && { name }), tags };
}
