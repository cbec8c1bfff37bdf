import type { Mutable } from './cloud.js';
import type { Vpc } from './draw-vpc.js';
import type { Drawing } from './drawing.js';

/**
 * A gateway with three route tables in each Region that wants one, and sometimes a peering between two gateways.
 * @returns the gateway that a VPC (by index) is attached to
 */
export function drawTransit(drawing: Drawing): ReadonlyMap<number, string> {
  const { draw, vpcs } = drawing;
  const hubs = new Map<number, string>();
  if (!draw.chance(60)) return hubs;
  const regions = [...new Set(vpcs.map((v) => v.place.region))];
  for (const region of regions) drawGateway(drawing, region, hubs, regions.length > 1);
  return hubs;
}

function drawGateway(drawing: Drawing, region: string, hubs: Map<number, string>, isPeered: boolean): void {
  const { draw, cloud, vpcs } = drawing;
  const gateway = `tgw-${region}`;
  const other = region === 'us-east-1' ? 'us-west-2' : 'us-east-1';
  const place = vpcs.find((v) => v.place.region === region)?.place;
  if (!place) return;
  const referencing = draw.chance(40) ? 'enable' : 'disable';
  cloud.add(place, 'ec2/DescribeTransitGateways', {
    TransitGatewayId: gateway,
    TransitGatewayArn: `arn:aws:ec2:${region}:${place.account}:transit-gateway/${gateway}`,
    OwnerId: place.account,
    State: 'available',
    Options: { SecurityGroupReferencingSupport: referencing },
  });
  const tables = ['1', '2', '3'].map((n) => `tgw-rtb-${region}-${n}`);
  const attachments = new Map<string, Vpc>();
  const blocks = new Set<string>();
  for (const vpc of vpcs) {
    const block = vpc.cidrs[0] ?? '';
    if (vpc.place.region !== region || !draw.chance(85) || blocks.has(block)) continue;
    blocks.add(block);
    hubs.set(vpc.index, gateway);
    const id = `tgw-attach-${vpc.index}`;
    attachments.set(id, vpc);
    // One subnet a zone, and not always every zone.
    const zones = new Map(vpc.subnets.map((s) => [s.zone, s.id]));
    const doors = draw.some([...zones.values()], 85);
    cloud.add(vpc.place, 'ec2/DescribeTransitGatewayVpcAttachments', {
      TransitGatewayAttachmentId: id,
      TransitGatewayId: gateway,
      VpcId: vpc.id,
      VpcOwnerId: vpc.place.account,
      State: 'available',
      SubnetIds: doors.length > 0 ? doors : [vpc.subnets[0]?.id ?? ''],
      Options: {
        DnsSupport: 'enable',
        Ipv6Support: draw.chance(88) ? 'enable' : 'disable',
        ApplianceModeSupport: draw.chance(12) ? 'enable' : 'disable',
        SecurityGroupReferencingSupport: draw.chance(90) ? 'enable' : 'disable',
      },
    });
    addAttachment(
      drawing,
      place,
      gateway,
      id,
      'vpc',
      vpc.id,
      vpc.place.account,
      draw.chance(94) ? draw.pick(tables) : undefined,
    );
  }
  if (isPeered) {
    addAttachment(
      drawing,
      place,
      gateway,
      'tgw-attach-peer',
      'peering',
      `tgw-${other}`,
      place.account,
      draw.pick(tables),
    );
  }
  for (const table of tables) drawTable(drawing, place, gateway, table, attachments, isPeered);
}

function addAttachment(
  { cloud }: Drawing,
  place: Vpc['place'],
  gateway: string,
  id: string,
  type: string,
  resource: string,
  owner: string,
  table: string | undefined,
): void {
  cloud.add(place, 'ec2/DescribeTransitGatewayAttachments', {
    TransitGatewayAttachmentId: id,
    TransitGatewayId: gateway,
    TransitGatewayOwnerId: place.account,
    ResourceId: resource,
    ResourceOwnerId: owner,
    ResourceType: type,
    State: 'available',
    ...(table !== undefined && { Association: { State: 'associated', TransitGatewayRouteTableId: table } }),
  });
}

function drawTable(
  { draw, cloud, vpcs }: Drawing,
  place: Vpc['place'],
  gateway: string,
  table: string,
  attachments: ReadonlyMap<string, Vpc>,
  isPeered: boolean,
): void {
  cloud.add(place, 'ec2/DescribeTransitGatewayRouteTables', {
    TransitGatewayRouteTableId: table,
    TransitGatewayId: gateway,
    State: 'available',
    DefaultAssociationRouteTable: table.endsWith('1'),
    DefaultPropagationRouteTable: table.endsWith('1'),
  });
  const propagating = draw.some([...attachments.keys()], 80);
  const routes = new Map<string, Mutable>();
  const add = (destination: string, Type: string, id: string | undefined): void => {
    const vpc = attachments.get(id ?? '');
    routes.set(`${destination} ${Type}`, {
      ...(destination.startsWith('pl-') ? { PrefixListId: destination } : { DestinationCidrBlock: destination }),
      Type,
      State: id === undefined ? 'blackhole' : 'active',
      TransitGatewayAttachments:
        id === undefined
          ? []
          : [
              {
                TransitGatewayAttachmentId: id,
                ResourceId: vpc?.id ?? 'tgw-other',
                ResourceType: vpc ? 'vpc' : 'peering',
              },
            ],
    });
  };
  // What propagation brings stands in the search's answer too, unless only static routes were asked for.
  if (draw.chance(60)) {
    for (const id of propagating) {
      const vpc = attachments.get(id);
      for (const cidr of [...(vpc?.cidrs ?? []), ...(vpc?.ipv6 === undefined ? [] : [vpc.ipv6])])
        add(cidr, 'propagated', id);
    }
  }
  const exits = [...attachments.keys(), ...(isPeered ? ['tgw-attach-peer'] : [])];
  const destinations = [
    '0.0.0.0/0',
    '10.0.0.0/8',
    'pl-00000002',
    ...vpcs.flatMap((v) => [v.cidrs[0] ?? '', draw.pick(v.subnets).cidr]),
  ];
  for (const destination of draw.some(destinations, 15)) {
    add(destination, 'static', exits.length === 0 || draw.chance(25) ? undefined : draw.pick(exits));
  }
  // What has a NAT gateway is the way out for others.
  const egress = [...attachments].find(([, vpc]) => vpc.natGateway !== undefined)?.[0];
  if (egress !== undefined && draw.chance(50)) add('0.0.0.0/0', 'static', egress);
  if (isPeered) {
    for (const vpc of vpcs) {
      if (vpc.place.region !== place.region && draw.chance(80)) add(vpc.cidrs[0] ?? '', 'static', 'tgw-attach-peer');
    }
  }
  cloud.set(place, 'ec2/SearchTransitGatewayRoutes', table, {
    Routes: [...routes.values()],
    AdditionalRoutesAvailable: false,
  });
  cloud.set(place, 'ec2/GetTransitGatewayRouteTablePropagations', table, {
    TransitGatewayRouteTablePropagations: propagating.map((id) => ({
      TransitGatewayAttachmentId: id,
      ResourceId: attachments.get(id)?.id,
      ResourceType: 'vpc',
      State: 'enabled',
    })),
  });
}
