import type { Cloud, Place } from './cloud.js';
import type { Draw } from './draw.js';

export interface DrawnSubnet {
  readonly id: string;
  readonly zone: string;
  /** The first three numbers of its /24. */
  readonly base: string;
  readonly cidr: string;
  /** The first four groups of its /64. */
  readonly ipv6: string | undefined;
}

export interface Vpc {
  readonly id: string;
  readonly index: number;
  readonly place: Place;
  readonly cidrs: readonly string[];
  readonly ipv6: string | undefined;
  readonly subnets: readonly DrawnSubnet[];
  readonly internetGateway: string | undefined;
  readonly egressOnlyGateway: string | undefined;
  readonly natGateway: string | undefined;
  readonly gatewayEndpoint: string | undefined;
  /** Another account that the subnets are shared with. */
  readonly guest: Place | undefined;
  /** Indexes of the VPCs that an active peering leads to. */
  readonly peers: Set<number>;
  readonly groups: string[];
  /** Groups of the guest. */
  readonly guestGroups: string[];
  readonly interfaces: DrawnInterface[];
}

export interface DrawnInterface {
  readonly id: string;
  readonly subnet: DrawnSubnet;
  readonly instance: string | undefined;
  readonly address: string;
}

/** VPC `index` is 10.index.0.0/16 (the third sometimes repeats the first), with up to four subnets and its gateways. */
export function drawVpc(draw: Draw, cloud: Cloud, place: Place, index: number, guest: Place | undefined): Vpc {
  const id = `vpc-${index}`;
  const block = index === 2 && draw.chance(15) ? 0 : index;
  const hasSecondary = draw.chance(30);
  const hasIpv6 = draw.chance(60);
  const cidrs = [`10.${block}.0.0/16`, ...(hasSecondary ? [`100.64.${index}.0/24`] : [])];
  const ipv6 = hasIpv6 ? `2600:1f00:0:${index}00::/56` : undefined;
  const zones = ['a', 'b', 'a'];
  const subnets = Array.from(
    { length: draw.count(1, 3) },
    (_, n): DrawnSubnet => ({
      id: `subnet-${index}${n}`,
      zone: `${place.region}${zones[n]}`,
      base: `10.${block}.${n + 1}`,
      cidr: `10.${block}.${n + 1}.0/24`,
      ipv6: hasIpv6 && draw.chance(80) ? `2600:1f00:0:${index}0${n}` : undefined,
    }),
  );
  if (hasSecondary) {
    const base = `100.64.${index}`;
    subnets.push({ id: `subnet-${index}9`, zone: `${place.region}b`, base, cidr: `${base}.0/24`, ipv6: undefined });
  }
  const places = [place, ...(guest ? [guest] : [])];
  cloud.addTo(places, 'ec2/DescribeVpcs', {
    VpcId: id,
    CidrBlock: cidrs[0],
    CidrBlockAssociationSet: cidrs.map((CidrBlock) => ({ CidrBlock, CidrBlockState: { State: 'associated' } })),
    Ipv6CidrBlockAssociationSet:
      ipv6 === undefined ? [] : [{ Ipv6CidrBlock: ipv6, Ipv6CidrBlockState: { State: 'associated' } }],
    OwnerId: place.account,
    State: 'available',
    IsDefault: false,
  });
  for (const subnet of subnets) {
    cloud.addTo(places, 'ec2/DescribeSubnets', {
      SubnetId: subnet.id,
      SubnetArn: `arn:aws:ec2:${place.region}:${place.account}:subnet/${subnet.id}`,
      VpcId: id,
      CidrBlock: subnet.cidr,
      Ipv6CidrBlockAssociationSet:
        subnet.ipv6 === undefined
          ? []
          : [{ Ipv6CidrBlock: `${subnet.ipv6}::/64`, Ipv6CidrBlockState: { State: 'associated' } }],
      AvailabilityZone: subnet.zone,
      AvailabilityZoneId: subnet.zone,
      OwnerId: place.account,
      State: 'available',
      MapPublicIpOnLaunch: false,
    });
  }
  const vpc = { id, index, place, guest, cidrs, ipv6, subnets };
  const drawn = { peers: new Set<number>(), groups: [], guestGroups: [], interfaces: [] };
  const gatewayEndpoint = draw.chance(35) ? `vpce-gw${index}` : undefined;
  return { ...vpc, ...drawn, gatewayEndpoint, ...drawGateways(draw, cloud, vpc) };
}

/** Who has something in a VPC, and the groups that it can have: its owner, or the guest in its subnets. */
export function ownerIn(draw: Draw, vpc: Vpc): { readonly place: Place; readonly groups: readonly string[] } {
  return vpc.guest && draw.chance(40)
    ? { place: vpc.guest, groups: vpc.guestGroups }
    : { place: vpc.place, groups: vpc.groups };
}

function drawGateways(
  draw: Draw,
  cloud: Cloud,
  vpc: Pick<Vpc, 'id' | 'index' | 'place' | 'subnets' | 'ipv6'>,
): Pick<Vpc, 'internetGateway' | 'egressOnlyGateway' | 'natGateway'> {
  const { id, index, place } = vpc;
  const internetGateway = draw.chance(92) ? `igw-${index}` : undefined;
  if (internetGateway !== undefined) {
    cloud.add(place, 'ec2/DescribeInternetGateways', {
      InternetGatewayId: internetGateway,
      OwnerId: place.account,
      Attachments: draw.chance(94) ? [{ State: 'available', VpcId: id }] : [],
    });
  }
  const egressOnlyGateway = vpc.ipv6 !== undefined && draw.chance(50) ? `eigw-${index}` : undefined;
  if (egressOnlyGateway !== undefined) {
    cloud.add(place, 'ec2/DescribeEgressOnlyInternetGateways', {
      EgressOnlyInternetGatewayId: egressOnlyGateway,
      Attachments: [{ State: 'attached', VpcId: id }],
    });
  }
  const natGateway = draw.chance(50) ? `nat-${index}` : undefined;
  const home = vpc.subnets[draw.count(0, vpc.subnets.length - 1)];
  if (natGateway !== undefined && home) {
    const address = { PrivateIpAddress: `${home.base}.200`, Association: { PublicIp: `54.0.${index}.1` } };
    cloud.add(place, 'ec2/DescribeNatGateways', {
      NatGatewayId: natGateway,
      VpcId: id,
      SubnetId: home.id,
      State: draw.chance(90) ? 'available' : 'deleted',
      ConnectivityType: 'public',
      NatGatewayAddresses: [
        {
          AllocationId: `eipalloc-nat${index}`,
          NetworkInterfaceId: `eni-nat${index}`,
          PrivateIp: address.PrivateIpAddress,
          PublicIp: address.Association.PublicIp,
          IsPrimary: true,
          Status: 'succeeded',
        },
      ],
    });
    cloud.add(place, 'ec2/DescribeNetworkInterfaces', {
      NetworkInterfaceId: `eni-nat${index}`,
      Association: address.Association,
      Attachment: { AttachmentId: `ela-attach-nat${index}`, InstanceOwnerId: 'amazon-aws', Status: 'attached' },
      AvailabilityZone: home.zone,
      Description: `Interface for NAT Gateway ${natGateway}`,
      Groups: [],
      InterfaceType: 'nat_gateway',
      Ipv6Addresses: [],
      OwnerId: place.account,
      PrivateIpAddress: address.PrivateIpAddress,
      PrivateIpAddresses: [{ Primary: true, ...address }],
      RequesterManaged: true,
      SourceDestCheck: false,
      Status: 'in-use',
      SubnetId: home.id,
      VpcId: id,
    });
  }
  return { internetGateway, egressOnlyGateway, natGateway };
}
