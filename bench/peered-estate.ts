import type { JsonObject } from '../src/model/index.js';
import { type Answer, memorySnapshot, type WholeSnapshot } from '../src/snapshot/index.js';
import { REGION } from '../tests/techniques/miniature.js';

export const accountId = (index: number): string => String(300_000_000_000 + index);

/** A VPC with a host of its own in every account, each peered with the next one's. */
export function peered(count: number): WholeSnapshot {
  const cidr = (index: number): string => `10.${index >> 8}.${index & 255}.0/24`;
  const answers = Array.from({ length: count }, (_, index): readonly Answer[] => {
    const account = accountId(index);
    const own = { VpcId: `vpc-${index}`, OwnerId: account };
    const end = (at: number): JsonObject => ({
      VpcId: `vpc-${at}`,
      OwnerId: accountId(at),
      Region: REGION,
      CidrBlock: cidr(at),
    });
    const neighbours = [index - 1, index + 1].filter((at) => at >= 0 && at < count);
    const peering = (at: number): string => `pcx-${Math.min(index, at)}`;
    const face = {
      ...own,
      NetworkInterfaceId: `eni-${index}`,
      SubnetId: `subnet-${index}`,
      Status: 'in-use',
      InterfaceType: 'interface',
      PrivateIpAddress: cidr(index).replace('.0/24', '.10'),
      PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: cidr(index).replace('.0/24', '.10') }],
      Attachment: { InstanceId: `i-${index}`, Status: 'attached' },
      Groups: [{ GroupId: `sg-${index}` }],
    };
    const everything = { IpProtocol: '-1', IpRanges: [{ CidrIp: '10.0.0.0/8' }] };
    const entry = { RuleNumber: 100, RuleAction: 'allow', Protocol: '-1', CidrBlock: '0.0.0.0/0' };
    const bodies: Readonly<Record<string, JsonObject>> = {
      DescribeVpcs: {
        Vpcs: [
          { ...own, CidrBlockAssociationSet: [{ CidrBlock: cidr(index), CidrBlockState: { State: 'associated' } }] },
        ],
      },
      DescribeSubnets: { Subnets: [{ ...own, SubnetId: `subnet-${index}`, CidrBlock: cidr(index) }] },
      DescribeRouteTables: {
        RouteTables: [
          {
            ...own,
            RouteTableId: `rtb-${index}`,
            Associations: [{ Main: true, AssociationState: { State: 'associated' } }],
            Routes: [
              { DestinationCidrBlock: cidr(index), GatewayId: 'local', State: 'active' },
              ...neighbours.map((at) => ({
                DestinationCidrBlock: cidr(at),
                VpcPeeringConnectionId: peering(at),
                State: 'active',
              })),
            ],
          },
        ],
      },
      DescribeNetworkAcls: {
        NetworkAcls: [
          {
            ...own,
            NetworkAclId: `acl-${index}`,
            IsDefault: true,
            Associations: [{ SubnetId: `subnet-${index}`, NetworkAclId: `acl-${index}` }],
            Entries: [true, false].map((Egress) => ({ ...entry, Egress })),
          },
        ],
      },
      DescribeSecurityGroups: {
        SecurityGroups: [
          { ...own, GroupId: `sg-${index}`, IpPermissions: [everything], IpPermissionsEgress: [everything] },
        ],
      },
      DescribeVpcPeeringConnections: {
        VpcPeeringConnections: neighbours.map((at) => ({
          VpcPeeringConnectionId: peering(at),
          Status: { Code: 'active' },
          RequesterVpcInfo: end(Math.min(index, at)),
          AccepterVpcInfo: end(Math.max(index, at)),
        })),
      },
      DescribeNetworkInterfaces: { NetworkInterfaces: [face] },
      DescribeInstances: {
        Reservations: [
          {
            OwnerId: account,
            Instances: [{ ...own, InstanceId: `i-${index}`, State: { Name: 'running' }, NetworkInterfaces: [face] }],
          },
        ],
      },
    };
    return Object.entries(bodies).map(([operation, body]) => ({
      account,
      region: REGION,
      service: 'ec2',
      operation,
      source: `${account}/${REGION}/ec2/${operation}.json`,
      body,
    }));
  });
  return memorySnapshot({ answers: answers.flat() });
}
