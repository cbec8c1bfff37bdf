import { once } from '../model/index.js';
import type { Snapshot } from '../snapshot/index.js';
import { acceleratedEntries } from './accelerated.js';
import { readEndpoints } from './endpoints.js';
import { balancedEntries, directEntries, toExposures } from './exposures.js';
import { findLinks, isOfType } from './links.js';
import { nameDistributions } from './named-origins.js';
import type { Network, NetworkLink, Surroundings } from './network.js';
import { openNetwork } from './opened-network.js';
import { reach } from './reach.js';
import { sentByLink } from './sent-by-link.js';
import { servedEntries } from './served.js';
import { narrowAcls, surroundingsOf } from './surroundings.js';
import { readWorld } from './world.js';

/** Builds the reachability engine over a snapshot. Reading is done once; answers are worked out when asked. */
export function buildNetwork(snapshot: Snapshot): Network {
  const world = readWorld(snapshot);
  const endpoints = readEndpoints(world);
  const links = new Map<string, readonly NetworkLink[]>();
  const surroundings = new Map<string, Surroundings>();
  return {
    reach: (question) => reach(world, endpoints, question),
    knows: (asset) => endpoints.byAsset.has(asset) || endpoints.ofInterface(asset) !== undefined,
    exposures: once(() =>
      nameDistributions(
        world,
        endpoints,
        toExposures(world, [
          ...directEntries(world, endpoints),
          ...balancedEntries(world, endpoints),
          ...acceleratedEntries(world, endpoints),
          ...servedEntries(world, endpoints),
        ]),
      ),
    ),
    links: ({ targetTypes } = {}) => {
      const key = targetTypes?.join() ?? '';
      const known = links.get(key) ?? findLinks(world, endpoints, isOfType(endpoints, targetTypes));
      links.set(key, known);
      return known;
    },
    sentByLink: (question) => sentByLink(world, endpoints, question),
    surroundings: (asset) => {
      const endpoint = endpoints.byAsset.get(asset);
      const found = surroundings.get(asset) ?? (endpoint && surroundingsOf(world, endpoint));
      if (found) surroundings.set(asset, found);
      return found;
    },
    narrowAcls: once(() => narrowAcls(world)),
    opened: (opening) => openNetwork(world, endpoints, opening),
  };
}
