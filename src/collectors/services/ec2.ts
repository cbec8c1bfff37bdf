import { field, type JsonObject, objects } from '../../model/index.js';
import { idsIn, type Operation, perResource, plain, type ServiceCollector } from '../declaration.js';

/** A large page: without a size EC2 answers all at once, and times out on large accounts. */
const paged = (name: string, size = 1000, input: JsonObject = {}): Operation => ({
  name,
  input: () => ({ MaxResults: size, ...input }),
});

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html */
export const ec2: ServiceCollector = {
  service: 'ec2',
  prefix: 'ec2',
  load: () => import('@aws-sdk/client-ec2'),
  client: 'EC2Client',
  scope: 'region',
  operations: [
    paged('DescribeInstances'),
    paged('DescribeNetworkInterfaces'),
    paged('DescribeVpcs'),
    paged('DescribeSubnets'),
    paged('DescribeRouteTables', 100),
    paged('DescribeInternetGateways'),
    paged('DescribeEgressOnlyInternetGateways', 255),
    paged('DescribeNatGateways'),
    paged('DescribeNetworkAcls'),
    paged('DescribeSecurityGroups'),
    paged('DescribeManagedPrefixLists', 100),
    paged('DescribeVpcPeeringConnections'),
    paged('DescribeVpcEndpoints'),
    paged('DescribeVpcEndpointServiceConfigurations'),
    paged('DescribeTransitGateways'),
    paged('DescribeTransitGatewayAttachments'),
    paged('DescribeTransitGatewayVpcAttachments'),
    paged('DescribeTransitGatewayPeeringAttachments'),
    paged('DescribeTransitGatewayRouteTables'),
    paged('DescribeInstanceConnectEndpoints', 50),
    paged('DescribeVpcBlockPublicAccessExclusions'),
    paged('DescribeSecurityGroupVpcAssociations'),
    paged('DescribeIamInstanceProfileAssociations'),
    paged('DescribeVolumes', 500),
    paged('DescribeSnapshots', 1000, { OwnerIds: ['self'] }),
    paged('DescribeImages', 1000, { Owners: ['self'] }),
    paged('DescribeLaunchTemplates', 200),
    ...plain(
      'DescribeAddresses',
      'DescribeAvailabilityZones',
      'DescribeKeyPairs',
      'DescribePrefixLists',
      'DescribeVpnGateways',
      'DescribeVpnConnections',
      'DescribeCustomerGateways',
      'DescribeVpcBlockPublicAccessOptions',
      'GetEbsEncryptionByDefault',
      'GetEbsDefaultKmsKeyId',
      'GetSnapshotBlockPublicAccessState',
      'GetImageBlockPublicAccessState',
      'GetInstanceMetadataDefaults',
      'GetSerialConsoleAccessStatus',
    ),
    perResource(
      'GetManagedPrefixListEntries',
      'PrefixListId',
      'DescribeManagedPrefixLists',
      idsIn('PrefixLists', 'PrefixListId'),
    ),
    {
      name: 'SearchTransitGatewayRoutes',
      each: async (read) =>
        transitRouteTables(await read('DescribeTransitGatewayRouteTables')).map((id) => ({
          id,
          input: {
            TransitGatewayRouteTableId: id,
            Filters: [{ Name: 'state', Values: ['active', 'blackhole'] }],
            MaxResults: 1000,
          },
        })),
      missing: (answer) =>
        field(answer, 'AdditionalRoutesAvailable') === true
          ? 'the route table holds more routes than one search gives'
          : undefined,
    },
    perResource(
      'GetTransitGatewayRouteTableAssociations',
      'TransitGatewayRouteTableId',
      'DescribeTransitGatewayRouteTables',
      (answer) => transitRouteTables(answer),
    ),
    perResource(
      'GetTransitGatewayRouteTablePropagations',
      'TransitGatewayRouteTableId',
      'DescribeTransitGatewayRouteTables',
      (answer) => transitRouteTables(answer),
    ),
    perResource(
      'DescribeInstanceAttribute',
      'InstanceId',
      'DescribeInstances',
      (answer) => objects(field(answer, 'Reservations')).flatMap(idsIn('Instances', 'InstanceId')),
      { input: { Attribute: 'userData' }, absent: ['InvalidInstanceID.NotFound'] },
    ),
    perResource('DescribeSnapshotAttribute', 'SnapshotId', 'DescribeSnapshots', idsIn('Snapshots', 'SnapshotId'), {
      input: { Attribute: 'createVolumePermission' },
      absent: ['InvalidSnapshot.NotFound'],
    }),
    perResource('DescribeImageAttribute', 'ImageId', 'DescribeImages', idsIn('Images', 'ImageId'), {
      input: { Attribute: 'launchPermission' },
      absent: ['InvalidAMIID.NotFound', 'InvalidAMIID.Unavailable'],
    }),
    perResource(
      'DescribeLaunchTemplateVersions',
      'LaunchTemplateId',
      'DescribeLaunchTemplates',
      idsIn('LaunchTemplates', 'LaunchTemplateId'),
      { absent: ['InvalidLaunchTemplateId.NotFound'] },
    ),
  ],
};

const transitRouteTables = idsIn('TransitGatewayRouteTables', 'TransitGatewayRouteTableId');
