import { plain, type ServiceCollector } from '../declaration.js';

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2autoscaling.html */
export const autoScaling: ServiceCollector = {
  service: 'auto-scaling',
  prefix: 'autoscaling',
  load: () => import('@aws-sdk/client-auto-scaling'),
  client: 'AutoScalingClient',
  scope: 'region',
  operations: plain('DescribeAutoScalingGroups', 'DescribeLaunchConfigurations'),
};
