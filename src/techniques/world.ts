import type { AssetGraph } from '../graph/index.js';
import type { Authorizer } from '../iam/index.js';
import type { Asset } from '../model/index.js';
import type { Network } from '../network/index.js';
import type { Permissions } from './permissions.js';

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

/** Everything that a technique may look at. */
export interface World {
  readonly graph: AssetGraph;
  readonly iam: Authorizer;
  readonly network: Network;
  readonly permissions: Permissions;
  readonly sightings: readonly SecretSighting[];
}

/** Resources that are asked about together: same type, account and region. */
export interface ResourceGroup {
  readonly key: string;
  readonly account: string;
  readonly region: string;
  readonly ids: readonly string[];
}

/** Assets by account and region, in the order of the assets. */
export function groupByPlace(assets: readonly Asset[], type: string): readonly ResourceGroup[] {
  const groups = new Map<string, { account: string; region: string; ids: string[] }>();
  for (const { id, account, region } of assets) {
    const key = `${type} ${account} ${region}`;
    const group = groups.get(key);
    if (group) group.ids.push(id);
    else groups.set(key, { account, region, ids: [id] });
  }
  return [...groups].map(([key, group]) => ({ key, ...group }));
}
