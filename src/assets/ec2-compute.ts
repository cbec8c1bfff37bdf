import { field, type JsonObject, makeArn, objects, tagValue, text } from '../model/index.js';
import { type AssetFamily, type Link, link, ownerless, regional } from './declaration.js';

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html#amazonec2-resources-for-iam-policies */
export const ec2Compute: AssetFamily = {
  types: [
    {
      type: 'ec2:instance',
      answer: 'ec2/DescribeInstances',
      list: 'Reservations[].Instances[]',
      identity: regional('ec2', 'instance/', 'InstanceId'),
      alsoCalled: 'PublicDnsName',
      links: [
        ['in-subnet', 'ec2:subnet', 'SubnetId'],
        ['in-vpc', 'ec2:vpc', 'VpcId'],
        ['has-interface', 'ec2:network-interface', 'NetworkInterfaces[].NetworkInterfaceId'],
        ['has-security-group', 'ec2:security-group', 'NetworkInterfaces[].Groups[].GroupId'],
        ['has-security-group', 'ec2:security-group', 'SecurityGroups[].GroupId'],
        ['has-volume', 'ec2:volume', 'BlockDeviceMappings[].Ebs.VolumeId'],
        ['uses-instance-profile', 'iam:instance-profile', 'IamInstanceProfile.Arn'],
        ['launched-from', 'ec2:image', 'ImageId'],
        ['uses-key-pair', 'ec2:key-pair', 'KeyName'],
      ],
      moreLinks: groupMembership,
    },
    {
      type: 'ec2:image',
      answer: 'ec2/DescribeImages',
      list: 'Images[]',
      identity: ownerless('ec2', 'image/', 'ImageId'),
      name: 'Name',
      links: [['made-of', 'ec2:snapshot', 'BlockDeviceMappings[].Ebs.SnapshotId']],
      // Images of vendors are public by trade.
      moreLinks: (image, place) =>
        field(image, 'Public') === true && (text(field(image, 'OwnerId')) ?? place.asked) === place.asked
          ? link('shared-with', 'internet', 'internet')
          : [],
    },
    {
      type: 'ec2:key-pair',
      answer: 'ec2/DescribeKeyPairs',
      list: 'KeyPairs[]',
      identity: regional('ec2', 'key-pair/', 'KeyName'),
      name: 'KeyName',
    },
    {
      type: 'ec2:launch-template',
      answer: 'ec2/DescribeLaunchTemplates',
      list: 'LaunchTemplates[]',
      identity: regional('ec2', 'launch-template/', 'LaunchTemplateId'),
      name: 'LaunchTemplateName',
    },
    {
      type: 'autoscaling:group',
      answer: 'auto-scaling/DescribeAutoScalingGroups',
      list: 'AutoScalingGroups[]',
      identity: regional(
        'autoscaling',
        'autoScalingGroup:*:autoScalingGroupName/',
        'AutoScalingGroupName',
        'AutoScalingGroupARN',
      ),
      name: 'AutoScalingGroupName',
      links: [
        ['launches-from', 'ec2:launch-template', 'LaunchTemplate.LaunchTemplateId'],
        [
          'launches-from',
          'ec2:launch-template',
          'MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.LaunchTemplateId',
        ],
        ['launches-from', 'autoscaling:launch-configuration', 'LaunchConfigurationName'],
        ['registers-in', 'elbv2:target-group', 'TargetGroupARNs[]'],
        ['uses-role', 'iam:role', 'ServiceLinkedRoleARN'],
      ],
      moreLinks: (group) => [
        ...objects(field(group, 'Instances')).flatMap((instance) => {
          const id = text(field(instance, 'InstanceId'));
          return id === undefined ? [] : [{ kind: 'member-of', from: { type: 'ec2:instance', id } }];
        }),
        ...(text(field(group, 'VPCZoneIdentifier')) ?? '')
          .split(',')
          .flatMap((subnet) => link('launches-in', 'ec2:subnet', subnet.trim())),
      ],
    },
    {
      type: 'autoscaling:launch-configuration',
      answer: 'auto-scaling/DescribeLaunchConfigurations',
      list: 'LaunchConfigurations[]',
      identity: {
        arn: 'LaunchConfigurationARN',
        bare: 'LaunchConfigurationName',
        make: (name, place) =>
          makeArn('autoscaling', place.region, place.account, `launchConfiguration:*:launchConfigurationName/${name}`),
      },
      name: 'LaunchConfigurationName',
      links: [
        ['uses-instance-profile', 'iam:instance-profile', 'IamInstanceProfile'],
        ['launches-from', 'ec2:image', 'ImageId'],
        ['has-security-group', 'ec2:security-group', 'SecurityGroups[]'],
      ],
    },
    {
      type: 'ec2:instance-connect-endpoint',
      answer: 'ec2/DescribeInstanceConnectEndpoints',
      list: 'InstanceConnectEndpoints[]',
      identity: regional(
        'ec2',
        'instance-connect-endpoint/',
        'InstanceConnectEndpointId',
        'InstanceConnectEndpointArn',
      ),
      links: [
        ['in-subnet', 'ec2:subnet', 'SubnetId'],
        ['in-vpc', 'ec2:vpc', 'VpcId'],
        ['has-security-group', 'ec2:security-group', 'SecurityGroupIds[]'],
        ['has-interface', 'ec2:network-interface', 'NetworkInterfaceIds[]'],
      ],
    },
  ],
  details: [
    {
      answer: 'ec2/DescribeIamInstanceProfileAssociations',
      about: 'ec2:instance',
      list: 'IamInstanceProfileAssociations[]',
      nameField: 'InstanceId',
      moreLinks: (association) =>
        ['associated', 'associating'].includes(text(field(association, 'State')) ?? 'associated')
          ? link(
              'uses-instance-profile',
              'iam:instance-profile',
              text(field(field(association, 'IamInstanceProfile'), 'Arn')),
            )
          : [],
    },
    { answer: 'ec2/DescribeInstanceAttribute', about: 'ec2:instance' },
    {
      answer: 'ec2/DescribeLaunchTemplateVersions',
      about: 'ec2:launch-template',
      links: [
        [
          'uses-instance-profile',
          'iam:instance-profile',
          'LaunchTemplateVersions[].LaunchTemplateData.IamInstanceProfile.Arn',
        ],
        [
          'uses-instance-profile',
          'iam:instance-profile',
          'LaunchTemplateVersions[].LaunchTemplateData.IamInstanceProfile.Name',
        ],
        ['launches-from', 'ec2:image', 'LaunchTemplateVersions[].LaunchTemplateData.ImageId'],
      ],
    },
    {
      answer: 'ssm/DescribeInstanceInformation',
      about: 'ec2:instance',
      list: 'InstanceInformationList[]',
      nameField: 'InstanceId',
      links: [['uses-role', 'iam:role', 'IamRole']],
      moreLinks: () => MANAGED_BY_SSM,
    },
  ],
};

const MANAGED_BY_SSM = [{ kind: 'managed-by', to: { type: 'aws:service', id: 'service:ssm.amazonaws.com' } }];

/** The group that launched an instance is in a tag that only AWS can set. */
function groupMembership(instance: JsonObject): Link[] {
  return link('member-of', 'autoscaling:group', tagValue(field(instance, 'Tags'), 'aws:autoscaling:groupName'));
}
