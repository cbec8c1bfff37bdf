import {
  bareOf,
  field,
  type Gap,
  groupBy,
  isObject,
  type Json,
  type JsonObject,
  lazyTagMap,
  parseArn,
  partitionOf,
  sortedUnique,
  text,
} from '../model/index.js';
import type { Answer, Snapshot } from '../snapshot/index.js';
import { AssetRegister, type DraftAsset } from './asset-register.js';
import type { AssetType, Place } from './declaration.js';
import { compilePath, readRecords, textReader } from './path.js';

/** What one answer states of assets of one type: their declaration reads their relationships once all assets are known. */
export interface Statements {
  readonly declaration: AssetType;
  readonly place: Place;
  /** The asset with number `numbers[i]` is stated by `records[i]`. */
  readonly numbers: readonly number[];
  readonly records: readonly JsonObject[];
}

export interface AssetsRead {
  readonly register: AssetRegister;
  readonly statements: readonly Statements[];
  readonly gaps: readonly Gap[];
}

const ACCOUNT_ID = /^\d{12}$/;

/**
 * Reads every asset that the declarations find. Where several answers state the same one, the owner's account is believed
 * before others, and an earlier declaration before a later one; tags are united. A record without the id that it needs is left
 * out and told as a gap, and so is an answer without the list that it should have.
 */
export function readAssets(snapshot: Snapshot, types: readonly AssetType[]): AssetsRead {
  const register = new AssetRegister();
  const statements: Statements[] = [];
  const gaps = strayAnswers(snapshot, types);
  /** How much the answer that states an asset is believed, by the asset's number; the lowest is believed most. */
  const ranks: number[] = [];
  types.forEach((declaration, order) => {
    for (const answer of snapshot.answers(...operationOf(declaration.answer))) {
      const place = placeOf(answer, snapshot);
      const numbers: number[] = [];
      const records: JsonObject[] = [];
      const makeOwn = assetMaker(declaration, place);
      const { bare: named = '' } = declaration.identity;
      const bareIn = typeof named === 'function' ? named : textReader(named);
      for (const record of recordsOf(answer, declaration, gaps)) {
        const bare = bareIn(record);
        const made = makeOwn(record, bare);
        if (made === undefined) {
          gaps.push(unreadable(answer, `a ${declaration.type} has no ${idField(declaration)}`));
          continue;
        }
        const rank = (made.account === place.account ? 0 : types.length) + order;
        let number = register.numberOf(made.id);
        if (number === undefined) {
          number = register.add(made, bare ?? bareOf(made.id));
          ranks[number] = rank;
        } else {
          const known = register.assets[number] as DraftAsset;
          const rankBefore = ranks[number] as number;
          register.assets[number] = rank < rankBefore ? mergeAssets(made, known) : mergeAssets(known, made);
          ranks[number] = Math.min(rankBefore, rank);
        }
        numbers.push(number);
        records.push(record);
      }
      if (records.length > 0) statements.push({ declaration, place, numbers, records });
    }
  });
  return { register, statements, gaps };
}

/**
 * Answers with lists or objects under other names than any declaration reads: they are of another operation, or were written by hand, and say not that
 * there is nothing. One without a list is what some services answer where there is none.
 */
function strayAnswers(snapshot: Snapshot, types: readonly AssetType[]): Gap[] {
  return [...groupBy(types, ({ answer }) => answer)].flatMap(([name, declared]) => {
    if (declared.some(({ keyed }) => keyed)) return [];
    const keys = sortedUnique(declared.flatMap(({ list }) => compilePath(list)[0]?.key ?? []));
    const isRead = (body: JsonObject): boolean => keys.some((key) => field(body, key) !== undefined);
    const holdsSomething = (body: JsonObject): boolean =>
      Object.values(body).some((value) => typeof value === 'object' && value !== null);
    return snapshot
      .answers(...operationOf(name))
      .filter(({ body }) => !isRead(body) && holdsSomething(body))
      .map((answer) => unreadable(answer, `has no ${keys.join(' or ')}`));
  });
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
  if (!declaration.keyed) return recordsIn(answer.body, answer, declaration, gaps);
  return keyedBodies(answer).flatMap((body) => {
    if (isObject(body)) return recordsIn(body, answer, declaration, gaps);
    gaps.push(unreadable(answer, 'holds something that is not an answer'));
    return [];
  });
}

function recordsIn(body: JsonObject, answer: Answer, { list, textAs }: AssetType, gaps: Gap[]): readonly JsonObject[] {
  const read = readRecords(body, list, textAs);
  for (const message of read.unreadable) gaps.push(unreadable(answer, message));
  return read.records;
}

const keyedBodies = (answer: Answer): Json[] =>
  Object.keys(answer.body).flatMap((key) => field(answer.body, key) ?? []);

const idField = ({ identity: { bare, arn } }: AssetType): string => (typeof bare === 'string' ? bare : arn) ?? 'id';

/** Makes the assets that records of one answer state, each with its bare id; `undefined` for a record without the id that it needs. */
function assetMaker({ identity, type, name: named, owner: owned }: AssetType, place: Place) {
  const { region, source } = place;
  const ownerIn = owned === undefined ? usualOwner : textReader(owned);
  const arnIn = identity.arn === undefined ? undefined : textReader(identity.arn);
  const nameIn = named === undefined ? undefined : textReader(named);
  const isAccount = (text: string): boolean => text === place.account || ACCOUNT_ID.test(text);
  return (record: JsonObject, bare: string | undefined): DraftAsset | undefined => {
    const written = ownerIn(record);
    const owner = written !== undefined && isAccount(written) ? written : place.account;
    const statedArn = arnIn?.(record);
    const arn = statedArn === undefined ? undefined : parseArn(statedArn);
    const ownPlace = owner === place.account ? place : { ...place, account: owner };
    // Some emulators and old answers leave ARNs out or fill in something else.
    const id = arn ? statedArn : bare === undefined ? undefined : identity.make?.(bare, ownPlace);
    if (id === undefined) return undefined;
    const tags = readTags(record);
    const name = tags.get('Name') || nameIn?.(record);
    const account =
      arn === undefined ? owner : arn.account === 'aws' ? '' : isAccount(arn.account) ? arn.account : owner;
    const at = arn?.region || region;
    return { id, type, account, region: at, tags, source, record, name, details: undefined };
  };
}

const usualOwner = ({ OwnerId }: JsonObject): string | undefined => text(OwnerId) || undefined;

const NO_TAGS: ReadonlyMap<string, string> = new Map();

/** Tags as a list (`Tags`, `TagSet`, `TagList`, `tags`) or as an object (`tags`). */
function readTags(record: JsonObject): ReadonlyMap<string, string> {
  const { Tags, TagSet, TagList, tags } = record;
  return readTagValue(Tags ?? TagSet ?? TagList ?? tags ?? null);
}

export function readTagValue(value: Json): ReadonlyMap<string, string> {
  if (Array.isArray(value)) return value.length === 0 ? NO_TAGS : lazyTagMap(value as readonly Json[]);
  if (!isObject(value)) return NO_TAGS;
  return new Map(Object.keys(value).map((key) => [key, text(field(value, key)) ?? '']));
}

function mergeAssets(better: DraftAsset, other: DraftAsset): DraftAsset {
  if (other.tags.size === 0 && (better.name !== undefined || other.name === undefined)) return better;
  const tags = other.tags.size === 0 ? better.tags : new Map([...other.tags, ...better.tags]);
  return { ...better, name: better.name ?? other.name, tags };
}
