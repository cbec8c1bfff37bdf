import type { AssetGraph } from '../graph/index.js';
import { type Asset, at, type Condition, flag, groupBy, onceFor, sortedUnique, text, unknown } from '../model/index.js';
import type { Requirement } from './permissions.js';
import { alone, listsOf, type World } from './world.js';

/** Resources of one type, account, region and KMS key. */
export interface KeyedGroup {
  readonly account: string;
  readonly region: string;
  readonly ids: readonly string[];
  /** Accounts that may use them: the owner's, and those with which they are shared (as far as they are collected). */
  readonly accounts: readonly string[];
  /** The customer-managed key that encrypts them; `undefined` where there is none to ask. */
  readonly key?: string;
  /** The key alone: one array, so that equal questions are seen to be equal. */
  readonly keyList?: readonly string[];
  /** Calls that make the key usable again, where it is turned off or waits to be deleted; none otherwise. */
  readonly revival?: readonly string[];
  /** `none`, `aws` (an AWS-managed key) or `customer`. */
  readonly encryption: 'none' | 'aws' | 'customer';
  /** What is not known of the key. */
  readonly conditions: readonly Condition[];
}

/** The key that an asset is encrypted with, as an asset id. */
const keyOf = (world: World, asset: string): string | undefined => world.graph.outgoing(asset, 'encrypted-with')[0]?.to;

/**
 * AWS-managed keys (`aws/ebs`, `aws/rds`, `aws/secretsmanager`, …) let every principal of the account use them through their service, and
 * nobody else, ever.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-cmk
 */
export function isAwsManaged(world: World, key: string): boolean {
  const record = world.graph.asset(key)?.record;
  return (
    text(at(record, 'KeyManager')) === 'AWS' ||
    text(at(record, 'KeyMetadata', 'KeyManager')) === 'AWS' ||
    key.includes(':alias/aws/')
  );
}

const groupMemo = new WeakMap<AssetGraph, Map<string, readonly KeyedGroup[]>>();

/** The assets of a type by place and key. One array for each, so that equal questions are seen to be equal. */
export function keyedGroups(world: World, type: string): readonly KeyedGroup[] {
  const memo = groupMemo.get(world.graph) ?? new Map<string, readonly KeyedGroup[]>();
  groupMemo.set(world.graph, memo);
  const known = memo.get(type);
  if (known) return known;
  const keys = world.graph.endsOfType(type, 'encrypted-with');
  const shared = world.graph.endsOfType(type, 'shared-with');
  const groups = groupBy(world.graph.assetsOfType(type).entries(), ([at, a]) => {
    const accounts = shared[at]?.length === 0 ? a.account : accountsOf(world, a).join(' ');
    return `${a.account} ${a.region} ${keys[at]?.[0] ?? ''} ${saysEncrypted(a)} ${SAYS_KEY.has(type) && ifKeyUnseen(world, a.id).length} ${accounts}`;
  });
  const members = [...groups.values()].map((entries) => entries.map(([, asset]) => asset));
  const lists = listsOf(world, type, members);
  const made = members.map((own, at) => keyedGroup(world, own[0] as Asset, lists[at] ?? []));
  memo.set(type, made);
  return made;
}

/** The groups of {@link keyedGroups} by their members, once for the array of them. */
const byMember = onceFor(
  (groups: readonly KeyedGroup[]): ReadonlyMap<string, KeyedGroup> =>
    new Map(groups.flatMap((group) => group.ids.map((id) => [id, group] as const))),
);

/** The group that {@link keyedGroups} puts an asset in. */
export const keyedGroupOf = (world: World, type: string, id: string): KeyedGroup | undefined =>
  byMember(keyedGroups(world, type)).get(id);

/** Accounts are named by their root ARN or `aws:account/<id>`; what is shared with everybody is open to every collected account too. */
function accountsOf(world: World, { id, account }: Asset): readonly string[] {
  const shared = world.graph.outgoing(id, 'shared-with').map((r) => r.to);
  if (shared.length === 0) return [account];
  const collected = sortedUnique(world.iam.principals.map((p) => p.account));
  if (shared.includes('internet')) return sortedUnique([account, ...collected]);
  return sortedUnique([account, ...shared.flatMap((to) => /\d{12}/.exec(to)?.[0] ?? [])]);
}

const saysEncrypted = ({ record }: Asset): boolean =>
  flag(at(record, 'Encrypted')) === true || flag(at(record, 'StorageEncrypted')) === true;

/** Calls that say which key encrypts an asset, where its own record does not. */
const SAYS_KEY: ReadonlyMap<string, string> = new Map([['s3:bucket', 's3/GetBucketEncryption']]);

/** The condition of what AWS refused to say the key of. */
export function ifKeyUnseen(world: World, id: string): readonly Condition[] {
  const operation = SAYS_KEY.get(world.graph.asset(id)?.type ?? '');
  const isUnseen = operation !== undefined && world.observed.wasRefused(operation, id);
  return isUnseen ? [unknown('key', `which key encrypts ${id} was not to be seen`)] : [];
}

function keyedGroup(world: World, asset: Asset, ids: readonly string[]): KeyedGroup {
  const { id, account, region } = asset;
  const key = keyOf(world, id);
  const place = { account, region, ids, accounts: accountsOf(world, asset) };
  if (key === undefined && saysEncrypted(asset)) {
    return {
      ...place,
      encryption: 'customer',
      conditions: [unknown('key', `${id} is encrypted, but its key is not stated`)],
    };
  }
  if (key === undefined) return { ...place, encryption: 'none', conditions: ifKeyUnseen(world, id) };
  if (isAwsManaged(world, key)) return { ...place, encryption: 'aws', conditions: [] };
  const isCollected = (world.graph.asset(key)?.source ?? '') !== '';
  const conditions = isCollected ? [] : [unknown('key policy', `key ${key} was not collected`)];
  const revival = revivalOf(world, key);
  return {
    ...place,
    key,
    keyList: alone(world, 'kms:key', key),
    encryption: 'customer',
    conditions,
    ...(revival.length > 0 && { revival }),
  };
}

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
function revivalOf(world: World, key: string): readonly string[] {
  const record = world.graph.asset(key)?.record;
  const state = text(at(record, 'KeyState')) ?? text(at(record, 'KeyMetadata', 'KeyState'));
  if (state === 'Disabled') return ['kms:EnableKey'];
  return state === 'PendingDeletion' ? ['kms:CancelKeyDeletion', 'kms:EnableKey'] : [];
}

/**
 * The calls that open a key to another account. The intruder makes them directly, not a service on its behalf: a permission that is for services
 * alone does not do.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-grant-is-for-aws-resource
 */
const KEY_OPENERS: readonly Pick<Requirement, 'action' | 'context'>[] = [
  { action: 'kms:CreateGrant', context: { 'kms:GrantIsForAWSResource': 'false', 'kms:ViaService': [] } },
  { action: 'kms:PutKeyPolicy', context: { 'kms:ViaService': [] } },
];

/** The calls of which any one opens a group's key to others, without turning it on; none where there is no key, or not known to be one. */
export const openingKey = ({ keyList, conditions }: KeyedGroup): readonly Requirement[] =>
  keyList === undefined || conditions.length > 0
    ? []
    : KEY_OPENERS.map((opener) => ({ ...opener, resources: keyList }));

/** The ways to open a group's key to another account, as facts; none needed where there is no key, or not known to be one. */
export function waysToOpenKey(world: World, group: KeyedGroup): readonly (readonly string[])[] {
  const { key } = group;
  const openers = openingKey(group);
  if (key === undefined || openers.length === 0) return [[]];
  return openers.flatMap((opener) => {
    const calls = [opener, ...turnedOnAfter(opener, group)].map((call) => world.permissions.may(call).of(key));
    return calls.includes(undefined) ? [] : [calls.filter((fact) => fact !== undefined)];
  });
}

/** The calls that turn a group's key on beside one that opens it: whoever writes its policy may let anybody turn it on. */
export const turnedOnAfter = ({ action }: Requirement, group: KeyedGroup): readonly Requirement[] =>
  turningKeyOn(group).map((call) => (action === 'kms:PutKeyPolicy' ? { ...call, trusting: true } : call));

/** The calls that turn a group's key on again, where it is turned off or waits to be deleted. */
export const turningKeyOn = ({ keyList, conditions, revival = [] }: KeyedGroup): readonly Requirement[] =>
  keyList === undefined || conditions.length > 0
    ? []
    : revival.map((action) => ({ action, resources: keyList, context: { 'kms:ViaService': [] } }));

/** That each of them may be made, by whomever: `undefined` for one that nobody may. */
const keyTurnedOn = (world: World, group: KeyedGroup): readonly (string | undefined)[] =>
  turningKeyOn(group).map((call) => world.permissions.may(call).of(group.key ?? ''));

/** The same of the key that encrypts one asset of a type. */
export function keyOfAssetTurnedOn(world: World, type: string, id: string): readonly (string | undefined)[] {
  const group = keyedGroupOf(world, type, id);
  return group ? keyTurnedOn(world, group) : [];
}

/**
 * What a call through `via` (as in `ec2.us-east-1.amazonaws.com`) is checked for on the group's key, beside its own permission. A key that is turned off has
 * to be turned on again first: {@link keyTurnedOn}.
 */
export function keyRequirements(group: KeyedGroup, via: string, actions: readonly string[]): readonly Requirement[] {
  const { keyList: key, conditions } = group;
  if (key === undefined || conditions.length > 0) return [];
  const context = { 'kms:ViaService': via };
  // Said of grants alone: a statement that asks for it allows nothing else.
  const forGrants = { ...context, 'kms:GrantIsForAWSResource': 'true' };
  return actions.map((action) => ({
    action,
    resources: key,
    context: action === 'kms:CreateGrant' ? forGrants : context,
  }));
}

/** Those of some resources of a group for which a service tells KMS what no policy tells apart. */
export interface EncryptedAlike {
  readonly ids: readonly string[];
  /** What it tells; nothing where that is not known. */
  readonly context?: NonNullable<Requirement['context']>;
}

/**
 * The resources of a group by what their service tells KMS of each (`kms:EncryptionContext:…`): all together where no policy asks for that.
 * @param valueOf what it tells of one; `undefined` where that is not known
 */
export function encryptedAlike(
  { iam }: World,
  { ids, key: ofGroup }: KeyedGroup,
  key: string,
  valueOf: (id: string) => string | undefined,
): readonly EncryptedAlike[] {
  if (ofGroup === undefined || !iam.looksAt([key])) return [{ ids }];
  const contextOf = (id: string): EncryptedAlike['context'] => {
    const value = valueOf(id);
    return value === undefined ? undefined : { [key]: value };
  };
  const alike = groupBy(ids, (id) => {
    const context = contextOf(id);
    return context ? iam.likenessOf(context) : undefined;
  });
  return [...alike.values()].map((own) => {
    const context = contextOf(own[0] as string);
    return { ids: own, ...(context && { context }) };
  });
}

/** A way to have a group's key used: what the caller of the service has to be allowed on it, and what somebody else did first. */
export interface KeyWay {
  readonly also: readonly Requirement[];
  readonly body: readonly string[];
}

/**
 * The ways to have a service use a group's key: the caller may already; or somebody under the intruder's control grants it to the caller, or writes
 * it into the key's policy, first.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
 */
export function keyWays(
  world: World,
  group: KeyedGroup,
  via: string,
  actions: readonly string[],
  context?: Requirement['context'],
): readonly KeyWay[] {
  const turnedOn = keyTurnedOn(world, group);
  const also = keyRequirements(group, via, actions).map((one) => ({ ...one, context: { ...one.context, ...context } }));
  if (also.length === 0) return [{ also, body: [] }];
  const opened = also.map((one) => ({ ...one, trusting: true }));
  return [
    ...(turnedOn.includes(undefined) ? [] : [{ also, body: turnedOn.filter((fact) => fact !== undefined) }]),
    ...waysToOpenKey(world, group).map((body) => ({ also: opened, body })),
  ];
}
