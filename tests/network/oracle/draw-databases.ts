import type { Mutable } from './cloud.js';
import { type DrawnSubnet, ownerIn, type Vpc } from './draw-vpc.js';
import type { Drawing } from './drawing.js';

/**
 * Up to two databases a VPC, in a subnet group, private or public, of IPv4 or both families. In some VPCs their interfaces are in the answers,
 * as they are in a whole account; in others they were not collected.
 */
export function drawDatabases(drawing: Drawing, vpc: Vpc): void {
  const { draw } = drawing;
  const count = draw.chance(45) ? 0 : draw.count(1, 2);
  const isShown = draw.chance(35);
  for (let n = 0; n < count; n++) drawDatabase(drawing, vpc, n, isShown);
}

function drawDatabase({ draw, cloud }: Drawing, vpc: Vpc, number: number, isShown: boolean): void {
  const id = `db${vpc.index}${number}`;
  const { place, groups: candidates } = ownerIn(draw, vpc);
  const { account, region } = place;
  const subnets = draw.some(vpc.subnets, 85);
  if (subnets.length === 0) subnets.push(draw.pick(vpc.subnets));
  const home = draw.pick(subnets);
  const groups = draw.some(candidates, 40);
  if (groups.length === 0) groups.push(draw.pick(candidates));
  const isPublic = draw.chance(50);
  const isDual = subnets.every((s) => s.ipv6 !== undefined) && draw.chance(60);
  const isZoned = draw.chance(60);
  cloud.add(place, 'rds/DescribeDBInstances', {
    DBInstanceIdentifier: id,
    DBInstanceArn: `arn:aws:rds:${region}:${account}:db:${id}`,
    DBInstanceStatus: draw.chance(92) ? 'available' : 'stopped',
    Engine: 'postgres',
    PubliclyAccessible: isPublic,
    NetworkType: isDual ? 'DUAL' : 'IPV4',
    Endpoint: { Address: `${id}.rds.amazonaws.com`, Port: draw.pick([5432, 5432, 443]) },
    ...(isZoned && { AvailabilityZone: home.zone, MultiAZ: false }),
    DBSubnetGroup: {
      DBSubnetGroupName: id,
      VpcId: vpc.id,
      Subnets: subnets.map((s) => ({ SubnetIdentifier: s.id, SubnetAvailabilityZone: { Name: s.zone } })),
    },
    VpcSecurityGroups: groups.map((VpcSecurityGroupId) => ({ VpcSecurityGroupId, Status: 'active' })),
  });
  if (!isShown) return;
  const record = interfaceOf(vpc, home, number, groups, account, isPublic, isDual);
  cloud.add(place, 'ec2/DescribeNetworkInterfaces', record);
}

function interfaceOf(
  vpc: Vpc,
  subnet: DrawnSubnet,
  number: number,
  groups: readonly string[],
  account: string,
  isPublic: boolean,
  isDual: boolean,
): Mutable {
  const address = `${subnet.base}.${240 + number}`;
  const association = isPublic
    ? { Association: { PublicIp: `55.0.${vpc.index}.${number}`, IpOwnerId: 'amazon-rds' } }
    : {};
  const id = `eni-db${vpc.index}${number}`;
  return {
    NetworkInterfaceId: id,
    ...association,
    Attachment: { AttachmentId: `eni-attach-${id}`, InstanceOwnerId: 'amazon-rds', Status: 'attached', DeviceIndex: 1 },
    AvailabilityZone: subnet.zone,
    Description: 'RDSNetworkInterface',
    Groups: groups.map((GroupId) => ({ GroupId, GroupName: GroupId })),
    InterfaceType: 'interface',
    Ipv6Addresses: isDual ? [{ Ipv6Address: `${subnet.ipv6}::${240 + number}` }] : [],
    OwnerId: account,
    PrivateIpAddress: address,
    PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: address, ...association }],
    RequesterId: 'amazon-rds',
    RequesterManaged: true,
    SourceDestCheck: true,
    Status: 'in-use',
    SubnetId: subnet.id,
    VpcId: vpc.id,
  };
}
