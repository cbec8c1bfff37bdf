import type { NetworkLink } from '../network/index.js';
import type { World } from './world.js';

/** Stores that are reached over the network. */
const NETWORK_STORES = [
  'rds:db-instance',
  'rds:db-cluster',
  'redshift:cluster',
  'opensearch:domain',
  'efs:file-system',
  'elasticache:cluster',
  'elasticache:replication-group',
] as const;

/** Whether an asset is a store that is reached over the network. */
export const isNetworkStore = (world: World, id: string): boolean =>
  NETWORK_STORES.some((type) => type === world.graph.asset(id)?.type);

/** The kinds of such stores that there are. */
export const presentStores = (world: World): readonly string[] =>
  NETWORK_STORES.filter((type) => world.graph.assetsOfType(type).length > 0);

/** Who can connect to which store; asked for all kinds that there are at once, so that it is worked out once. */
export function storeLinks(world: World): readonly NetworkLink[] {
  const present = presentStores(world);
  return present.length === 0 ? [] : world.network.links({ targetTypes: present });
}

/** Who reaches a member reaches its cluster. */
export const withCluster = (world: World, store: string): readonly string[] => [
  store,
  ...world.graph.outgoing(store, 'member-of').map((r) => r.to),
];
