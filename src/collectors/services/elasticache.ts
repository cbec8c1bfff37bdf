import { plain, type ServiceCollector } from '../declaration.js';

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticache.html */
export const elasticache: ServiceCollector = {
  service: 'elasticache',
  prefix: 'elasticache',
  load: () => import('@aws-sdk/client-elasticache'),
  client: 'ElastiCacheClient',
  scope: 'region',
  operations: [
    // The port of a node stands in what is told of the nodes alone.
    { name: 'DescribeCacheClusters', input: () => ({ ShowCacheNodeInfo: true }) },
    ...plain('DescribeReplicationGroups', 'DescribeCacheSubnetGroups'),
  ],
};
