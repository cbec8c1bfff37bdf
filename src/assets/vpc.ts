import { type AssetFamily, regional } from './declaration.js';
import { routeLinks } from './route-links.js';
import { securityGroupLinks } from './security-group-links.js';

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html#amazonec2-resources-for-iam-policies */
export const vpc: AssetFamily = {
  types: [
    {
      type: 'ec2:vpc',
      answer: 'ec2/DescribeVpcs',
      list: 'Vpcs[]',
      identity: regional('ec2', 'vpc/', 'VpcId'),
    },
    {
      type: 'ec2:subnet',
      answer: 'ec2/DescribeSubnets',
      list: 'Subnets[]',
      identity: regional('ec2', 'subnet/', 'SubnetId', 'SubnetArn'),
      links: [['in-vpc', 'ec2:vpc', 'VpcId']],
    },
    {
      type: 'ec2:route-table',
      answer: 'ec2/DescribeRouteTables',
      list: 'RouteTables[]',
      identity: regional('ec2', 'route-table/', 'RouteTableId'),
      links: [['in-vpc', 'ec2:vpc', 'VpcId']],
      moreLinks: routeLinks,
    },
    {
      type: 'ec2:network-acl',
      answer: 'ec2/DescribeNetworkAcls',
      list: 'NetworkAcls[]',
      identity: regional('ec2', 'network-acl/', 'NetworkAclId'),
      links: [
        ['in-vpc', 'ec2:vpc', 'VpcId'],
        ['guards', 'ec2:subnet', 'Associations[].SubnetId'],
      ],
    },
    {
      type: 'ec2:security-group',
      answer: 'ec2/DescribeSecurityGroups',
      list: 'SecurityGroups[]',
      identity: regional('ec2', 'security-group/', 'GroupId', 'SecurityGroupArn'),
      name: 'GroupName',
      links: [['in-vpc', 'ec2:vpc', 'VpcId']],
      moreLinks: securityGroupLinks,
    },
    {
      type: 'ec2:prefix-list',
      answer: 'ec2/DescribeManagedPrefixLists',
      list: 'PrefixLists[]',
      identity: regional('ec2', 'prefix-list/', 'PrefixListId', 'PrefixListArn'),
      name: 'PrefixListName',
    },
    {
      type: 'ec2:prefix-list',
      answer: 'ec2/DescribePrefixLists',
      list: 'PrefixLists[]',
      identity: regional('ec2', 'prefix-list/', 'PrefixListId'),
      name: 'PrefixListName',
    },
    {
      type: 'ec2:network-interface',
      answer: 'ec2/DescribeNetworkInterfaces',
      list: 'NetworkInterfaces[]',
      identity: regional('ec2', 'network-interface/', 'NetworkInterfaceId'),
      links: INTERFACE_LINKS(),
    },
    {
      type: 'ec2:network-interface',
      answer: 'ec2/DescribeInstances',
      list: 'Reservations[].Instances[].NetworkInterfaces[]',
      identity: regional('ec2', 'network-interface/', 'NetworkInterfaceId'),
      links: INTERFACE_LINKS(),
    },
    {
      type: 'ec2:elastic-ip',
      answer: 'ec2/DescribeAddresses',
      list: 'Addresses[]',
      identity: regional('ec2', 'elastic-ip/', 'AllocationId'),
      owner: 'NetworkInterfaceOwnerId',
      name: 'PublicIp',
      links: [
        ['assigned-to', 'ec2:network-interface', 'NetworkInterfaceId'],
        ['assigned-to', 'ec2:instance', 'InstanceId'],
      ],
    },
  ],
  details: [{ answer: 'ec2/GetManagedPrefixListEntries', about: 'ec2:prefix-list' }],
};

function INTERFACE_LINKS() {
  return [
    ['in-subnet', 'ec2:subnet', 'SubnetId'],
    ['in-vpc', 'ec2:vpc', 'VpcId'],
    ['has-security-group', 'ec2:security-group', 'Groups[].GroupId'],
    ['attached-to', 'ec2:instance', 'Attachment.InstanceId'],
  ] as const;
}
