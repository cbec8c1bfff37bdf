import { fact } from './fact.js';
import { NETWORK_CHANGES } from './network-changes.js';
import { networkConnection } from './network-connection.js';
import { type OpenedWay, openedWays } from './opened-ways.js';
import { RUN_INSTANCE_IN_VPC, waysByOwnInstance } from './own-instance.js';
import { presentStores, withCluster } from './store-links.js';
import type { Emit, Technique, TechniqueInfo } from './technique.js';
import { idsOfType, nameOf, type World } from './world.js';

const memo = new WeakMap<World, readonly OpenedWay[]>();

/** The ways to stores that changes of the network would make. */
function waysToStores(world: World, emit: Emit): readonly OpenedWay[] {
  const known = memo.get(world);
  if (known) return known;
  const types = presentStores(world);
  const targets = types.flatMap((type) => idsOfType(world, type));
  const made = [...openedWays(world, emit, { purpose: 'store', targets, types }), ...waysByOwnInstance(world, emit)];
  memo.set(world, made);
  return made;
}

/** The stores that changes of the network would make reachable from where they are not. */
export const openedStores = (world: World, emit: Emit): ReadonlySet<string> =>
  new Set(waysToStores(world, emit).flatMap(({ target }) => withCluster(world, target)));

/** `net-reach store ← exec host ∧ opened …`, or by what is opened alone where the internet reaches the store then. */
export const openedStoreReach: Technique = {
  ...NETWORK_CHANGES.groups.info,
  steps: (world, emit) => {
    for (const { target, needs, isFromOutside, ports, conditions, evidence } of waysToStores(world, emit)) {
      const from = isFromOutside ? ' from the internet' : '';
      for (const store of withCluster(world, target))
        emit({
          head: fact('net-reach', store),
          body: needs,
          conditions,
          label: {
            technique: networkConnection,
            detail: () => ({
              text: `Connect to ${nameOf(world, target)} on ${ports.join(', ')}${from}.`,
              evidence,
              fix: networkConnection.remediation,
            }),
          },
        });
    }
  },
};

/** What a person reads about the changes beside that of {@link openedStoreReach}. */
export const FURTHER_NETWORK_CHANGES: readonly TechniqueInfo[] = [
  NETWORK_CHANGES.acls.info,
  NETWORK_CHANGES.tables.info,
  NETWORK_CHANGES.stores.info,
  RUN_INSTANCE_IN_VPC,
];
