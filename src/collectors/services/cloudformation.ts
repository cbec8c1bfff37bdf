import { plain, type ServiceCollector } from '../declaration.js';

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html */
export const cloudformation: ServiceCollector = {
  service: 'cloudformation',
  prefix: 'cloudformation',
  load: () => import('@aws-sdk/client-cloudformation'),
  client: 'CloudFormationClient',
  scope: 'region',
  operations: plain('DescribeStacks', 'ListStackSets'),
};
