import { plain, type ServiceCollector } from '../declaration.js';

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbatch.html */
export const batch: ServiceCollector = {
  service: 'batch',
  prefix: 'batch',
  load: () => import('@aws-sdk/client-batch'),
  client: 'BatchClient',
  scope: 'region',
  operations: [
    // Deregistered definitions are listed for half a year, but take no jobs.
    { name: 'DescribeJobDefinitions', input: () => ({ status: 'ACTIVE' }) },
    ...plain('DescribeJobQueues'),
  ],
};
