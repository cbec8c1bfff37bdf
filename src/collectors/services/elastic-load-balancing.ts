import { field, type JsonObject, objects, text } from '../../model/index.js';
import { perResource, plain, type ServiceCollector } from '../declaration.js';

const names = (answer: JsonObject): string[] =>
  objects(field(answer, 'LoadBalancerDescriptions')).flatMap((item) => text(field(item, 'LoadBalancerName')) ?? []);

/** Classic load balancers. @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_elasticloadbalancing.html */
export const elasticLoadBalancing: ServiceCollector = {
  service: 'elastic-load-balancing',
  prefix: 'elasticloadbalancing',
  load: () => import('@aws-sdk/client-elastic-load-balancing'),
  client: 'ElasticLoadBalancingClient',
  scope: 'region',
  operations: [
    ...plain('DescribeLoadBalancers'),
    ...['DescribeLoadBalancerAttributes', 'DescribeInstanceHealth'].map((name) =>
      perResource(name, 'LoadBalancerName', 'DescribeLoadBalancers', names, {
        absent: ['LoadBalancerNotFound', 'AccessPointNotFoundException'],
      }),
    ),
  ],
};
