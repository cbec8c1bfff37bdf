import { idsIn, perResource, plain, type ServiceCollector } from '../declaration.js';

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsapprunner.html */
export const apprunner: ServiceCollector = {
  service: 'apprunner',
  prefix: 'apprunner',
  load: () => import('@aws-sdk/client-apprunner'),
  client: 'AppRunnerClient',
  scope: 'region',
  operations: [
    ...plain('ListServices'),
    perResource('DescribeService', 'ServiceArn', 'ListServices', idsIn('ServiceSummaryList', 'ServiceArn'), {
      absent: ['ResourceNotFoundException'],
    }),
  ],
};
