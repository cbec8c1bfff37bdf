import type { JsonObject } from '../../src/model/index.js';
import { arn, type Miniature } from './miniature.js';

/** The answers about one launch template with one version that says something. */
export const template = (LaunchTemplateData: JsonObject): NonNullable<Miniature['answers']> => ({
  'ec2/DescribeLaunchTemplates': { LaunchTemplates: [{ LaunchTemplateId: 'lt-1', LaunchTemplateName: 'workers' }] },
  'ec2/DescribeLaunchTemplateVersions': {
    'lt-1': {
      LaunchTemplateVersions: [
        { LaunchTemplateId: 'lt-1', VersionNumber: 1, DefaultVersion: true, LaunchTemplateData },
      ],
    },
  },
});

/** The template of role `worker`, and a group that launches from a version of it. */
export const templateOfGroup = (Version: string): NonNullable<Miniature['answers']> => ({
  ...template({ IamInstanceProfile: { Name: 'worker' } }),
  'auto-scaling/DescribeAutoScalingGroups': {
    AutoScalingGroups: [
      {
        AutoScalingGroupName: 'workers',
        AutoScalingGroupARN: arn('autoscaling', 'autoScalingGroup:1:autoScalingGroupName/workers'),
        LaunchTemplate: { LaunchTemplateId: 'lt-1', Version },
      },
    ],
  },
});
