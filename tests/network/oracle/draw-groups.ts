import type { Mutable } from './cloud.js';
import { NETWORKS, NETWORKS_IPV6 } from './draw-network-acls.js';
import type { Vpc } from './draw-vpc.js';
import type { Drawing } from './drawing.js';
import { PREFIX_LIST_IDS } from './prefix-lists.js';

const SERVICES: readonly Mutable[] = [
  { IpProtocol: '-1' },
  { IpProtocol: '-1' },
  { IpProtocol: 'tcp', FromPort: 22, ToPort: 22 },
  { IpProtocol: 'tcp', FromPort: 80, ToPort: 443 },
  { IpProtocol: 'tcp', FromPort: 0, ToPort: 65535 },
  { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432 },
  { IpProtocol: 'udp', FromPort: 53, ToPort: 53 },
  { IpProtocol: 'icmp', FromPort: -1, ToPort: -1 },
  { IpProtocol: 'icmp', FromPort: 8, ToPort: -1 },
  { IpProtocol: 'icmpv6', FromPort: -1, ToPort: -1 },
  { IpProtocol: '6', FromPort: 1024, ToPort: 40000 },
];

/** Three groups a VPC, and two of the guest in its subnets; rules name blocks, prefix lists, groups of this VPC and of others, and themselves. */
export function drawGroups(drawing: Drawing, vpc: Vpc): void {
  const { draw, cloud, vpcs } = drawing;
  const names = ['a', 'b', 'c'].map((letter) => `sg-${vpc.index}${letter}`);
  const guests = vpc.guest ? ['g', 'h'].map((letter) => `sg-${vpc.index}${letter}`) : [];
  vpc.groups.push(...names);
  vpc.guestGroups.push(...guests);
  const references = [
    ...names,
    ...(guests.length > 0 ? guests : names),
    ...vpcs.filter((other) => vpc.peers.has(other.index) || draw.chance(30)).map((other) => `sg-${other.index}a`),
  ];
  const rule = (): Mutable => {
    const permission: Mutable = {
      IpRanges: [],
      Ipv6Ranges: [],
      PrefixListIds: [],
      UserIdGroupPairs: [],
      ...draw.pick(SERVICES),
    };
    if (draw.chance(60)) permission['IpRanges'] = draw.some(NETWORKS, 20).map((CidrIp) => ({ CidrIp }));
    if (draw.chance(40)) permission['Ipv6Ranges'] = draw.some(NETWORKS_IPV6, 30).map((CidrIpv6) => ({ CidrIpv6 }));
    if (draw.chance(10)) permission['PrefixListIds'] = [{ PrefixListId: draw.pick(PREFIX_LIST_IDS) }];
    if (draw.chance(25)) {
      permission['UserIdGroupPairs'] = [{ GroupId: draw.pick(references), UserId: vpc.place.account }];
    }
    if (draw.chance(1)) {
      drawing.undecidable = true;
      permission['PrefixListIds'] = [{ PrefixListId: 'pl-unknown' }];
    }
    return permission;
  };
  const rules = (max: number): Mutable[] => Array.from({ length: draw.count(0, max) }, rule);
  const everywhere: Mutable = {
    IpProtocol: '-1',
    IpRanges: [{ CidrIp: '0.0.0.0/0' }],
    Ipv6Ranges: [{ CidrIpv6: '::/0' }],
    PrefixListIds: [],
    UserIdGroupPairs: [],
  };
  for (const id of [...names, ...guests]) {
    const place = guests.includes(id) && vpc.guest ? vpc.guest : vpc.place;
    cloud.add(place, 'ec2/DescribeSecurityGroups', {
      GroupId: id,
      GroupName: id,
      VpcId: vpc.id,
      OwnerId: place.account,
      IpPermissions: [...rules(3), ...(draw.chance(45) ? [everywhere] : [])],
      IpPermissionsEgress: draw.chance(75) ? [everywhere] : rules(3),
    });
  }
}
