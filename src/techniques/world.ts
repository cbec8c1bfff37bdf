import type { AssetGraph } from '../graph/index.js';
import type { Authorizer } from '../iam/index.js';
import { type Asset, type Evidence, groupBy, type Json, onceForBoth, parseArn, partitionOf } from '../model/index.js';
import type { Network } from '../network/index.js';
import type { Permissions } from './permissions.js';
import { joinLists } from './whole-lists.js';

/** A secret found in plain sight: in user data or environment variables. Never its value. */
export interface SecretSighting {
  /** The instance, launch template or function whose text holds it. */
  readonly holder: string;
  /** Kinds of secret, e.g. `aws-access-key`, `password`, `connection-string`. */
  readonly kinds: readonly string[];
  /** Ids (never the secrets) of access keys in it. */
  readonly accessKeyIds: readonly string[];
  readonly source: string;
}

/** A known vulnerability of the software on a host. */
export interface Weakness {
  /** As in `CVE-2021-44228`. */
  readonly id: string;
  /** The package that has it; empty where it is not said. */
  readonly package: string;
  /** In lower case, as the scanner says it. */
  readonly severity: string;
  /** It can be used over the network. */
  readonly isNetwork: boolean;
  /** An exploit of it is known. */
  readonly isExploited: boolean;
  readonly source: string;
}

/** Something observed about an asset that no asset record holds: `undefined` where it was not collected. */
export interface Observations {
  readonly sightings: readonly SecretSighting[];
  /** How many access keys a user has. */
  accessKeyCount(user: string): number | undefined;
  /** The user that an access key belongs to. */
  ownerOfAccessKey(accessKeyId: string): string | undefined;
  /** Whether a user can sign in to the console with a password. */
  hasPassword(user: string): boolean | undefined;
  /** Whether the SSM agent of an instance is registered and online. */
  isManagedBySsm(instance: string): boolean | undefined;
  /** What a scanner found on an instance; empty where none looked. */
  weaknesses(instance: string): readonly Weakness[];
  /**
   * What an operation that is asked once a resource (`<service>/<Operation>` as in the snapshot) says of an asset: `null` where it says that there
   * is nothing, `undefined` where it was not asked.
   */
  detail(operation: string, asset: string): Json | undefined;
  /** Whether AWS refused to say it of an asset. */
  wasRefused(operation: string, asset: string): boolean;
  /** Whether an operation (`<service>/<Operation>`) was answered in every region of an account: only then is what it does not list not there. */
  isCollected(operation: string, account: string): boolean;
  /** The answer of an operation that is asked once an account and region; `undefined` where there is none. */
  answer(operation: string, account: string, region: string): Json | undefined;
  /** All answers of such an operation for an account. */
  answersOf(operation: string, account: string): readonly { readonly region: string; readonly body: Json }[];
}

/** Everything that a technique may look at. */
export interface World {
  readonly graph: AssetGraph;
  readonly iam: Authorizer;
  readonly network: Network;
  readonly permissions: Permissions;
  readonly observed: Observations;
}

/** Resources that are asked about together: same type, account and region. */
export interface ResourceGroup {
  readonly account: string;
  readonly region: string;
  /** Of the first asset’s ARN: the region of what is global says nothing of it. */
  readonly partition: string;
  readonly ids: readonly string[];
}

/** The assets of a type by account and region, in the order of the assets. One array for each, so that equal questions are seen to be equal. */
export function groupsOf(world: World, type: string): readonly ResourceGroup[] {
  const memo = groupMemo.get(world.graph) ?? new Map<string, readonly ResourceGroup[]>();
  groupMemo.set(world.graph, memo);
  const known = memo.get(type);
  if (known) return known;
  const groups = groupBy(world.graph.assetsOfType(type), (a) => `${a.account} ${a.region}`);
  const lists = listsOf(world, type, [...groups.values()]);
  const made = [...groups.values()].map((members, at) => {
    const [first] = members as [Asset];
    const partition = parseArn(first.id)?.partition ?? partitionOf(first.region);
    return { account: first.account, region: first.region, partition, ids: lists[at] ?? [] };
  });
  memo.set(type, made);
  return made;
}

const idsIn = onceForBoth((graph: AssetGraph, type: string): readonly string[] =>
  graph.assetsOfType(type).map(({ id }) => id),
);

/** The ids of all assets of a type; one array. */
export const idsOfType = ({ graph }: World, type: string): readonly string[] => idsIn(graph, type);

/** The ids of groups into which all assets of a type are divided, as parts of one list. */
export function listsOf(
  world: World,
  type: string,
  groups: readonly (readonly Asset[])[],
): readonly (readonly string[])[] {
  const whole = idsOfType(world, type);
  if (groups.length === 1) return [whole];
  const lists = groups.map((members) => members.map(({ id }) => id));
  joinLists(lists, whole);
  return lists;
}

const aloneMemo = new WeakMap<AssetGraph, Map<string, ReadonlyMap<string, readonly string[]>>>();

/** One asset of a type in a list of its own, which is a part of all of the type: what is asked about one is asked about all of them at once. */
export function alone(world: World, type: string, id: string): readonly string[] {
  const memo = aloneMemo.get(world.graph) ?? new Map<string, ReadonlyMap<string, readonly string[]>>();
  aloneMemo.set(world.graph, memo);
  let lists = memo.get(type);
  if (lists === undefined) {
    const all = idsOfType(world, type);
    lists = new Map(all.map((one) => [one, [one]]));
    joinLists([...lists.values()], all);
    memo.set(type, lists);
  }
  return lists.get(id) ?? [id];
}

const groupMemo = new WeakMap<AssetGraph, Map<string, readonly ResourceGroup[]>>();

/** `asset`'s own record as evidence. */
export function stated(world: World, asset: string, what: string): Evidence {
  return { asset, fact: what, source: world.graph.asset(asset)?.source ?? '' };
}

/** What a person calls an asset: its name with its bare id, or the last part of its ARN. */
export function nameOf(world: World, asset: string): string {
  const known = world.graph.asset(asset);
  const bare = asset.split(/[:/]/).at(-1) ?? asset;
  return known?.name !== undefined && known.name !== bare ? `${known.name} (${bare})` : bare;
}
