import { groupBy, onceFor, sortedUnique } from '../model/index.js';
import type { Endpoint } from './endpoints.js';
import type { VpcGateway } from './gateways.js';
import { letsAllThrough } from './network-acls.js';
import type { Surroundings } from './network.js';
import type { Subnet } from './vpcs.js';
import { isPublic } from './interfaces.js';
import { aclOf, tableOf, type World } from './world.js';

const gatewaysByVpc = onceFor(
  ({ gateways }: World): ReadonlyMap<string, VpcGateway> =>
    new Map([...gateways.internet.values()].flatMap((gateway) => gateway.vpcs.map((id) => [id, gateway]))),
);

/** The internet gateway of a VPC. */
export const gatewayOf = (world: World, vpc: string): VpcGateway | undefined => gatewaysByVpc(world).get(vpc);

const groupsByVpc = onceFor(
  ({ groups }: World): ReadonlyMap<string, readonly string[]> =>
    new Map(
      [...groupBy(groups.values(), ({ vpc }) => vpc)].map(([vpc, own]) => [vpc, own.map(({ arn }) => arn)] as const),
    ),
);

const groupsOfVpc = (world: World, vpc: string): readonly string[] => groupsByVpc(world).get(vpc) ?? NO_GROUPS;

const NO_GROUPS: readonly string[] = [];

/** One array for each VPC. */
const groupsOfVpcs = (world: World, vpcs: readonly string[]): readonly string[] => {
  const [only = ''] = vpcs;
  return vpcs.length === 1 ? groupsOfVpc(world, only) : vpcs.flatMap((vpc) => groupsOfVpc(world, vpc));
};

const familiesOf = ({ cidrs }: Subnet): readonly (4 | 6)[] =>
  ([4, 6] as const).filter((family) => cidrs[`v${family}`].length > 0);

/** The network ACL of a subnet, unless it stops nothing of the families of its addresses. */
function narrowAclOf(world: World, subnet: Subnet): readonly string[] {
  const acl = aclOf(world, subnet);
  return acl && familiesOf(subnet).some((family) => !letsAllThrough(acl, family)) ? [acl.arn] : [];
}

/** The route table of a subnet, where it does not lead all of some family to the internet gateway that the VPC has. */
function inwardTableOf(world: World, subnet: Subnet): readonly string[] {
  const table = tableOf(world, subnet);
  if (table === undefined || gatewayOf(world, table.vpc) === undefined) return [];
  const leadsOut = (family: 4 | 6): boolean =>
    table.routes.some((r) => r.target === 'internet-gateway' && r.prefix === 0 && r.ips[`v${family}`].length > 0);
  return familiesOf(subnet).every(leadsOut) ? [] : [table.arn];
}

/** The network ACLs of all subnets, by ARN, but for those that let everything through. */
export const narrowAcls = (world: World): readonly string[] =>
  sortedUnique([...world.subnets.values()].flatMap((subnet) => narrowAclOf(world, subnet)));

/** What stands around the interfaces of an asset and could be changed, by ARN. */
export function surroundingsOf(world: World, { interfaces }: Endpoint): Surroundings {
  const subnets = sortedUnique(interfaces.map(({ subnet }) => subnet)).flatMap((id) => world.subnets.get(id) ?? []);
  return {
    groups: sortedUnique(
      interfaces.flatMap(({ groups }) => groups ?? []).flatMap((id) => world.groups.get(id)?.arn ?? []),
    ),
    groupsOfVpcs: groupsOfVpcs(world, sortedUnique(interfaces.map(({ vpc }) => vpc))),
    narrowAcls: sortedUnique(subnets.flatMap((subnet) => narrowAclOf(world, subnet))),
    hasPublicAddress: interfaces.some(({ addresses }) => addresses.some(isPublic)),
    inwardTables: sortedUnique(subnets.flatMap((subnet) => inwardTableOf(world, subnet))),
  };
}
