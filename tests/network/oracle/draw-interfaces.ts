import type { Mutable } from './cloud.js';
import { type DrawnSubnet, ownerIn, type Vpc } from './draw-vpc.js';
import type { Drawing } from './drawing.js';

/** Instances with one or two interfaces, each with its own subnet, groups and addresses; some are stopped, some interfaces loose. */
export function drawInterfaces({ draw, cloud }: Drawing, vpc: Vpc): void {
  const instances = draw.count(1, 3);
  for (let n = 0; n < instances; n++) {
    const instance = `i-${vpc.index}${n}`;
    const owner = ownerIn(draw, vpc);
    // The owner of a subnet sees what guests have in it, as far as it was asked.
    const seen = owner.place === vpc.place || draw.chance(50) ? [owner.place] : [vpc.place, owner.place];
    const count = draw.chance(25) ? 2 : 1;
    const zone = draw.pick(vpc.subnets).zone;
    const subnets = vpc.subnets.filter((s) => s.zone === zone);
    const records = Array.from({ length: count }, (_, k) => {
      const record = drawInterface(draw, vpc, owner, draw.pick(subnets), n * 2 + k, instance, k);
      vpc.interfaces.push({
        id: `eni-${vpc.index}${n * 2 + k}`,
        subnet: subnets.find((s) => s.id === record['SubnetId']) as DrawnSubnet,
        instance,
        address: record['PrivateIpAddress'] as string,
      });
      cloud.addTo(seen, 'ec2/DescribeNetworkInterfaces', record);
      return record;
    });
    const [first] = records;
    cloud.add(owner.place, 'ec2/DescribeInstances', {
      ReservationId: `r-${vpc.index}${n}`,
      OwnerId: owner.place.account,
      Groups: [],
      Instances: [
        {
          InstanceId: instance,
          State: draw.chance(90) ? { Code: 16, Name: 'running' } : { Code: 80, Name: 'stopped' },
          Placement: { AvailabilityZone: zone },
          VpcId: vpc.id,
          SubnetId: first?.['SubnetId'],
          PrivateIpAddress: first?.['PrivateIpAddress'],
          SecurityGroups: first?.['Groups'],
          NetworkInterfaces: records,
        },
      ],
    });
  }
  if (draw.chance(15)) {
    const record = drawInterface(draw, vpc, vpc, draw.pick(vpc.subnets), 8, undefined, 0);
    cloud.add(vpc.place, 'ec2/DescribeNetworkInterfaces', record);
  }
}

function drawInterface(
  draw: Drawing['draw'],
  vpc: Vpc,
  owner: Pick<Vpc, 'place'> & { readonly groups: readonly string[] },
  subnet: DrawnSubnet,
  number: number,
  instance: string | undefined,
  device: number,
): Mutable {
  const id = `eni-${vpc.index}${number}`;
  const associations = new Map<number, Mutable>();
  if (draw.chance(60)) associations.set(0, { PublicIp: `52.0.${vpc.index}.${number * 2}`, IpOwnerId: 'amazon' });
  const addresses = draw.chance(20) ? [0, 1] : [0];
  if (addresses.length > 1 && draw.chance(50)) {
    associations.set(1, { PublicIp: `52.0.${vpc.index}.${number * 2 + 1}`, IpOwnerId: owner.place.account });
  }
  const groups = draw.some(owner.groups, 45);
  if (groups.length === 0) groups.push(draw.pick(owner.groups));
  const record: Mutable = {
    NetworkInterfaceId: id,
    VpcId: vpc.id,
    SubnetId: subnet.id,
    AvailabilityZone: subnet.zone,
    OwnerId: owner.place.account,
    Description: '',
    InterfaceType: 'interface',
    RequesterManaged: false,
    SourceDestCheck: draw.chance(85),
    Status: instance === undefined && draw.chance(50) ? 'available' : 'in-use',
    Groups: groups.map((GroupId) => ({ GroupId, GroupName: GroupId })),
    PrivateIpAddress: `${subnet.base}.${10 + number * 2}`,
    PrivateIpAddresses: addresses.map((a) => ({
      Primary: a === 0,
      PrivateIpAddress: `${subnet.base}.${10 + number * 2 + a}`,
      ...(associations.has(a) && { Association: associations.get(a) }),
    })),
    Ipv6Addresses:
      subnet.ipv6 !== undefined && draw.chance(75) ? [{ Ipv6Address: `${subnet.ipv6}::${10 + number}` }] : [],
  };
  if (associations.has(0)) record['Association'] = associations.get(0);
  if (instance !== undefined) {
    record['Attachment'] = {
      AttachmentId: `eni-attach-${id}`,
      InstanceId: instance,
      InstanceOwnerId: owner.place.account,
      DeviceIndex: device,
      Status: 'attached',
    };
  }
  return record;
}
