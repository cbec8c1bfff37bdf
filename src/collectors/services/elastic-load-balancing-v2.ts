import { field, type JsonObject } from '../../model/index.js';
import { idsIn, inBatches, type Operation, perResource, plain, type ServiceCollector } from '../declaration.js';

const balancers = idsIn('LoadBalancers', 'LoadBalancerArn');
const targetGroups = idsIn('TargetGroups', 'TargetGroupArn');

const tags: Operation = {
  name: 'DescribeTags',
  isBatch: true,
  each: async (read) =>
    inBatches(
      [...balancers(await read('DescribeLoadBalancers')), ...targetGroups(await read('DescribeTargetGroups'))],
      20,
      (ResourceArns) => ({ ResourceArns }),
    ),
};

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_elasticloadbalancingv2.html */
export const elasticLoadBalancingV2: ServiceCollector = {
  service: 'elastic-load-balancing-v2',
  prefix: 'elasticloadbalancing',
  load: () => import('@aws-sdk/client-elastic-load-balancing-v2'),
  client: 'ElasticLoadBalancingV2Client',
  scope: 'region',
  operations: [
    ...plain('DescribeLoadBalancers', 'DescribeTargetGroups'),
    perResource('DescribeLoadBalancerAttributes', 'LoadBalancerArn', 'DescribeLoadBalancers', balancers, {
      absent: ['LoadBalancerNotFound', 'LoadBalancerNotFoundException'],
    }),
    perResource('DescribeListeners', 'LoadBalancerArn', 'DescribeLoadBalancers', balancers, {
      absent: ['LoadBalancerNotFound', 'LoadBalancerNotFoundException'],
    }),
    perResource(
      'DescribeRules',
      'ListenerArn',
      'DescribeListeners',
      (answer) =>
        Object.keys(answer).flatMap((id) => idsIn('Listeners', 'ListenerArn')((field(answer, id) ?? {}) as JsonObject)),
      { absent: ['ListenerNotFound', 'ListenerNotFoundException'] },
    ),
    perResource('DescribeTargetGroupAttributes', 'TargetGroupArn', 'DescribeTargetGroups', targetGroups, {
      absent: ['TargetGroupNotFound', 'TargetGroupNotFoundException'],
    }),
    perResource('DescribeTargetHealth', 'TargetGroupArn', 'DescribeTargetGroups', targetGroups, {
      absent: ['TargetGroupNotFound', 'TargetGroupNotFoundException'],
    }),
    tags,
  ],
};
