import { field, objects, text } from '../../model/index.js';
import { perResource, plain, type ServiceCollector } from '../declaration.js';

/** Classic load balancers. @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_elasticloadbalancing.html */
export const elasticLoadBalancing: ServiceCollector = {
  service: 'elastic-load-balancing',
  prefix: 'elasticloadbalancing',
  load: () => import('@aws-sdk/client-elastic-load-balancing'),
  client: 'ElasticLoadBalancingClient',
  scope: 'region',
  operations: [
    ...plain('DescribeLoadBalancers'),
    perResource(
      'DescribeLoadBalancerAttributes',
      'LoadBalancerName',
      'DescribeLoadBalancers',
      (answer) =>
        objects(field(answer, 'LoadBalancerDescriptions')).flatMap(
          (item) => text(field(item, 'LoadBalancerName')) ?? [],
        ),
      { absent: ['LoadBalancerNotFound', 'AccessPointNotFoundException'] },
    ),
  ],
};
