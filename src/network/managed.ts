import type { Snapshot } from '../snapshot/index.js';
import { containerTasks } from './managed-containers.js';
import { clusters, databases, proxies } from './managed-databases.js';
import { caches, functions, mountTargets, searchDomains, warehouses } from './managed-services.js';
import type { Interface } from './interfaces.js';
import type { Managed } from './managed-thing.js';
import { vpcLinks } from './vpc-links.js';
import type { Subnet } from './vpcs.js';

/** Reads everything managed that stands in a VPC. */
export function readManaged(
  snapshot: Snapshot,
  subnets: ReadonlyMap<string, Subnet>,
  interfaces: ReadonlyMap<string, Interface>,
): Managed[] {
  return [
    ...databases(snapshot, subnets),
    ...clusters(snapshot),
    ...proxies(snapshot),
    ...functions(snapshot),
    ...vpcLinks(snapshot),
    ...searchDomains(snapshot),
    ...warehouses(snapshot),
    ...mountTargets(snapshot),
    ...caches(snapshot),
    ...containerTasks(snapshot, interfaces),
  ];
}
