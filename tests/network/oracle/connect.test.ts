import { describe, expect, it } from 'vitest';
import { parseAddress } from './addresses.js';
import { type Mutable, snapshotOf, startCloud } from './cloud.js';
import { connect, type Start } from './connect.js';
import { ICMP, type Outcome, type Packet, TCP } from './packet.js';
import { addressHolders, readRecords } from './records.js';

interface World {
  /** The default route's target of the two subnets. */
  readonly routes?: readonly [Mutable, Mutable];
  /** Entries of the first subnet's ACL. */
  readonly acl?: readonly Mutable[];
  readonly ingress?: readonly Mutable[];
  readonly state?: string;
  readonly blockMode?: string;
}

const igw: Mutable = { GatewayId: 'igw-1' };
const all = (Egress: boolean, RuleNumber: number, RuleAction: string, rest: Mutable = {}): Mutable => ({
  Egress,
  RuleNumber,
  RuleAction,
  Protocol: '-1',
  CidrBlock: '0.0.0.0/0',
  ...rest,
});
const openAcl = [all(true, 100, 'allow'), all(false, 100, 'allow')];
const web: Mutable = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] };

/** Two subnets of 10.0.0.0/16 with an instance each; the first has 52.0.0.1. */
function build(world: World) {
  const place = { account: '111122223333', region: 'us-east-1' };
  const cloud = startCloud([place]);
  const [first, second] = world.routes ?? [igw, igw];
  cloud.add(place, 'ec2/DescribeVpcs', { VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' });
  cloud.add(place, 'ec2/DescribeInternetGateways', {
    InternetGatewayId: 'igw-1',
    Attachments: [{ State: 'available', VpcId: 'vpc-1' }],
  });
  cloud.add(place, 'ec2/DescribeNatGateways', {
    NatGatewayId: 'nat-1',
    SubnetId: 'subnet-2',
    State: 'available',
    NatGatewayAddresses: [{ NetworkInterfaceId: 'eni-nat', PrivateIp: '10.0.2.9', PublicIp: '54.0.0.1' }],
  });
  const hosts = [
    ['1', '10.0.1.10', '52.0.0.1', first, world.acl ?? openAcl],
    ['2', '10.0.2.10', undefined, second, openAcl],
  ] as const;
  for (const [n, address, publicIp, target, entries] of hosts) {
    cloud.add(place, 'ec2/DescribeSubnets', { SubnetId: `subnet-${n}`, VpcId: 'vpc-1', CidrBlock: `10.0.${n}.0/24` });
    cloud.add(place, 'ec2/DescribeRouteTables', {
      RouteTableId: `rtb-${n}`,
      VpcId: 'vpc-1',
      Associations: [{ SubnetId: `subnet-${n}` }],
      Routes: [
        { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', State: 'active' },
        { DestinationCidrBlock: '0.0.0.0/0', State: 'active', ...target },
      ],
    });
    cloud.add(place, 'ec2/DescribeNetworkAcls', {
      NetworkAclId: `acl-${n}`,
      VpcId: 'vpc-1',
      Associations: [{ SubnetId: `subnet-${n}` }],
      Entries: [...entries],
    });
    cloud.add(place, 'ec2/DescribeSecurityGroups', {
      GroupId: `sg-${n}`,
      IpPermissions: n === '1' ? [...(world.ingress ?? [web])] : [],
      IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    });
    cloud.add(place, 'ec2/DescribeInstances', {
      Instances: [{ InstanceId: `i-${n}`, State: { Name: n === '1' ? (world.state ?? 'running') : 'running' } }],
    });
    addInterface(`eni-${n}`, `subnet-${n}`, address, publicIp, [{ GroupId: `sg-${n}` }], { InstanceId: `i-${n}` });
  }
  addInterface('eni-nat', 'subnet-2', '10.0.2.9', '54.0.0.1', [], {});
  const options = cloud.answers.get('111122223333/us-east-1/ec2/DescribeVpcBlockPublicAccessOptions');
  if (options) options['VpcBlockPublicAccessOptions'] = { InternetGatewayBlockMode: world.blockMode ?? 'off' };
  return readRecords(snapshotOf(cloud.answers));

  function addInterface(
    id: string,
    SubnetId: string,
    address: string,
    publicIp: string | undefined,
    Groups: Mutable[],
    Attachment: Mutable,
  ): void {
    const association = publicIp === undefined ? {} : { Association: { PublicIp: publicIp } };
    cloud.add(place, 'ec2/DescribeNetworkInterfaces', {
      NetworkInterfaceId: id,
      VpcId: 'vpc-1',
      SubnetId,
      Status: 'in-use',
      InterfaceType: id === 'eni-nat' ? 'nat_gateway' : 'interface',
      Groups,
      Attachment,
      PrivateIpAddresses: [{ PrivateIpAddress: address, ...association }],
    });
  }
}

function send(world: World, from: string, to: string, rest: Partial<Packet> = {}): Outcome {
  const records = build(world);
  const address = (text: string) => parseAddress(text) ?? expect.fail(text);
  const holder = [...records.interfaces.keys()]
    .flatMap((id) => addressHolders(records, id))
    .find((h) => h.privateAddress.value === address(from).value);
  const start: Start = holder ? { kind: 'interface', holder } : { kind: 'internet' };
  const packet = {
    source: address(from),
    destination: address(to),
    protocol: TCP,
    sourcePort: 40000,
    destinationPort: 443,
  };
  return connect(records, start, { ...packet, ...rest }).outcome;
}

describe('one packet through a small VPC', () => {
  it.each<[name: string, world: World, from: string, to: string, rest: Partial<Packet>, stop: string | undefined]>([
    ['from the internet to an open port', {}, '8.8.8.8', '52.0.0.1', {}, undefined],
    ['to a port without a rule', {}, '8.8.8.8', '52.0.0.1', { destinationPort: 22 }, 'groups of eni-1 (in)'],
    ['to a NAT gateway', {}, '8.8.8.8', '54.0.0.1', {}, 'a NAT gateway is no entry'],
    ['to a stopped instance', { state: 'stopped' }, '8.8.8.8', '52.0.0.1', {}, 'nothing runs there'],
    [
      'answered by way of a NAT gateway',
      { routes: [{ NatGatewayId: 'nat-1' }, igw] },
      '8.8.8.8',
      '52.0.0.1',
      {},
      'an answer cannot pass',
    ],
    ['answered into a blackhole', { routes: [{ State: 'blackhole' }, igw] }, '8.8.8.8', '52.0.0.1', {}, 'blackhole'],
    ['under Block Public Access', { blockMode: 'block-ingress' }, '8.8.8.8', '52.0.0.1', {}, 'Block Public Access'],
    [
      'denied by a lower ACL rule before a higher one allows',
      { acl: [all(false, 200, 'allow'), all(false, 90, 'deny', { CidrBlock: '8.8.8.0/24' }), all(true, 100, 'allow')] },
      ...(['8.8.8.8', '52.0.0.1', {}, 'acl-1 rule 90 (in)'] as const),
    ],
    [
      'whose answer no ACL rule lets out',
      {
        acl: [
          all(false, 100, 'allow'),
          all(true, 100, 'allow', { Protocol: '6', PortRange: { From: 32768, To: 60999 } }),
        ],
      },
      ...(['8.8.8.8', '52.0.0.1', { sourcePort: 1024 }, 'the answer: acl-1'] as const),
    ],
    ['between subnets', {}, '10.0.2.10', '10.0.1.10', {}, undefined],
    ['whose answer needs no group rule', {}, '10.0.1.10', '10.0.2.10', {}, 'groups of eni-2 (in)'],
    [
      'allowed by a rule that names the group of the sender',
      { ingress: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-2' }] }] },
      ...(['10.0.2.10', '10.0.1.10', {}, undefined] as const),
    ],
    [
      'out through a NAT gateway and back',
      { routes: [{ NatGatewayId: 'nat-1' }, igw] },
      '10.0.1.10',
      '8.8.8.8',
      {},
      undefined,
    ],
    ['out without a public address', {}, '10.0.2.10', '8.8.8.8', {}, 'no public address'],
    [
      'an echo request, by type and code',
      { ingress: [{ IpProtocol: 'icmp', FromPort: 8, ToPort: -1, IpRanges: [{ CidrIp: '8.0.0.0/8' }] }] },
      ...(['8.8.8.8', '52.0.0.1', { protocol: ICMP, sourcePort: 0, destinationPort: 8 }, undefined] as const),
    ],
  ])('%s', (_, world, from, to, rest, stop) => {
    const outcome = send(world, from, to, rest);
    if (stop === undefined) expect(outcome).toMatchObject({ verdict: 'delivered' });
    else expect(outcome).toMatchObject({ verdict: 'dropped', at: expect.stringContaining(stop) as string });
  });
});
