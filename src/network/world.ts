import type { Snapshot } from '../snapshot/index.js';
import { type Accelerated, readAccelerated } from './accelerators.js';
import { type Gateways, readGateways } from './gateways.js';
import { type InstanceRecord, type Interface, readInstances, readInterfaces } from './interfaces.js';
import { INTERNET, intersectIps, type IpSet, uniteAllIps } from './ip-set.js';
import { type NetworkAcl, type NetworkAcls, readNetworkAcls } from './network-acls.js';
import { type OutsideNetworks, readOutsideNetworks } from './outside-networks.js';
import { type PublicAccessBlock, readPublicAccessBlocks } from './public-access-blocks.js';
import { type PrefixLists, readCloudFront, readPrefixLists } from './prefix-lists.js';
import { type RouteTable, type RouteTables, readRouteTables } from './route-tables.js';
import { readSecurityGroups, type SecurityGroup } from './security-groups.js';
import { readTransitGateways, type TransitGateways } from './transit-gateways.js';
import { type RestLinks, readRestLinks } from './vpc-links.js';
import { type PrivateOrigin, readPrivateOrigins } from './vpc-origins.js';
import { readSubnets, readVpcs, type Subnet, type Vpc } from './vpcs.js';

/** The raw records that decide reachability, read once and indexed. */
export interface World {
  readonly snapshot: Snapshot;
  readonly vpcs: ReadonlyMap<string, Vpc>;
  readonly subnets: ReadonlyMap<string, Subnet>;
  /** VPCs of which a subnet was collected, whether the VPC itself was or not. */
  readonly peopled: ReadonlySet<string>;
  readonly prefixLists: PrefixLists;
  /** Sets of addresses, each of which is all that CloudFront has of one family. */
  readonly cloudFront: readonly IpSet[];
  readonly routeTables: RouteTables;
  readonly acls: NetworkAcls;
  readonly groups: ReadonlyMap<string, SecurityGroup>;
  readonly gateways: Gateways;
  readonly transit: TransitGateways;
  readonly outside: OutsideNetworks;
  readonly restLinks: RestLinks;
  /** Endpoints of accelerators. */
  readonly accelerated: readonly Accelerated[];
  /** Endpoints of CloudFront's VPC origins. */
  readonly privateOrigins: readonly PrivateOrigin[];
  readonly instances: ReadonlyMap<string, InstanceRecord>;
  readonly interfaces: ReadonlyMap<string, Interface>;
  /** The VPCs' own ranges, as far as they are addresses of the internet. */
  readonly ownRanges: IpSet;
  readonly publicAccessBlock: (subnet: Subnet) => PublicAccessBlock | undefined;
}

export function readWorld(snapshot: Snapshot): World {
  const vpcs = readVpcs(snapshot);
  const subnets = readSubnets(snapshot);
  const prefixLists = readPrefixLists(snapshot);
  const instances = readInstances(snapshot);
  const blocks = readPublicAccessBlocks(snapshot);
  return {
    snapshot,
    vpcs,
    subnets,
    peopled: new Set([...subnets.values()].map(({ vpc }) => vpc)),
    prefixLists,
    cloudFront: readCloudFront(snapshot, prefixLists),
    routeTables: readRouteTables(snapshot, prefixLists),
    acls: readNetworkAcls(snapshot),
    groups: readSecurityGroups(snapshot, prefixLists),
    gateways: readGateways(snapshot),
    transit: readTransitGateways(snapshot, vpcs, prefixLists),
    outside: readOutsideNetworks(snapshot),
    restLinks: readRestLinks(snapshot),
    accelerated: readAccelerated(snapshot),
    privateOrigins: readPrivateOrigins(snapshot),
    instances,
    interfaces: readInterfaces(snapshot, instances),
    ownRanges: intersectIps(uniteAllIps([...vpcs.values()].map((vpc) => vpc.cidrs)), INTERNET),
    publicAccessBlock: ({ account, region, vpc, arn }) =>
      blocks({ account, region, vpcArn: vpcs.get(vpc)?.arn ?? vpc, subnetArn: arn }),
  };
}

/** The table that decides for a subnet: its own, else its VPC's main table. */
export const tableOf = (world: World, subnet: Subnet): RouteTable | undefined =>
  world.routeTables.bySubnet.get(subnet.id) ?? world.routeTables.mainByVpc.get(subnet.vpc);

/** The network ACL that serves a subnet: its own, else its VPC's default one. */
export const aclOf = ({ acls }: World, { id, vpc }: Subnet): NetworkAcl | undefined =>
  acls.bySubnet.get(id) ?? acls.defaultByVpc.get(vpc);
