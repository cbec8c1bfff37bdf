import { ownerIn, type Vpc } from './draw-vpc.js';
import type { Drawing } from './drawing.js';
import { SERVICE_LIST } from './prefix-lists.js';

/** The gateway endpoint that the route tables name, where there is one, and up to one interface endpoint. */
export function drawEndpoints(drawing: Drawing, vpc: Vpc): void {
  const { draw, cloud } = drawing;
  const { region } = vpc.place;
  if (vpc.gatewayEndpoint !== undefined) {
    cloud.add(vpc.place, 'ec2/DescribeVpcEndpoints', {
      VpcEndpointId: vpc.gatewayEndpoint,
      VpcEndpointType: 'Gateway',
      OwnerId: vpc.place.account,
      ServiceName: `com.amazonaws.${region}.s3`,
      VpcId: vpc.id,
      State: 'available',
      PrefixListId: SERVICE_LIST,
      NetworkInterfaceIds: [],
      SubnetIds: [],
      Groups: [],
    });
  }
  if (draw.chance(35)) drawInterfaceEndpoint(drawing, vpc);
}

function drawInterfaceEndpoint({ draw, cloud }: Drawing, vpc: Vpc): void {
  const { place, groups: candidates } = ownerIn(draw, vpc);
  const id = `vpce-if${vpc.index}`;
  const zones = new Map(vpc.subnets.map((s) => [s.zone, s]));
  const subnets = draw.some([...zones.values()], 75);
  const groups = draw.some(candidates, 40);
  if (groups.length === 0) groups.push(draw.pick(candidates));
  const faces = subnets.map((subnet, n) => {
    const face = `eni-vpce${vpc.index}${n}`;
    const address = `${subnet.base}.${230 + n}`;
    cloud.add(place, 'ec2/DescribeNetworkInterfaces', {
      NetworkInterfaceId: face,
      Attachment: { AttachmentId: `ela-attach-${face}`, InstanceOwnerId: 'amazon-aws', Status: 'attached' },
      AvailabilityZone: subnet.zone,
      Description: `VPC Endpoint Interface ${id}`,
      Groups: groups.map((GroupId) => ({ GroupId, GroupName: GroupId })),
      InterfaceType: 'vpc_endpoint',
      Ipv6Addresses: [],
      OwnerId: place.account,
      PrivateIpAddress: address,
      PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: address }],
      RequesterManaged: true,
      SourceDestCheck: true,
      Status: 'in-use',
      SubnetId: subnet.id,
      VpcId: vpc.id,
    });
    return face;
  });
  cloud.add(place, 'ec2/DescribeVpcEndpoints', {
    VpcEndpointId: id,
    VpcEndpointType: 'Interface',
    OwnerId: place.account,
    ServiceName: `com.amazonaws.${place.region}.ssm`,
    VpcId: vpc.id,
    State: draw.chance(88) ? 'available' : draw.pick(['pending', 'rejected', 'failed', 'deleting']),
    NetworkInterfaceIds: faces,
    SubnetIds: subnets.map((s) => s.id),
    Groups: groups.map((GroupId) => ({ GroupId, GroupName: GroupId })),
  });
}
