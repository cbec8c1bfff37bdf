import type { Mutable } from './cloud.js';
import type { Vpc } from './draw-vpc.js';
import type { Drawing } from './drawing.js';
import { FAR_LIST, SERVICE_LIST } from './prefix-lists.js';

/** One main table and up to two more; a subnet without an association uses the main one. */
export function drawRoutes(drawing: Drawing, vpc: Vpc, transit: ReadonlyMap<number, string>): void {
  const { draw, cloud } = drawing;
  const extra = draw.count(1, 2);
  const choices = vpc.subnets.map(() => draw.count(-1, extra - 1));
  for (let n = -1; n < extra; n++) {
    const tableId = `rtb-${vpc.index}${n + 1}`;
    const subnets = vpc.subnets.filter((_, i) => choices[i] === n && n >= 0);
    const association = (rest: Mutable): Mutable => ({
      RouteTableId: tableId,
      AssociationState: { State: 'associated' },
      ...rest,
    });
    cloud.add(vpc.place, 'ec2/DescribeRouteTables', {
      RouteTableId: tableId,
      VpcId: vpc.id,
      OwnerId: vpc.place.account,
      PropagatingVgws: [],
      Associations: [
        ...(n === -1 ? [association({ Main: true, RouteTableAssociationId: `rtbassoc-${tableId}` })] : []),
        ...subnets.map((s) =>
          association({ Main: false, SubnetId: s.id, RouteTableAssociationId: `rtbassoc-${tableId}-${s.id}` }),
        ),
      ],
      Routes: drawTable(drawing, vpc, transit),
    });
  }
  if (draw.chance(6) && vpc.internetGateway !== undefined) {
    drawing.undecidable = true;
    cloud.add(vpc.place, 'ec2/DescribeRouteTables', {
      RouteTableId: `rtb-${vpc.index}edge`,
      VpcId: vpc.id,
      OwnerId: vpc.place.account,
      PropagatingVgws: [],
      Associations: [
        {
          RouteTableId: `rtb-${vpc.index}edge`,
          RouteTableAssociationId: `rtbassoc-${vpc.index}edge`,
          AssociationState: { State: 'associated' },
          Main: false,
          GatewayId: vpc.internetGateway,
        },
      ],
      Routes: [
        local(vpc.cidrs[0] ?? ''),
        route(
          draw.pick(vpc.subnets).cidr,
          draw.pick([
            { NetworkInterfaceId: 'eni-appliance' },
            { NetworkInterfaceId: 'eni-gone', State: 'blackhole' },
            { NetworkInterfaceId: `eni-${vpc.index}0` },
          ]),
        ),
      ],
    });
  }
}

const route = (destination: string, target: Mutable): Mutable => ({
  [destination.startsWith('pl-')
    ? 'DestinationPrefixListId'
    : destination.includes(':')
      ? 'DestinationIpv6CidrBlock'
      : 'DestinationCidrBlock']: destination,
  Origin: 'CreateRoute',
  State: 'active',
  ...target,
});

const local = (cidr: string): Mutable => route(cidr, { GatewayId: 'local', Origin: 'CreateRouteTable' });

function drawTable(drawing: Drawing, vpc: Vpc, transit: ReadonlyMap<number, string>): Mutable[] {
  const { draw, vpcs } = drawing;
  const routes = new Map<string, Mutable>();
  const add = (destination: string, target: Mutable | undefined): void => {
    if (target && !routes.has(destination)) routes.set(destination, route(destination, target));
  };
  for (const cidr of vpc.cidrs) routes.set(cidr, local(cidr));
  if (vpc.ipv6 !== undefined) routes.set(vpc.ipv6, local(vpc.ipv6));

  const gateway = vpc.internetGateway === undefined ? undefined : { GatewayId: vpc.internetGateway };
  const nat = vpc.natGateway === undefined ? undefined : { NatGatewayId: vpc.natGateway };
  const egressOnly =
    vpc.egressOnlyGateway === undefined ? undefined : { EgressOnlyInternetGatewayId: vpc.egressOnlyGateway };
  const blackhole = { GatewayId: 'igw-gone', State: 'blackhole' };
  const hub = transit.get(vpc.index);
  const transitTarget = hub === undefined ? undefined : { TransitGatewayId: hub };

  switch (
    hub !== undefined && draw.chance(20)
      ? 'hub'
      : draw.pick(['public', 'public', 'public', 'split', 'private', 'partial', 'hub', 'public', 'none'] as const)
  ) {
    case 'public':
      add('0.0.0.0/0', gateway);
      add('::/0', draw.chance(85) ? gateway : egressOnly);
      if (draw.chance(15)) add('8.8.8.0/24', draw.pick([blackhole, nat, transitTarget]));
      break;
    case 'split':
      add('0.0.0.0/1', gateway);
      if (draw.chance(70)) add('128.0.0.0/1', draw.chance(70) ? gateway : blackhole);
      break;
    case 'private':
      add('0.0.0.0/0', nat);
      add('::/0', egressOnly);
      break;
    case 'partial':
      add(draw.chance(50) ? '8.8.8.0/24' : 'pl-00000001', gateway);
      if (draw.chance(60)) add('0.0.0.0/0', draw.pick([nat, blackhole]));
      break;
    case 'hub':
      add('0.0.0.0/0', transitTarget);
      add('::/0', transitTarget);
      break;
    case 'none':
      break;
  }
  if (vpc.gatewayEndpoint !== undefined && draw.chance(60)) add(SERVICE_LIST, { GatewayId: vpc.gatewayEndpoint });
  // No entry may lie in the VPC itself.
  if (draw.chance(25) && !vpc.cidrs.some((cidr) => /^10\.[12]\./.test(cidr)))
    add(FAR_LIST, draw.pick([gateway, nat, blackhole, transitTarget, { VpcPeeringConnectionId: 'pcx-01' }]));
  for (const other of vpcs) {
    if (other === vpc) continue;
    const pcx = `pcx-${Math.min(vpc.index, other.index)}${Math.max(vpc.index, other.index)}`;
    const peering = vpc.peers.has(other.index) ? { VpcPeeringConnectionId: pcx } : undefined;
    const ways = [peering, peering, transitTarget, transitTarget, draw.chance(10) ? blackhole : undefined];
    const way = draw.pick(ways);
    for (const cidr of [...other.cidrs, ...(other.ipv6 === undefined ? [] : [other.ipv6])]) {
      if (draw.chance(90)) add(cidr, way ?? peering ?? transitTarget);
    }
    const subnet = draw.pick(other.subnets);
    if (draw.chance(12) && !vpc.cidrs.some((c) => other.cidrs.includes(c))) add(subnet.cidr, draw.pick(ways));
  }
  if (draw.chance(3)) {
    drawing.undecidable = true;
    add('130.0.0.0/8', { NetworkInterfaceId: 'eni-appliance' });
  }
  if (draw.chance(6)) {
    // The first interface of the first instance, which is drawn in every VPC.
    drawing.undecidable = true;
    const subnet = draw.pick(draw.chance(50) ? vpc.subnets : draw.pick(vpcs).subnets);
    add(draw.pick([subnet.cidr, '130.0.0.0/8']), { NetworkInterfaceId: `eni-${vpc.index}0` });
  }
  if (draw.chance(3)) {
    drawing.undecidable = true;
    routes.set('propagated', {
      DestinationCidrBlock: draw.pick(['130.0.0.0/8', '8.8.8.0/24']),
      GatewayId: 'vgw-1',
      Origin: 'EnableVgwRoutePropagation',
      State: 'active',
    });
  }
  return [...routes.values()];
}
