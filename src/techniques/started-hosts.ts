import { onceFor } from '../model/index.js';
import type { Exposure, NetworkLink } from '../network/index.js';
import { startsOf, stateOf } from './starting.js';
import { groupsOf, type World } from './world.js';

/** Instances that are stopped and that somebody may start, and how they are reached once they run: from inside without ways through balancers. */
export interface StartedHosts {
  /** The permission to start each. */
  readonly may: ReadonlyMap<string, string>;
  readonly exposures: readonly Exposure[];
  /** From hosts that run. */
  readonly links: readonly NetworkLink[];
}

export const startedHosts = onceFor((world: World): StartedHosts => {
  const may = new Map(
    groupsOf(world, 'ec2:instance').flatMap(({ ids }) => {
      const stopped = ids.filter((id) => stateOf(world, id) === 'stopped');
      if (stopped.length === 0) return [];
      // Of all of the group, as the ways onto stopped instances by the API ask.
      const starts = startsOf(world, ids);
      return stopped.flatMap((id) => {
        const start = starts.get(id);
        return start === undefined ? [] : [[id, start] as const];
      });
    }),
  );
  if (may.size === 0) return { may, exposures: [], links: [] };
  const started = new Set(may.keys());
  const network = world.network.opened({ started });
  return { may, exposures: network.exposures(started), links: network.links(started) };
});
