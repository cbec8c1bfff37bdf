import { arn, type Miniature, roleArn } from '../miniature.js';
import { ANN, annMay, type ExampleFamily } from './example.js';

const MAY = ['ec2:CreateLaunchTemplateVersion', 'ec2:ModifyLaunchTemplate'];

/** Workers that a group launches from a version of a template; the template names a weak role. */
const workers = (Version: string): Miniature =>
  annMay(MAY, {
    roles: {
      weak: { trust: 'ec2.amazonaws.com', profile: true },
      strong: { trust: 'ec2.amazonaws.com', profile: true },
    },
    answers: {
      'ec2/DescribeLaunchTemplates': { LaunchTemplates: [{ LaunchTemplateId: 'lt-1', LaunchTemplateName: 'workers' }] },
      'auto-scaling/DescribeAutoScalingGroups': {
        AutoScalingGroups: [
          {
            AutoScalingGroupName: 'workers',
            AutoScalingGroupARN: arn('autoscaling', 'autoScalingGroup:1:autoScalingGroupName/workers'),
            LaunchTemplate: { LaunchTemplateId: 'lt-1', Version },
          },
        ],
      },
    },
  });

/** Naming another profile in a template from which a group launches. */
export const LAUNCH_TEMPLATE_PROFILE_EXAMPLES: ExampleFamily = {
  'launch-template-profile': {
    from: ANN,
    reaches: roleArn('strong'),
    access: 'control',
    works: {
      why: 'A group launches from the default version of the template, and Ann may make a version and set the default.',
      world: workers('$Default'),
    },
    fails: {
      why: 'The group launches from version 3, whatever the default is.',
      world: workers('3'),
    },
    unknown: {
      why: 'Whether a group launches from the template was not collected.',
      world: { ...workers('$Default'), missing: ['auto-scaling/DescribeAutoScalingGroups'] },
      because: 'auto-scaling/DescribeAutoScalingGroups',
    },
  },
};
