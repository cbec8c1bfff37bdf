import { plain, type ServiceCollector } from '../declaration.js';

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonredshift.html */
export const redshift: ServiceCollector = {
  service: 'redshift',
  prefix: 'redshift',
  load: () => import('@aws-sdk/client-redshift'),
  client: 'RedshiftClient',
  scope: 'region',
  operations: plain('DescribeClusters', 'DescribeClusterSubnetGroups'),
};
